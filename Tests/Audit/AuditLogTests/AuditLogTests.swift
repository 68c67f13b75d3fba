// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of a log's life on the disk.

import AuditLog
import Foundation
import MerkleLog
import Testing

@Suite("audit log")
struct AuditLogTests {
    @Test("records are durable, then published, and verify with the public key alone")
    func life() throws {
        let test = try TestLog()
        let (log, found) = try test.open()
        #expect(found.size == 0 && found.repairedBytes == 0 && !found.checkpointRewritten)
        #expect(try log.append(entries(0..<3)) == 0)
        #expect(try log.append(entries(3..<300)) == 3)
        #expect(log.durableSize == 300 && log.publishedSize == 0)
        #expect(try test.verify().size == 0)
        let publication = try #require(try log.publish())
        #expect(publication.sizes == 0...300)
        #expect(try log.publish() == nil)
        let verification = try test.verify()
        #expect(verification.isGood && verification.size == 300 && verification.verified == 300)
        #expect(verification.root == publication.root)

        let reader = LogReader(directory: test.place.directory)
        #expect(try reader.checkpoint(by: test.key).size == 300)
        var read: [[UInt8]] = []
        try reader.forEachEntry(in: 0..<300, size: 300) { index, entry in
            #expect(index == UInt64(read.count))
            read.append(entry)
        }
        #expect(read == entries(0..<300))
        let proof = try ProofFile(reader.proof(of: 255).bytes)
        #expect(try proof.check(entry: entry(255), by: test.key, LogCrypto.notes).size == 300)
        #expect(throws: AuditLogError.self) { try reader.proof(of: 300) }
    }

    @Test("the tiles are those of the tree, and no other file lies about")
    func files() throws {
        let test = try TestLog(segmentBytes: 8 << 20)
        let (log, _) = try test.open(segmentBytes: 8 << 20)
        _ = try log.append(entries(0..<1000))
        _ = try log.publish()
        let directory = test.place.directory
        let files = try test.contents().keys.filter { $0.hasPrefix(directory) }
            .map { $0.dropFirst(directory.count + 1) }.filter { !$0.hasPrefix("journal/") }.sorted()
        #expect(
            files == [
                "checkpoint", "log.vkey", "tile/0/000", "tile/0/001", "tile/0/002", "tile/0/003.p/232",
                "tile/1/000.p/3", "tile/entries/000", "tile/entries/001", "tile/entries/002",
                "tile/entries/003.p/232",
            ]
        )
    }

    @Test("what was durable is there after a stop without warning, published or not")
    func reopening() throws {
        let test = try TestLog()
        do {
            let (log, _) = try test.open()
            _ = try log.append(entries(0..<10))
            _ = try log.publish()
            _ = try log.append(entries(10..<14))
        }
        let (log, found) = try test.open()
        #expect(found.size == 14 && found.unpublished == 4 && !found.checkpointRewritten)
        _ = try log.append(entries(14..<20))
        #expect(try log.publish()?.sizes == 10...20)
        #expect(try test.verify().verified == 20)
    }

    @Test("what came before, during and after a failed checkpoint is in the next one")
    func failedPublishing() throws {
        let test = try TestLog()
        let (log, _) = try test.open()
        _ = try log.append(entries(0..<10))
        // No tile can be written where a file lies in place of their folder.
        let tiles = test.path("tile")
        try? FileManager.default.removeItem(at: tiles)
        try Data().write(to: tiles)
        #expect(throws: AuditLogError.self) { try log.publish() }
        #expect(log.unpublished == 10 && log.publishedSize == 0)
        _ = try log.append(entries(10..<14))
        #expect(throws: AuditLogError.self) { try log.publish() }
        _ = try log.append(entries(14..<20))
        #expect(log.unpublished == 20)
        try FileManager.default.removeItem(at: tiles)
        #expect(try log.publish()?.sizes == 0...20)
        #expect(try log.unpublished == 0 && log.publish() == nil)
        #expect(try test.verify().verified == 20)
    }

    @Test(
        "any order of appending, publishing, settling, pruning and stopping keeps every record",
        arguments: 1...6
    )
    func anyOrder(seed: Int) throws {
        var numbers = SeededNumbers(state: UInt64(seed))
        let test = try TestLog()
        var (log, _): (AuditLog?, AuditLog.Opening) = try test.open(segmentBytes: 32_768)
        var count = 0
        for _ in 0..<120 {
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0..<5:
                let more = Int.random(in: 1...20, using: &numbers)
                #expect(try log?.append(entries(count..<count + more)) == UInt64(count))
                count += more
            case 5..<7: _ = try log?.publish()
            case 7..<9: try log?.settle()
            default:
                // The lock must be free before the next opening.
                log = nil
                let found: AuditLog.Opening
                (log, found) = try test.open(segmentBytes: 32_768)
                #expect(found.size == UInt64(count) && found.repairedBytes == 0)
            }
        }
        _ = try log?.publish()
        try log?.settle()
        #expect(try test.segments().count < 6)
        let verification = try test.verify()
        #expect(verification.isGood && verification.verified == UInt64(count))
    }

    @Test("a batch that is too large or empty is refused and leaves nothing")
    func limits() throws {
        let test = try TestLog()
        let (log, _) = try test.open()
        #expect(throws: AuditLogError.self) { try log.append([]) }
        #expect(throws: AuditLogError.self) { try log.append([[UInt8](repeating: 1, count: 65_536)]) }
        #expect(throws: AuditLogError.self) { try log.append([[UInt8]](repeating: [1], count: 8193)) }
        #expect(try log.append([[UInt8](repeating: 1, count: 65_535)]) == 0)
        #expect(try log.append([[]]) == 1)
        _ = try log.publish()
        #expect(try test.verify().verified == 2)
    }

    @Test("settled segments go, partial tiles go when their full one is there, and the log still opens")
    func settling() throws {
        let test = try TestLog()
        do {
            let (log, _) = try test.open()
            for start in stride(from: 0, to: 600, by: 50) {
                _ = try log.append(entries(start..<start + 50))
                _ = try log.publish()
            }
            try log.settle()
            #expect(try test.segments().count == 1)
            #expect(FileManager.default.fileExists(atPath: test.path("tile/0/002.p/88").path))
            #expect(!FileManager.default.fileExists(atPath: test.path("tile/0/001.p").path))
            #expect(!FileManager.default.fileExists(atPath: test.path("tile/entries/000.p").path))
        }
        let (log, found) = try test.open()
        #expect(found.size == 600)
        _ = try log.append(entries(600..<601))
        _ = try log.publish()
        #expect(try test.verify().verified == 601)
    }

    @Test("pruned bundles are gone, what is held stays, and the rest still verifies")
    func pruning() throws {
        let test = try TestLog()
        do {
            let (log, _) = try test.open()
            for start in stride(from: 0, to: 1100, by: 50) { _ = try log.append(entries(start..<start + 50)) }
            _ = try log.publish()
            try log.settle()
            let gone = try log.prune(below: 800) { $0.contains(300) }
            #expect(gone == [0..<256, 512..<768])
            #expect(try log.prune(below: 800) { $0.contains(300) }.isEmpty)
        }
        let verification = try test.verify()
        #expect(verification.isGood && verification.pruned == 512 && verification.verified == 588)
        let reader = LogReader(directory: test.place.directory)
        #expect(try reader.entry(5, size: 1100) == nil)
        #expect(try reader.entry(300, size: 1100) == entry(300))
        let proof = try ProofFile(reader.proof(of: 300).bytes)
        #expect(try proof.check(entry: entry(300), by: test.key, LogCrypto.notes).size == 1100)
        _ = try test.open()
    }

    @Test("a bundle that is gone without pruning is a finding")
    func missingBundle() throws {
        let test = try TestLog(segmentBytes: 8 << 20)
        let (log, _) = try test.open(segmentBytes: 8 << 20)
        _ = try log.append(entries(0..<600))
        _ = try log.publish()
        try FileManager.default.removeItem(at: test.path("tile/entries/001"))
        #expect(try test.verify().findings.map(\.file) == ["tile/entries/001"])
    }

    @Test("each flipped byte of tiles, bundles and checkpoint is noticed by the verifier")
    func flippedBytes() throws {
        let test = try TestLog(segmentBytes: 8 << 20)
        let (log, _) = try test.open(segmentBytes: 8 << 20)
        _ = try log.append((0..<300).map { Array("e\($0)".utf8) })
        _ = try log.publish()
        for name in [
            "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44",
        ] {
            let url = test.path(name)
            let size = try Data(contentsOf: url).count
            for place in stride(from: 0, to: size, by: max(1, size / 40)) {
                try test.edit(url) { $0[place] ^= 1 }
                #expect(try !test.verify().isGood, "\(name) \(place)")
                try test.edit(url) { $0[place] ^= 1 }
            }
        }
        let checkpoint = test.path("checkpoint")
        for place in 0..<(try Data(contentsOf: checkpoint).count) {
            try test.edit(checkpoint) { $0[place] ^= 1 }
            #expect(throws: AuditLogError.self, "\(place)") { try test.verify() }
            try test.edit(checkpoint) { $0[place] ^= 1 }
        }
        #expect(try test.verify().isGood)
    }

    @Test("a record and all hashes above it changed together still fail, without the key")
    func rewritten() throws {
        let test = try TestLog(segmentBytes: 8 << 20)
        let (log, _) = try test.open(segmentBytes: 8 << 20)
        _ = try log.append(entries(0..<10))
        _ = try log.publish()
        var forged = entries(0..<10)
        forged[4] = entry(99)
        let bundle = try EntryBundle.encode(forged)
        try test.edit(test.path("tile/entries/000.p/10")) { $0 = Data(bundle) }
        let tile = HashTile.encode(forged.map { LogCrypto.hasher.leaf($0) })
        try test.edit(test.path("tile/0/000.p/10")) { $0 = Data(tile) }
        #expect(try test.verify().findings.map(\.file) == ["checkpoint"])
    }

    @Test(
        "an origin whose last part names no folder is refused",
        arguments: ["", "a/..", "a/", "a b", "log/2026+"]
    )
    func origins(origin: String) {
        #expect(throws: AuditLogError.self) { try LogPlace(origin: origin, logs: "/l", states: "/s") }
    }

    @Test("a log is made once, and its private files are its own")
    func creation() throws {
        let test = try TestLog()
        #expect(throws: AuditLogError.self) { try LogCreation.create(test.place) }
        let mode = try FileManager.default.attributesOfItem(atPath: test.statePath("key.pem").path)
        #expect(mode[.posixPermissions] as? Int == 0o400)
        #expect(try LogKey.verifier(in: test.place.directory) == test.key)
        let pem = try String(contentsOf: test.statePath("key.pem"), encoding: .utf8)
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----"))
    }
}
