// SPDX-License-Identifier: EUPL-1.2
// Torhaus: session tickets resume, end with their keys, and open only what they were issued for.

import Foundation
import Synchronization
import Testing

@testable import OpenSSLKit

@Suite("Session tickets") struct ResumptionTests {
    /// A clock that moves when told.
    final class ManualTime: Sendable {
        private let seconds = Mutex<Int64>(0)

        var now: Duration { .seconds(seconds.withLock { $0 }) }

        func advance(by more: Int64) { seconds.withLock { $0 += more } }
    }

    private func keys(_ time: ManualTime) throws -> TicketKeys {
        try TicketKeys(rotatingEvery: .seconds(60), elapsed: { time.now })
    }

    @Test("a ticket resumes while its key is among the newest three", arguments: ["-tls1_3", "-tls1_2"])
    func expiresWithItsKey(_ version: String) throws {
        let time = ManualTime()
        let server = try TestServer(try makeContext(ticketKeys: keys(time)))
        defer { server.stop() }
        let session = certificates.path("session-\(UUID().uuidString)")
        let first = try client(server, [version, "-sess_out", session])
        #expect(first.output.contains("New, TLS"))

        var resumed: [Bool] = []
        for _ in 0..<4 {
            let run = try client(server, [version, "-sess_in", session])
            #expect(run.output.contains("hello"))
            let report = try #require(server.reports(atLeast: resumed.count + 2).last)
            resumed.append(report.negotiated?.resumed == true)
            #expect(report.negotiated?.serverName == "gate.example")
            time.advance(by: 60)
        }
        #expect(resumed == [true, true, true, false])
    }

    @Test("one ticket per handshake")
    func oneTicket() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let run = try client(server, ["-msg"])
        let tickets = run.output.split(separator: "\n").filter { $0.contains("NewSessionTicket") }
        #expect(tickets.count == 1)
    }

    @Test("tickets survive a reload of certificates, and the old connection goes on")
    func survivesReload() throws {
        let keys = try TicketKeys()
        let server = try TestServer(try makeContext(ticketKeys: keys))
        defer { server.stop() }
        let renewed = try makeContext([certificates.files("gate-again")], ticketKeys: keys)
        let session = certificates.path("session-\(UUID().uuidString)")
        _ = try client(server, ["-sess_out", session])

        let old = Mutex<ToolRun?>(nil)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            let run = try? client(server, ["-msg"], input: "one\ntwo\nthree\nfour\nfive\nsix\n", openFor: 0.6)
            old.withLock { $0 = run }
        }
        Thread.sleep(forTimeInterval: 0.6)
        server.reload(renewed)
        let second = try client(server, ["-sess_in", session])
        group.wait()
        #expect(second.output.contains("Reused, TLSv1.3"))
        let run = try #require(old.withLock { $0 })
        #expect(run.output.contains("one") && run.output.contains("six"))
    }

    @Test("a ticket of one certificate does not open another name")
    func boundToItsName() throws {
        let context = try makeContext([certificates.files("gate"), certificates.files("other")])
        let server = try TestServer(context)
        defer { server.stop() }
        for version in ["-tls1_3", "-tls1_2"] {
            let session = certificates.path("session-\(UUID().uuidString)")
            _ = try client(server, name: "gate.example", [version, "-sess_out", session])
            let run = try client(server, name: "other.example", [version, "-sess_in", session])
            #expect(run.output.contains("hello"))
            #expect(run.output.contains("New, TLS"))
        }
        #expect(server.reports(atLeast: 4).allSatisfy { $0.negotiated?.resumed == false })
    }

    @Test("a ticket does not get around the check of the name")
    func nameIsCheckedAgain() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let session = certificates.path("session-\(UUID().uuidString)")
        _ = try client(server, ["-sess_out", session])
        _ = try client(server, name: "evil.example", ["-sess_in", session])
        #expect(server.reports(atLeast: 2).last?.handshakeFault == .unrecognizedName)
    }

    @Test("tickets of another process mean a full handshake")
    func foreignTicket() throws {
        let one = try TestServer(try makeContext())
        let two = try TestServer(try makeContext())
        defer {
            one.stop()
            two.stop()
        }
        let session = certificates.path("session-\(UUID().uuidString)")
        _ = try client(one, ["-sess_out", session])
        _ = try client(two, ["-sess_in", session])
        #expect(two.reports().first?.negotiated?.resumed == false)
    }
}
