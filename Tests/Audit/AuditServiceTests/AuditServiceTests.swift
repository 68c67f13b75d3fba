// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the service with its real client.

import AuditClient
import AuditEvents
import AuditLog
import AuditService
import DaemonMessages
import DaemonSettings
import Foundation
import LinuxKit
import MerkleLog
import Testing

@Suite("audit service", .serialized)
struct AuditServiceTests {
    @Test("every record that has a receipt is in the log under its number, however many producers wait")
    func manyProducers() async throws {
        let service = try TestService()
        try service.start()
        let clients = try (0..<8).map { _ in try service.client() }
        let receipts = try await withThrowingTaskGroup(of: (UInt64, String).self) { group in
            for number in 0..<400 {
                let client = clients[number % clients.count]
                group.addTask {
                    (try await client.append(.plain(number)).index, "\(number)")
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(receipts.count == 400)
        service.stop()
        let records = try service.records()
        for (index, version) in receipts {
            let record = records[Int(index)]
            #expect(record.index == index && record.text(.version) == version)
        }
        #expect(records.enumerated().allSatisfy { $0.element.index == UInt64($0.offset) })
        #expect(records.first?.kind == .logOpened && records.count == 401)
        #expect(Set(records.map(\.salt)).count == records.count)
        #expect(try service.verify().isGood)
    }

    @Test("a checkpoint follows growth without being asked for")
    func checkpoints() async throws {
        let service = try TestService()
        try service.start()
        let client = try service.client()
        let receipt = try await client.append(.plain(1))
        let reader = LogReader(directory: try service.place.directory)
        try await until { try reader.size() == receipt.index + 1 }
        service.stop()
    }

    @Test("silence is broken by a sign of life")
    func heartbeat() async throws {
        let service = try TestService(heartbeatSeconds: 1)
        try service.start()
        let reader = LogReader(directory: try service.place.directory)
        try await until { try 3 <= reader.size() }
        service.stop()
        #expect(try service.records().dropFirst().allSatisfy { $0.kind == .heartbeat })
    }

    @Test("while the log is away, what allows something fails and what ends something waits")
    func away() async throws {
        let service = try TestService()
        let client = try service.client()
        await #expect(throws: AuditFailure.self) { try await client.append(.plain(1)) }
        for number in 0..<20 { #expect(try await client.append(.ending(number)) == .waiting) }
        #expect(!client.isAvailable)
        try service.start()
        try await until { client.isAvailable }
        _ = try await client.append(.plain(2))
        let reader = LogReader(directory: try service.place.directory)
        try await until { try 23 <= reader.size() }
        service.stop()
        let records = try service.records()
        let ends = records.filter { $0.kind == .daemonStopped }.compactMap { $0.text(.version) }
        #expect(ends == (0..<20).map(String.init))
        #expect(records.filter { $0.kind == .recordsDeliveredLate }.compactMap { $0.number(.count) } == [20])
        #expect(records.filter { $0.kind == .daemonStarted }.compactMap { $0.text(.version) } == ["2"])
    }

    @Test("the spool survives the producer's end")
    func spoolSurvives() async throws {
        let service = try TestService()
        do {
            let client = try service.client()
            _ = try await client.append(.ending(7))
            client.close()
        }
        try service.start()
        let client = try service.client()
        let reader = LogReader(directory: try service.place.directory)
        try await until { try 3 <= reader.size() }
        client.close()
        service.stop()
        #expect(try service.records().contains { $0.kind == .daemonStopped && $0.text(.version) == "7" })
    }

    @Test("a municipality that decides so goes on without the log, and everything is recorded later")
    func failOpen() async throws {
        let service = try TestService()
        let client = try service.client(whenAway: .spool)
        #expect(try await client.append(.plain(5)) == .waiting)
        try service.start()
        let reader = LogReader(directory: try service.place.directory)
        try await until { try 3 <= reader.size() }
        service.stop()
        #expect(try service.records().contains { $0.text(.version) == "5" })
    }

    @Test("who decides by the record lets some wait and no others")
    func failOpenForSome() async throws {
        let service = try TestService()
        let client = try service.client(whenAway: .ask { $0.text(.version) == "5" })
        #expect(try await client.append(.plain(5)) == .waiting)
        await #expect(throws: AuditFailure.self) { try await client.append(.plain(6)) }
        try service.start()
        try await until { client.isAvailable }
        service.stop()
    }

    @Test("a socket behind which nobody reads is a log that is away")
    func silentSocket() async throws {
        let service = try TestService()
        let listener = try UnixListener(path: service.settings.socket, mode: 0o600)
        let client = try service.client()
        await #expect(throws: AuditFailure.self) { try await client.append(.plain(1)) }
        #expect(try await client.append(.ending(1)) == .waiting)
        #expect(!client.isAvailable)
        _ = consume listener
    }

    @Test("a socket of somebody else is not believed")
    func foreignSocket() async throws {
        let service = try TestService()
        try service.start()
        let client = try AuditClient(
            AuditClientOptions(
                socket: service.settings.socket,
                spool: nil,
                servers: [4242],
                patienceMilliseconds: 300
            )
        )
        let failure = await #expect(throws: AuditFailure.self) { try await client.append(.plain(1)) }
        #expect(failure?.reason.contains("belongs to uid") == true)
        service.stop()
        #expect(try service.records().map(\.kind) == [.logOpened])
    }

    @Test("a restart within the client's patience is not noticed")
    func restart() async throws {
        let service = try TestService()
        try service.start()
        let client = try AuditClient(
            AuditClientOptions(socket: service.settings.socket, spool: nil, patienceMilliseconds: 5000)
        )
        _ = try await client.append(.plain(0))
        async let appended = withThrowingTaskGroup(of: UInt64.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await Task.sleep(for: .milliseconds(number * 3))
                    return try await client.append(.plain(number)).index
                }
            }
            return try await group.reduce(into: Set<UInt64>()) { $0.insert($1) }
        }
        for _ in 0..<2 {
            try await Task.sleep(for: .milliseconds(150))
            service.stop()
            try service.start()
        }
        #expect(try await appended.count == 200)
        service.stop()
        #expect(try service.verify().isGood)
    }

    @Test("a record of another form is refused, a frame that is none ends the connection")
    func hostileProducers() async throws {
        let service = try TestService()
        try service.start()
        let stream = try UnixStream(path: service.settings.socket, milliseconds: 1000)
        let bodies = [
            #"{"event_code":"GW7001I"}"#, "\"event_code\":\"GW7001I\"}\n{\"time\":1}", "}", "\u{0}",
        ]
        for (number, body) in bodies.enumerated() {
            let record = try #require(AuditAppend(milliseconds: 1, body: Array(body.utf8)))
            let frame = AuditRequest.append(number: UInt64(number), record).encoded()
            try write(frame, to: stream)
            let answer = try reply(stream)
            #expect(answer == .refused(number: UInt64(number), .malformed))
        }
        try write(AuditRequest.status(number: 9).encoded(), to: stream)
        guard case .status(9, let status)? = try reply(stream) else {
            Issue.record("no status")
            return
        }
        #expect(status.isHealthy && status.origin.hasPrefix("log.example/gate1/"))
        try write([3, 0, 0, 0, 1, 0x77, 0], to: stream)
        let end = stream.read(limit: 10, milliseconds: 2000)
        #expect(end == .end)
        service.stop()
        #expect(try service.records().map(\.kind) == [.logOpened])
    }

    @Test("a producer that sends without reading its receipts slows down itself and nobody else")
    func greedyProducer() async throws {
        let service = try TestService()
        try service.start()
        let greedy = try UnixStream(path: service.settings.socket, milliseconds: 1000)
        let body = AuditLine.body(.plain(1), salt: [1])
        let record = try #require(AuditAppend(milliseconds: 1, body: body))
        let frames = (0..<500).flatMap { AuditRequest.append(number: $0, record).encoded() }
        var rounds = 0
        while rounds < 400, greedy.writeAll(frames, milliseconds: 200) { rounds += 1 }
        let client = try service.client()
        _ = try await client.append(.plain(2))
        service.stop()
        #expect(try service.verify().isGood)
    }

    @Test("old bundles go by order of root, and the log says what it keeps")
    func pruning() async throws {
        let service = try TestService()
        try service.start()
        let client = try service.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3000 { group.addTask { _ = try await client.append(.plain(number)) } }
            try await group.waitForAll()
        }
        let reader = LogReader(directory: try service.place.directory)
        try await until { try 3001 <= reader.size() }
        try await Task.sleep(for: .milliseconds(1500))
        let stream = try UnixStream(path: service.settings.socket, milliseconds: 1000)
        let order = try #require(AuditPruneOrder(below: 1000, held: [300..<301]))
        try write(AuditRequest.prune(number: 1, order).encoded(), to: stream)
        let answer = try reply(stream)
        service.stop()
        guard case .pruned(1, let bundles)? = answer else {
            Issue.record("\(String(describing: answer))")
            return
        }
        let verification = try service.verify()
        #expect(0 < bundles && verification.isGood && verification.pruned == bundles * 256)
        #expect(try reader.entry(300, size: 3001) != nil)
    }

    private func write(_ bytes: [UInt8], to stream: borrowing UnixStream) throws {
        let isSent = stream.writeAll(bytes, milliseconds: 1000)
        try #require(isSent)
    }

    private func reply(_ stream: borrowing UnixStream) throws -> AuditReply? {
        var assembler = FrameAssembler()
        while case .bytes(let bytes) = stream.read(limit: 4096, milliseconds: 3000) {
            assembler.append(bytes)
            if let frame = try assembler.next() { return try AuditReply(frame: frame) }
        }
        return nil
    }
}
