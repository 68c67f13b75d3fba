// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a record that comes alone is committed at once, and overtakes none that came before it.

import AuditEvents
import AuditLog
import DaemonMessages
import DaemonSettings
import LinuxKit
import Testing

@Suite("the short way of a lone record", .serialized)
struct ShortWayTests {
    private static let holders = Result { try TestHolders() }

    /// What one producer sends and gets, with a pause of its choice between sending and reading.
    private struct Line: ~Copyable {
        private let stream: UnixStream
        private var assembler = FrameAssembler()

        init(_ service: TestService) throws {
            stream = try UnixStream(path: service.settings.socket, milliseconds: 1000)
        }

        func send(_ number: UInt64, _ event: AuditEvent) throws {
            let body = AuditLine.body(event, salt: [1])
            let record = try #require(AuditAppend(milliseconds: Clock.wallMilliseconds(), body: body))
            let frame = AuditRequest.append(number: number, record).encoded()
            let isSent = stream.writeAll(frame, milliseconds: 1000)
            try #require(isSent)
        }

        /// The index in the next receipt, which must be that of `number`: receipts keep the order of the records,
        /// also when the committer is held up between its commit and its receipts (seen on a busy machine).
        ///
        /// Looks again and again: the vault behind the line needs the threads that a wait would hold.
        mutating func index(of number: UInt64) async throws -> UInt64 {
            while true {
                if let frame = try assembler.next() {
                    let reply = try AuditReply(frame: frame)
                    guard case .durable(number, let index) = reply else {
                        throw AuditFailure(reason: "\(reply) in place of the receipt for \(number)")
                    }
                    return index
                }
                switch stream.read(limit: 4096) {
                case .bytes(let bytes): assembler.append(bytes)
                case .nothing: try await Task.sleep(for: .microseconds(100))
                case .end: throw AuditFailure(reason: "no answer")
                }
            }
        }
    }

    @Test("records one after the other get numbers one after the other")
    func alone() async throws {
        let service = try TestService()
        try service.start()
        var line = try Line(service)
        try line.send(0, .plain(0))
        let first = try await line.index(of: 0)
        for number in 1..<200 as Range<UInt64> {
            try line.send(number, .plain(Int(number)))
            let index = try await line.index(of: number)
            #expect(index == first + number)
        }
        service.stop()
        #expect(try service.verify().isGood)
        let plain = try service.records().filter { $0.kind == .daemonStarted }
        #expect(plain.compactMap { $0.text(.version) } == (0..<200).map(String.init))
    }

    @Test("a record without names waits behind one whose name is being sealed")
    func order() async throws {
        let service = try TestService(holders: try Self.holders.get())
        try service.start()
        var line = try Line(service)
        // Each round has somebody new, whose sealing takes the disk longer than the record behind it would need.
        for round in 0..<40 as Range<UInt64> {
            try line.send(2 * round, NameTests.signIn(of: "person\(round)"))
            // Read alone, in a turn of its own, while the name before it is with the vault.
            try await Task.sleep(for: .microseconds(20 * Int(round)))
            try line.send(2 * round + 1, .plain(Int(round)))
            let named = try await line.index(of: 2 * round)
            let plain = try await line.index(of: 2 * round + 1)
            #expect(named < plain)
        }
        service.stop()
        #expect(try service.verify().isGood)
    }

    @Test("somebody who is known keeps the pseudonym on either way, and no name gets through")
    func known() async throws {
        let service = try TestService(holders: try Self.holders.get())
        try service.start()
        var line = try Line(service)
        for number in 0..<20 as Range<UInt64> {
            try line.send(number, NameTests.signIn(of: "erika"))
            _ = try await line.index(of: number)
        }
        // The same as a crowd.
        for number in 20..<60 as Range<UInt64> { try line.send(number, NameTests.signIn(of: "erika")) }
        for number in 20..<60 as Range<UInt64> { _ = try await line.index(of: number) }
        service.stop()
        let records = try service.records()
        let actors = records.filter { $0.kind == .signInSucceeded }.compactMap { $0.text(.actor) }
        #expect(actors.count == 60 && Set(actors).count == 1 && actors.first != "erika")
    }
}
