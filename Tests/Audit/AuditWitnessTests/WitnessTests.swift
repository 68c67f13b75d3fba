// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of a witness over its real line.

import AuditLog
import AuditWitness
import Foundation
import LinuxKit
import MerkleLog
import OpenSSLKit
import Synchronization
import Testing

@Suite("witness over HTTP")
struct WitnessTests {
    private static func cosign(
        _ client: inout WitnessClient,
        _ log: AuditLog,
        _ publication: AuditLog.Publication
    ) throws -> NoteSignature {
        try client.cosign(publication.note, size: publication.sizes.upperBound) { old, new in
            try? log.consistency(from: old, to: new)?.hashes
        }
    }

    @Test("growth is cosigned, and the latest checkpoint is served with both signatures")
    func growth() throws {
        let folder = try TestFolder()
        let log = try folder.log()
        let witness = try TestWitness(folder.path("witness"), name: "witness.example/w1", logs: [log.key])
        defer { witness.stop() }
        var client = try witness.client()
        for round in 0..<5 {
            _ = try log.append(entries(round * 100..<(round + 1) * 100))
            let publication = try #require(try log.publish())
            let signature = try Self.cosign(&client, log, publication)
            var note = publication.note
            note.signatures.append(signature)
            let verified = try note.signatures(of: [log.key, witness.key], LogCrypto.notes)
            #expect(verified.map(\.time) == [nil, 1_767_000_000])
            #expect(try log.publish(cosigned: note))
        }
        let address = try #require(WebAddress(witness.url))
        let path = "\(WitnessStore.folder(of: "log.example/2026"))/checkpoint"
        let answer = try WebClient().ask(address, path: path, body: nil)
        #expect(answer.status == 200 && answer.mediaType == "text/plain")
        let served = try SignedNote(answer.body)
        #expect(try served.signatures(of: [log.key, witness.key], LogCrypto.notes).count == 2)
        #expect(try Checkpoint(text: served.text).size == 500)
        #expect(try WebClient().ask(address, path: "other/checkpoint", body: nil).status == 404)
        #expect(try WebClient().ask(address, path: "add-checkpoint", body: Array("x".utf8)).status == 400)
        #expect(try WebClient().ask(address, path: "add-checkpoint", body: nil).status == 404)
        let verification = try LogVerifier.verify(
            log.place.directory,
            by: log.key,
            witnesses: [witness.key]
        )
        #expect(verification.witnesses.map(\.key) == [witness.key])
    }

    @Test(
        "a client that starts anew learns where the witness is, and so does one after the witness's restart"
    )
    func restarts() throws {
        let folder = try TestFolder()
        let log = try folder.log()
        var witness = try TestWitness(folder.path("witness"), name: "witness.example/w1", logs: [log.key])
        var first = try witness.client()
        _ = try log.append(entries(0..<10))
        _ = try Self.cosign(&first, log, try #require(try log.publish()))
        witness.stop()
        witness = try TestWitness(folder.path("witness"), name: "", logs: [])
        defer { witness.stop() }
        var second = try witness.client()
        _ = try log.append(entries(10..<20))
        _ = try Self.cosign(&second, log, try #require(try log.publish()))
        #expect(second.known == 20)
        #expect(witness.lines.withLock { $0.filter { $0.hasSuffix("409") }.count } == 1)
    }

    @Test("a fork, a dropped tail and a stranger are refused")
    func refusals() throws {
        let folder = try TestFolder()
        let log = try folder.log()
        let witness = try TestWitness(folder.path("witness"), name: "witness.example/w1", logs: [log.key])
        defer { witness.stop() }
        var client = try witness.client()
        _ = try log.append(entries(0..<10))
        _ = try Self.cosign(&client, log, try #require(try log.publish()))

        // The same key signs another history: what an administrator with all rights could do.
        let signer = try #require(try? Self.signer(of: log))
        func forged(_ leaves: [[UInt8]]) throws -> (note: SignedNote, frontier: TileFrontier) {
            var frontier = TileFrontier()
            for leaf in leaves { _ = try frontier.append(LogCrypto.hasher.leaf(leaf), LogCrypto.hasher) }
            let root = frontier.root(LogCrypto.hasher)
            let checkpoint = try Checkpoint(origin: log.place.origin, size: UInt64(leaves.count), root: root)
            var note = try SignedNote(text: checkpoint.text)
            note.signatures = [try signer.signature(of: note.text)]
            return (note, frontier)
        }
        func code(_ client: inout WitnessClient, _ note: SignedNote, _ size: UInt64) -> WitnessError.Code? {
            do {
                _ = try client.cosign(note, size: size) { _, _ in [] }
                return nil
            } catch { return error.code }
        }
        var other = client
        #expect(code(&other, try forged(entries(100..<110)).note, 10) == .contradiction)
        var third = client
        #expect(code(&third, try forged(entries(0..<9) + [[1], [2]]).note, 11) == .contradiction)
        // A tail that was dropped and signed again: the witness knows more than the log.
        var fourth = try witness.client()
        #expect(code(&fourth, try forged(entries(0..<7)).note, 7) == .contradiction)
        // Unknown to the witness.
        let strange = try folder.log("2027")
        _ = try strange.append(entries(0..<3))
        var fifth = try witness.client()
        #expect(code(&fifth, try #require(try strange.publish()).note, 3) == .refused)
        // Nothing of this changed what it knows.
        _ = try log.append(entries(10..<12))
        _ = try Self.cosign(&client, log, try #require(try log.publish()))
    }

    private static func signer(of log: AuditLog) throws -> NoteSigner {
        let key = try Ed25519Key(path: "\(log.place.state)/key.pem")
        return try LogCrypto.signer(name: log.place.origin, algorithm: .ed25519, key: key)
    }

    @Test("a stored checkpoint that somebody changed keeps the witness closed, as does a second process")
    func damagedStore() throws {
        let folder = try TestFolder()
        let log = try folder.log()
        let directory = folder.path("witness")
        let witness = try TestWitness(directory, name: "witness.example/w1", logs: [log.key])
        var client = try witness.client()
        _ = try log.append(entries(0..<10))
        _ = try Self.cosign(&client, log, try #require(try log.publish()))
        #expect(throws: WitnessError.self) { try WitnessStore(directory) }
        witness.stop()
        let file = "\(directory)/\(WitnessStore.folder(of: log.place.origin)).checkpoint"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("\n10\n", with: "\n9\n").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: WitnessError.self) { try WitnessStore(directory) }
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        _ = try WitnessStore(directory)
    }
}

@Suite("collecting cosignatures")
struct CollectorTests {
    private final class Notices: Sendable {
        let all = Mutex<[WitnessCollector.Notice]>([])
        func add(_ notice: WitnessCollector.Notice) { all.withLock { $0.append(notice) } }
    }

    private static func policy(_ witnesses: [(TestWitness, String)], quorum: String) throws -> WitnessPolicy {
        var text = ""
        for (place, (witness, url)) in witnesses.enumerated() {
            text += "witness w\(place) \(witness.key.text) \(url)\n"
        }
        text += quorum
        return try WitnessPolicy(text: text, LogCrypto.hasher)
    }

    @Test("two witnesses sign the same checkpoint, while a third that is gone is missed and holds up nobody")
    func quorum() async throws {
        let folder = try TestFolder()
        let log = try folder.log()
        let witnesses = try (1...3).map {
            try TestWitness(folder.path("w\($0)"), name: "witness.example/w\($0)", logs: [log.key])
        }
        witnesses[2].stop()
        let policy = try Self.policy(
            witnesses.map { ($0, $0.url) },
            quorum: "group both 2 w0 w1 w2\nquorum both\n"
        )
        let notices = Notices()
        let collector = try WitnessCollector(policy: policy, missingAfter: 300, tell: notices.add)
        defer {
            collector.stop()
            witnesses[0].stop()
            witnesses[1].stop()
        }
        for round in 0..<6 {
            _ = try log.append(entries(round * 10..<(round + 1) * 10))
            let publication = try #require(try log.publish())
            collector.follow(log, publication.note, size: publication.sizes.upperBound)
            try await Task.sleep(for: .milliseconds(150))
        }
        let keys = witnesses.map(\.key)
        let path = "\(log.place.directory)/\(AuditLog.cosignedName)"
        #expect(
            try await until {
                guard let data = FileManager.default.contents(atPath: path) else { return false }
                let note = try SignedNote(Array(data))
                let signed = try note.signatures(of: keys, LogCrypto.notes).map(\.key)
                return try signed.count == 2 && Checkpoint(text: note.text).size == 60
            }
        )
        #expect(
            try await until {
                notices.all.withLock { all in
                    all.contains { if case .missing("w2", _, _, _, _) = $0 { true } else { false } }
                }
            }
        )
        #expect(!notices.all.withLock { $0.contains(.quorum(false)) })
    }

    @Test("the last checkpoint of a busy minute is cosigned too, when nothing comes after it")
    func lastOne() async throws {
        let folder = try TestFolder()
        let log = try folder.log()
        let witness = try TestWitness(folder.path("w"), name: "witness.example/w", logs: [log.key])
        let policy = try Self.policy([(witness, witness.url)], quorum: "quorum w0\n")
        let collector = try WitnessCollector(policy: policy) { _ in }
        defer {
            collector.stop()
            witness.stop()
        }
        for round in 0..<10 {
            _ = try log.append(entries(round..<round + 1))
            let publication = try #require(try log.publish())
            collector.follow(log, publication.note, size: publication.sizes.upperBound)
            try await Task.sleep(for: .milliseconds(30))
        }
        let reader = LogReader(directory: log.place.directory)
        #expect(
            try await until {
                let note = try reader.note()
                let signed = try note.signatures(of: [witness.key], LogCrypto.notes)
                return try !signed.isEmpty && Checkpoint(text: note.text).size == 10
            }
        )
    }

    @Test("a witness that comes back is told, and so is a quorum that was lost")
    func comesBack() async throws {
        let folder = try TestFolder()
        let log = try folder.log()
        let directory = folder.path("w")
        var witness = try TestWitness(directory, name: "witness.example/w", logs: [log.key])
        let port = witness.port
        let policy = try Self.policy([(witness, witness.url)], quorum: "quorum w0\n")
        witness.stop()
        let notices = Notices()
        let collector = try WitnessCollector(policy: policy, missingAfter: 200, tell: notices.add)
        defer { collector.stop() }
        _ = try log.append(entries(0..<10))
        let publication = try #require(try log.publish())
        collector.follow(log, publication.note, size: 10)
        #expect(try await until { notices.all.withLock { $0.contains(.quorum(false)) } })
        witness = try TestWitness(directory, name: "", logs: [], port: port)
        defer { witness.stop() }
        #expect(try await until { notices.all.withLock { $0.contains(.back(witness: "w0")) } })
        #expect(try await until { notices.all.withLock { $0.last == .quorum(true) } })
    }

    @Test("a log that was put back from an old copy is told by the witness")
    func oldCopy() async throws {
        let folder = try TestFolder()
        let old: [String]
        let witness: TestWitness
        do {
            let log = try folder.log()
            witness = try TestWitness(folder.path("w"), name: "witness.example/w", logs: [log.key])
            _ = try log.append(entries(0..<10))
            _ = try log.publish()
            // Log and state together: nothing on this machine can tell.
            old = ["log", "state"]
            for name in old {
                try FileManager.default.copyItem(
                    atPath: folder.path(name),
                    toPath: folder.path("\(name).old")
                )
            }
            _ = try log.append(entries(10..<20))
            let publication = try #require(try log.publish())
            var client = try witness.client()
            _ = try client.cosign(publication.note, size: 20) {
                try? log.consistency(from: $0, to: $1)?.hashes
            }
        }
        defer { witness.stop() }
        for name in old {
            try FileManager.default.removeItem(atPath: folder.path(name))
            try FileManager.default.moveItem(atPath: folder.path("\(name).old"), toPath: folder.path(name))
        }
        let log = try folder.log()
        let notices = Notices()
        let policy = try Self.policy([(witness, witness.url)], quorum: "quorum w0\n")
        let collector = try WitnessCollector(policy: policy, missingAfter: 60_000, tell: notices.add)
        defer { collector.stop() }
        _ = try log.append(entries(10..<13))
        let publication = try #require(try log.publish())
        collector.follow(log, publication.note, size: 13)
        #expect(
            try await until {
                notices.all.withLock { all in
                    all.contains { if case .contradiction("w0", _, 13, _) = $0 { true } else { false } }
                }
            }
        )
    }
}

@Suite("web parts")
struct WebTests {
    @Test(
        "addresses are read",
        arguments: [
            ("http://w.example", "w.example", UInt16(80), ""), ("https://w.example/", "w.example", 443, ""),
            ("https://w.example:8443/a/b/", "w.example", 8443, "/a/b"),
            ("http://[::1]:81/x", "::1", 81, "/x"),
            ("http://[::1]", "::1", 80, ""),
        ]
    )
    func addresses(text: String, host: String, port: UInt16, prefix: String) throws {
        let address = try #require(WebAddress(text))
        #expect(address.host == host && address.port == port && address.prefix == prefix)
        #expect(address.isSecure == text.hasPrefix("https"))
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "w.example", "ftp://w.example", "http://", "http://:80", "http://a@b", "http://w:0",
            "http://w:x",
            "http://w/a b", "http://w/a?b", "http://w/\r\n",
        ]
    )
    func badAddresses(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test("an answer is the same however it was cut")
    func cutAnswers() throws {
        let bytes = Array(
            "HTTP/1.1 409 Conflict\r\nContent-Type: Text/X.tlog.size; a=b\r\nContent-Length: 3\r\n\r\n20\nmore"
                .utf8
        )
        for cut in 0...bytes.count {
            var parser = AnswerParser()
            let first = try parser.append(Array(bytes[..<cut]))
            let answer = try first ?? parser.append(Array(bytes[cut...]))
            #expect(answer?.status == 409 && answer?.mediaType == "text/x.tlog.size")
            #expect(answer?.body == Array("20\n".utf8))
        }
    }

    @Test("an answer without a length ends with the line")
    func endedAnswer() throws {
        var parser = AnswerParser()
        #expect(try parser.append(Array("HTTP/1.0 200 OK\r\n\r\nbody".utf8)) == nil)
        #expect(try parser.end().body == Array("body".utf8))
    }

    @Test(
        "what is no answer is refused",
        arguments: [
            "SSH-2.0\r\n\r\n", "HTTP/1.1 x OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", String(repeating: "x", count: 20_000),
        ]
    )
    func badAnswers(text: String) {
        var parser = AnswerParser()
        #expect(throws: WitnessError.self) { try parser.append(Array(text.utf8)) }
    }
}
