// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a record that comes alone is committed at once, and overtakes none that came before it.

import AuditEvents
import AuditLog
import LinuxKit
import Testing

@Suite("the short way of a lone record", .serialized)
struct ShortWayTests {
    private static let holders = Result { try TestHolders() }

    @Test("records one after the other get numbers one after the other")
    func alone() async throws {
        let service = try TestService()
        try service.start()
        var line = try ProducerLine(service)
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
        var line = try ProducerLine(service)
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
        var line = try ProducerLine(service)
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
