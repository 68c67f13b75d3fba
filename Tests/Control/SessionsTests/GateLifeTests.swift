// SPDX-License-Identifier: EUPL-1.2
// Torhaus: gates restart, the control plane restarts, people sign out, time passes.

import AuditEvents
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct GateLifeTests {
    let county = County()

    // MARK: Ends

    @Test("records one end once, however often the gate repeats it")
    func idempotentEnd() async throws {
        await county.connectGate()
        let grant = try await county.connected(try await county.ticket())
        let end = county.end(grant.session, .clientGone)
        for _ in 0..<3 { #expect(await county.service.sessionEnded(end, from: GateID(1))) }
        #expect(county.audit.names.count { $0 == "session.interrupted" } == 1)
        #expect(county.store.allTickets.first?.session?.bytesToClient == 100)
    }

    @Test("acknowledges an end only when it is durable")
    func endFailsOpenly() async throws {
        await county.connectGate()
        let grant = try await county.connected(try await county.ticket())
        let end = county.end(grant.session, .closedByClient)
        county.audit.isFull = true
        #expect(await !county.service.sessionEnded(end, from: GateID(1)))
        #expect(try await county.state()?.state == .ended)
        county.audit.isFull = false
        #expect(await county.service.sessionEnded(end, from: GateID(1)))
        #expect(county.audit.names.count { $0 == "session.ended" } == 1)
    }

    @Test("a desktop that does not answer can be tried again")
    func unreachable() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try granted(try await county.open(ticket))
        await county.service.sessionStarted(
            SessionStarted(session: grant.session, connectedTo: ""),
            from: GateID(1)
        )
        #expect(county.audit.names.last == "desktop.unreachable")
        #expect(try await county.state()?.state == .interrupted)
        #expect(try granted(try await county.open(ticket)).resumes)
    }

    // MARK: Restarts

    @Test("after a restart of the gate its sessions are interrupted and can be resumed")
    func gateRestart() async throws {
        await county.connectGate(GateID(1))
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        await county.service.gateLost(GateID(1), reason: "closed")
        #expect(try await county.state()?.state == .connected)
        await county.connectGate(GateID(2))
        #expect(try await county.state()?.state == .interrupted)
        let again = try granted(try await county.open(ticket, gate: GateID(2)))
        #expect(again.session == grant.session)
    }

    @Test("a session goes on when only the link broke")
    func linkBroke() async throws {
        await county.connectGate(GateID(1))
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        await county.service.gateLost(GateID(1), reason: "closed")
        await county.connectGate(GateID(2), live: [grant.session])
        #expect(try await county.state()?.state == .connected)
        #expect(try await county.open(ticket, gate: GateID(2)).code == .alreadyConnected)
        #expect(county.gate.messages.isEmpty)
    }

    @Test("a restart of the control plane ends no session and revives no ticket")
    func controlRestart() async throws {
        await county.connectGate()
        let used = try await county.ticket()
        let grant = try await county.connected(used)
        let unused = try await county.ticket()
        let service = county.restarted()
        let gate = county.gate
        await service.gateConnected(
            GateID(1),
            hello: GateHello(version: "1.0", liveSessions: [grant.session]),
            send: { gate.note($0) }
        )
        func open(_ ticket: String) async throws -> GateAnswer<SessionGrant> {
            await service.openSession(
                OpenSession(
                    client: try County.client(),
                    ticket: Array(ticket.utf8),
                    desktopProtocol: .rdp,
                    requestedNames: ["rb-10"],
                    requestedPort: 3389,
                    predecessor: .none
                ),
                from: GateID(1)
            )
        }
        #expect(try await open(used).code == .alreadyConnected)
        _ = try granted(try await open(unused))
        #expect(gate.messages.isEmpty)
    }

    @Test("a gate is told to end sessions that are over")
    func endsUnknown() async throws {
        let unknown = try #require(SessionID(bytes: [UInt8](repeating: 9, count: 16)))
        await county.connectGate(live: [unknown])
        #expect(county.gate.messages == [.terminate(unknown, reason: .accessWithdrawn)])
    }

    @Test("a second gate cannot take a session over, and cannot end it")
    func twoGates() async throws {
        await county.connectGate(GateID(1))
        let grant = try await county.connected(try await county.ticket())
        await county.connectGate(GateID(2), live: [grant.session])
        #expect(county.gate.messages == [.terminate(grant.session, reason: .accessWithdrawn)])
        #expect(
            await county.service.sessionEnded(county.end(grant.session, .accessWithdrawn), from: GateID(2))
        )
        #expect(try await county.state()?.state == .connected)
    }

    @Test("a gate that never comes back leaves its sessions interrupted, and in the end ended")
    func orphans() async throws {
        await county.connectGate()
        _ = try await county.connected(try await county.ticket())
        await county.service.gateLost(GateID(1), reason: "closed")
        county.clock.advance(seconds: 9)
        await county.service.tick()
        #expect(try await county.state()?.state == .connected)
        county.clock.advance(seconds: 1)
        await county.service.tick()
        #expect(try await county.state()?.state == .interrupted)
        county.clock.advance(seconds: 120)
        await county.service.tick()
        #expect(try await county.state()?.state == .ended)
        #expect(county.audit.last("session.ended", "reason_code") == .text("grace-over"))
    }

    @Test("a grant the gate never spoke of again can be used again")
    func forgottenGrant() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try granted(try await county.open(ticket))
        county.clock.advance(seconds: 59)
        await county.service.tick()
        #expect(try await county.open(ticket).code == .alreadyConnected)
        county.clock.advance(seconds: 16)
        await county.service.tick()
        #expect(county.gate.messages == [.terminate(grant.session, reason: .sessionLimit)])
        #expect(try granted(try await county.open(ticket)).resumes)
    }

    @Test("what an operator ended while the gate was away ends when it is back")
    func terminateWithoutGate() async throws {
        await county.connectGate(GateID(1))
        let grant = try await county.connected(try await county.ticket())
        await county.service.gateLost(GateID(1), reason: "closed")
        #expect(
            try await county.service.terminate(grant.session, by: ActingOperator(account: "op")) == .noGate
        )
        await county.connectGate(GateID(2), live: [grant.session])
        county.clock.advance(seconds: 15)
        await county.service.tick()
        #expect(county.gate.messages == [.terminate(grant.session, reason: .operatorRequest)])
        _ = await county.service.sessionEnded(
            county.end(grant.session, .terminatedByOperator),
            from: GateID(2)
        )
        #expect(try await county.state()?.state == .ended)
    }

    @Test("a session that was given up is taken back when its gate returns after all")
    func gateReturns() async throws {
        await county.connectGate(GateID(1))
        let grant = try await county.connected(try await county.ticket())
        await county.service.gateLost(GateID(1), reason: "closed")
        county.clock.advance(seconds: 10)
        await county.service.tick()
        county.clock.advance(seconds: 10)
        await county.service.tick()
        #expect(try await county.state()?.state == .interrupted)
        await county.connectGate(GateID(2), live: [grant.session])
        #expect(try await county.state()?.state == .connected)
        #expect(county.audit.last("session.resumed", "reason_code") == .text("gate-returned"))
        #expect(county.gate.messages.isEmpty)
    }

    // MARK: Signing out, and time

    @Test("signing out kills unused tickets, ends browser desktops, and forbids resuming")
    func signOut() async throws {
        await county.connectGate()
        let native = try await county.ticket()
        let session = try await county.connected(native).session
        let browserTicket = try await county.ticket(kind: .browser)
        let unused = try await county.ticket()
        let request = OpenSession(
            client: try County.client(transport: .browser),
            ticket: Array(browserTicket.utf8),
            desktopProtocol: .vnc,
            requestedNames: [],
            requestedPort: 0,
            predecessor: .none
        )
        let browser = try granted(await county.service.openSession(request, from: GateID(1))).session
        await county.service.signedOut(County.erika, web: County.web, client: try County.client())
        #expect(county.gate.messages == [.terminate(browser, reason: .signedOut)])
        #expect(try await county.open(unused).code == .ticketInvalid)
        #expect(try await county.open(native, predecessor: .broken).code == .ticketInvalid)
        _ = await county.service.sessionEnded(county.end(session, .clientGone), from: GateID(1))
        #expect(try await county.open(native).code == .ticketInvalid)
        #expect(county.store.allTickets.first { $0.session?.id == session.bytes }?.standing.state == .ended)
    }

    @Test("a sign-out that the store did not take still stops the tickets, and is done later")
    func signOutStoreDown() async throws {
        await county.connectGate()
        let unused = try await county.ticket()
        county.store.isDown = true
        await county.service.signedOut(County.erika, web: County.web, client: nil)
        county.store.isDown = false
        #expect(try await county.open(unused).code == .ticketInvalid)
        #expect(try await county.state()?.state == .issued)
        await county.service.tick()
        #expect(try await county.state()?.state == .ended)
    }

    @Test("unused tickets lapse")
    func lapse() async throws {
        _ = try await county.ticket()
        county.clock.advance(seconds: 299)
        await county.service.tick()
        #expect(try await county.state()?.state == .issued)
        county.clock.advance(seconds: 1)
        await county.service.tick()
        #expect(try await county.state()?.state == .ended)
    }

    @Test("work at a desktop keeps the web session, and idleness ends it")
    func webSessions() async throws {
        let begun = county.clock.now
        let web = WebSession(
            id: County.web,
            cookieHash: [1],
            csrfToken: "c",
            person: County.erika,
            begunAt: begun,
            lastUsedAt: begun
        )
        try await county.store.save(web)
        await county.connectGate()
        let grant = try await county.connected(try await county.ticket())
        for _ in 0..<20 {
            county.clock.advance(seconds: 300)
            await county.service.tick()
        }
        #expect(county.store.allWebs.count == 1)
        _ = await county.service.sessionEnded(county.end(grant.session, .closedByClient), from: GateID(1))
        county.clock.advance(seconds: 2300)
        await county.service.tick()
        #expect(county.store.allWebs.isEmpty)
        #expect(county.audit.last("sign-out", "reason_code") == .text("expired"))
    }

    @Test("ends a running session when the rules no longer allow it, and says so once")
    func withdrawn() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        var rules = county.holder.current.rules
        rules.directory = DesktopDirectory(desktops: [], municipalities: [])
        county.holder.replace(rules, decider: county.holder.current.decider)
        for _ in 0..<3 {
            county.clock.advance(seconds: 15)
            await county.service.tick()
        }
        #expect(county.gate.ends.first == .terminate(grant.session, reason: .accessWithdrawn))
        #expect(county.audit.names.count { $0 == "session.refused" } == 1)
        #expect(try await county.open(ticket, predecessor: .broken).code == .ticketInvalid)
    }

    @Test("ends an evening's session when the evening is over")
    func hoursClose() async throws {
        county.clock.advance(seconds: 12 * 3600)
        await county.connectGate()
        let ticket = try await county.ticket("rhoenblick/abend/ra-01")
        let grant = try granted(try await county.open(ticket, name: "ra-01"))
        await county.service.sessionStarted(
            SessionStarted(session: grant.session, connectedTo: "10.20.1.11:3390"),
            from: GateID(1)
        )
        await county.service.tick()
        #expect(county.gate.messages.isEmpty)
        county.clock.advance(seconds: 3600)
        await county.service.tick()
        #expect(county.gate.ends == [.terminate(grant.session, reason: .sessionLimit)])
    }

    @Test("insists on the absolute limit if a gate does not hold it")
    func limit() async throws {
        await county.connectGate()
        let grant = try await county.connected(try await county.ticket())
        county.clock.advance(seconds: 36_029)
        await county.service.tick()
        #expect(county.gate.messages.isEmpty)
        county.clock.advance(seconds: 15)
        await county.service.tick()
        #expect(county.gate.messages == [.terminate(grant.session, reason: .sessionLimit)])
    }

    // MARK: Operators

    @Test("an operator ends a session for good, and the action is recorded")
    func terminate() async throws {
        await county.connectGate()
        let ticket = try await county.ticket()
        let grant = try await county.connected(ticket)
        #expect(try await county.service.terminate(grant.session, by: ActingOperator(account: "op")) == .done)
        #expect(county.gate.messages == [.terminate(grant.session, reason: .operatorRequest)])
        #expect(county.audit.last("operator.action", "actor") == .text("op"))
        _ = await county.service.sessionEnded(
            county.end(grant.session, .terminatedByOperator),
            from: GateID(1)
        )
        #expect(try await county.open(ticket).code == .ticketInvalid)
        #expect(
            try await county.service.terminate(grant.session, by: ActingOperator(account: "op"))
                == .noSuchSession
        )
    }

    @Test("an operator behind root is recorded as a claim beside root, and a refusal under its reference")
    func operatorsBehindRoot() async throws {
        await county.connectGate()
        let grant = try await county.connected(try await county.ticket())
        let anna = ActingOperator(account: "root", claimed: "anna")
        #expect(ActingOperator(account: "anna", claimed: "anna").claimed.isEmpty)
        _ = try await county.service.reauthenticate(grant.session, withinSeconds: 60, by: anna)
        #expect(county.audit.last("operator.action", "actor") == .text("root"))
        #expect(county.audit.last("operator.action", "actor_claimed") == .text("anna"))
        let reference = await county.service.makeReference()
        let session = try #require(try await county.service.sessions().first?.session)
        let denial = OperatorDenial(
            verb: "terminate",
            reason: "not-in-group",
            rule: "county/roles/operator",
            policyVersion: "v",
            further: 3
        )
        await county.service.refuse(denial, by: anna, reference: reference, session: session)
        for (key, value) in [
            ("actor", "root"), ("actor_claimed", "anna"), ("action", "terminate"),
            ("reason_code", "not-in-group"), ("reference", reference), ("session_id", session),
        ] {
            #expect(county.audit.last("operator.refused", key) == .text(value), "\(key)")
        }
        #expect(county.audit.last("operator.refused", "count") == .number(3))
        let kept = try await county.service.why(reference, by: anna)
        #expect(kept?.reason == "not-in-group" && kept?.user == "root" && kept?.municipality == "rhoenblick")
        #expect(county.audit.last("reference.looked-up", "actor_claimed") == .text("anna"))
    }

    @Test("an operator's message and look-up need a record; its text is not in it")
    func operatorRecords() async throws {
        await county.connectGate()
        let grant = try await county.connected(try await county.ticket())
        let text = "Wartung um 12 Uhr"
        #expect(
            try await county.service.message(grant.session, text: text, by: ActingOperator(account: "op"))
                == .done
        )
        #expect(county.gate.messages == [.serviceMessage(grant.session, text: text)])
        #expect(!county.audit.events.contains { String(describing: $0).contains(text) })
        county.audit.isFull = true
        await #expect(throws: AuditFailure.self) {
            try await county.service.message(grant.session, text: text, by: ActingOperator(account: "op"))
        }
        await #expect(throws: AuditFailure.self) {
            try await county.service.why("R-7F3K-Q2", by: ActingOperator(account: "op"))
        }
        #expect(county.gate.messages.count == 1)
    }

    @Test("shows sessions to operators")
    func overview() async throws {
        await county.connectGate()
        _ = try await county.connected(try await county.ticket())
        let sessions = try await county.service.sessions()
        #expect(sessions.map(\.user) == ["erika"])
        #expect(sessions.first?.connectedTo == "10.20.1.11:3390")
        #expect(sessions.first?.hasGate == true)
        let overview = try await county.service.overview()
        #expect(overview.gates == ["1.0"])
        #expect(overview.sessions == [.connected: 1])
    }
}
