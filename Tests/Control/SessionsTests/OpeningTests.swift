// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tickets at the gate: opening, refusing, resuming.

import AuditEvents
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct OpeningTests {
    let county = County()

    @Test("opens one session, recorded before the gate learns the address")
    func opens() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try granted(try await county.open(ticket))
        #expect(grant.endpoints == [DesktopEndpoint(host: "10.20.1.11", port: 3390)])
        #expect(grant.idleSeconds == 1800)
        #expect(grant.remainingSeconds == 36_000)
        #expect(!grant.resumes)
        #expect(county.audit.names == ["gate.connected", "ticket.issued", "session.opened"])
        #expect(county.audit.last("session.opened", "target") == .text("10.20.1.11:3390"))
    }

    @Test("grants nothing that cannot be recorded, and gives the ticket back")
    func failsClosed() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        county.audit.isFull = true
        #expect(try await county.open(ticket).code == .unavailable)
        #expect(try await county.state() == TicketStanding(.issued))
        county.audit.isFull = false
        _ = try granted(try await county.open(ticket))
    }

    @Test("refuses when the store is down")
    func storeDown() async throws {
        let ticket = try await county.ticket()
        county.store.isDown = true
        #expect(try await county.open(ticket).code == .unavailable)
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let name: String
        var ticket: String?
        var wait: UInt64 = 0
        var network: UInt8 = 2
        var transport: ClientTransport = .gatewayLegacy
        var requested = "rb-10.desktops.example"
        var port: UInt16 = 3389
        var predecessor: Predecessor = .none
        let code: RefusalCode
        var testDescription: String { name }
    }

    @Test(
        "refuses",
        arguments: [
            Refused(name: "a malformed ticket", ticket: "short", code: .ticketMalformed),
            Refused(
                name: "an unknown ticket",
                ticket: String(repeating: "0", count: 26),
                code: .ticketInvalid
            ),
            Refused(name: "a late ticket", wait: 300, code: .ticketInvalid),
            Refused(name: "another network", network: 3, code: .wrongNetwork),
            Refused(name: "another desktop", requested: "rb-02.desktops.example", code: .desktopDenied),
            Refused(name: "an inner address", requested: "10.20.1.11", code: .desktopDenied),
            Refused(name: "another port", port: 22, code: .desktopDenied),
            Refused(name: "the browser's transport", transport: .browser, code: .desktopDenied),
            Refused(name: "a living predecessor", predecessor: .alive, code: .alreadyConnected),
        ]
    )
    func refuses(_ wanted: Refused) async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        county.clock.advance(seconds: wanted.wait)
        let answer = try await county.open(
            wanted.ticket ?? ticket,
            from: County.client(transport: wanted.transport, network: wanted.network),
            name: wanted.requested,
            port: wanted.port,
            predecessor: wanted.predecessor
        )
        #expect(answer.code == wanted.code)
        #expect(try await county.state() == TicketStanding(.issued))
        let last = try #require(county.audit.names.last)
        #expect(last == (wanted.code == .alreadyConnected ? "ticket.parallel-use" : "session.refused"))
    }

    @Test("a ticket is good until its last millisecond and not after")
    func lastMillisecond() async throws {
        let ticket = try await county.ticket()
        county.clock.advance(seconds: 299)
        _ = try granted(try await county.open(ticket))
    }

    @Test("never grants one ticket twice, however many ask at the same moment")
    func race() async throws {
        for _ in 0..<20 {
            let county = County()
            await county.connectGate()
            let ticket = try await county.ticket()
            let codes = try await withThrowingTaskGroup(of: RefusalCode?.self) { group in
                for _ in 0..<8 { group.addTask { try await county.open(ticket).code } }
                var codes: [RefusalCode?] = []
                for try await code in group { codes.append(code) }
                return codes
            }
            #expect(codes.count { $0 == nil } == 1)
            #expect(codes.compactMap { $0 }.allSatisfy { $0 == .alreadyConnected })
            #expect(county.audit.names.count { $0 == "session.opened" } == 1)
        }
    }

    @Test("holds the limit of sessions per person, also when all open at the same moment")
    func sessionLimit() async throws {
        let county = County { $0.sessionsPerPerson = 2 }
        await county.connectGate()
        var tickets: [String] = []
        for _ in 0..<6 { tickets.append(try await county.ticket()) }
        let codes = try await withThrowingTaskGroup(of: RefusalCode?.self) { group in
            for ticket in tickets { group.addTask { try await county.open(ticket).code } }
            var codes: [RefusalCode?] = []
            for try await code in group { codes.append(code) }
            return codes
        }
        #expect(codes.count { $0 == nil } == 2)
        #expect(codes.count { $0 == .tooManySessions } == 4)
    }

    @Test("the browser's ticket opens the browser's desktop and nothing else")
    func browser() async throws {
        await county.connectGate()
        let ticket = try await county.ticket(kind: .browser)
        #expect(try await county.open(ticket).code == .desktopDenied)
        let request = OpenSession(
            client: try County.client(transport: .browser),
            ticket: Array(ticket.utf8),
            desktopProtocol: .vnc,
            requestedNames: [],
            requestedPort: 0,
            predecessor: .none
        )
        let grant = try granted(await county.service.openSession(request, from: GateID(1)))
        #expect(grant.endpoints.first?.port == 5901)
    }

    @Test("a sign-out while the grant is being recorded stops it")
    func signOutDuringGrant() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let service = county.service
        county.audit.whileWriting { event in
            guard event.name == "session.opened" else { return }
            await service.signedOut(County.erika, web: County.web, client: nil)
        }
        #expect(try await county.open(ticket).code == .ticketInvalid)
        #expect(try await county.state()?.state == .ended)
    }

    // MARK: Resuming

    struct Ending: CustomTestStringConvertible, Sendable {
        let reason: SessionEndReason
        let resumable: Bool
        var testDescription: String { "\(reason)" }
    }

    @Test(
        "lets a person come back after an accident, and not after an end",
        arguments: [
            Ending(reason: .closedByClient, resumable: false),
            Ending(reason: .clientGone, resumable: true),
            Ending(reason: .closedByDesktop, resumable: true),
            Ending(reason: .desktopLost, resumable: true),
            Ending(reason: .idleLimit, resumable: false),
            Ending(reason: .sessionLimit, resumable: false),
            Ending(reason: .terminatedByOperator, resumable: false),
            Ending(reason: .accessWithdrawn, resumable: false),
            Ending(reason: .signedOut, resumable: false),
            Ending(reason: .desktopUnreachable, resumable: true),
            Ending(reason: .protocolViolation, resumable: false),
            Ending(reason: .gateStopping, resumable: true),
            Ending(reason: .reauthenticationFailed, resumable: false),
        ]
    )
    func resumes(_ ending: Ending) async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let first = try await county.connected(ticket)
        #expect(await county.service.sessionEnded(county.end(first.session, ending.reason), from: GateID(1)))
        county.clock.advance(seconds: 60)
        let answer = try await county.open(ticket)
        guard ending.resumable else {
            #expect(answer.code == .ticketInvalid)
            return
        }
        let second = try granted(answer)
        #expect(second.session == first.session)
        #expect(second.resumes)
        #expect(second.remainingSeconds == 35_940)
        #expect(county.audit.names.last == "session.resumed")
    }

    @Test("refuses a return after the grace")
    func graceOver() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        _ = await county.service.sessionEnded(county.end(grant.session, .clientGone), from: GateID(1))
        county.clock.advance(seconds: 120)
        #expect(try await county.open(ticket).code == .ticketInvalid)
    }

    @Test("refuses parallel use while the line answers, and resumes when it is broken")
    func predecessor() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let first = try await county.connected(ticket)
        #expect(try await county.open(ticket).code == .alreadyConnected)
        #expect(try await county.open(ticket, predecessor: .alive).code == .alreadyConnected)
        let second = try granted(try await county.open(ticket, predecessor: .broken))
        #expect(second.session == first.session && second.resumes)

        // The old line's end comes late and must not end the new one.
        _ = await county.service.sessionEnded(county.end(first.session, .clientGone), from: GateID(1))
        #expect(try await county.state()?.state == .opened)
        await county.service.sessionStarted(
            SessionStarted(session: second.session, connectedTo: "10.20.1.11:3390"),
            from: GateID(1)
        )
        #expect(try await county.state()?.state == .connected)
        let last = county.end(second.session, .closedByClient, at: county.clock.now + 5)
        _ = await county.service.sessionEnded(last, from: GateID(1))
        #expect(try await county.state()?.state == .ended)
    }

    @Test("refuses a return after the absolute limit")
    func absoluteLimit() async throws {
        let county = County { $0.graceMilliseconds = 40_000_000 }
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        _ = await county.service.sessionEnded(county.end(grant.session, .clientGone), from: GateID(1))
        county.clock.advance(seconds: 36_000)
        #expect(try await county.open(ticket).code == .ticketInvalid)
    }

    @Test("a failed record leaves a broken session as it was")
    func resumeFailsClosed() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        _ = await county.service.sessionEnded(county.end(grant.session, .clientGone), from: GateID(1))
        let before = try #require(county.store.allTickets.first?.session)
        county.audit.isFull = true
        #expect(try await county.open(ticket).code == .unavailable)
        #expect(try await county.state() == TicketStanding(.interrupted))
        #expect(county.store.allTickets.first?.session == before)
        county.audit.isFull = false
        #expect(try granted(try await county.open(ticket)).resumes)
    }
}
