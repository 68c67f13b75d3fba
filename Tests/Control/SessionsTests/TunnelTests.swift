// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tunnels by ticket and by Basic credentials, and reauthentication.

import AuditEvents
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct TunnelTests {
    static let basic: BasicSignIn = { user, secret, _ in
        let isRight = user == "erika" && secret == Array("geheim,123456".utf8)
        return BasicOutcome(person: isRight ? County.erika : nil)
    }

    private func tunnel(
        _ county: County,
        _ credential: TunnelCredential,
        _ purpose: TunnelPurpose = .openSession,
        network: UInt8 = 2
    ) async throws -> GateAnswer<TunnelGrant> {
        await county.service.authorizeTunnel(
            AuthorizeTunnel(
                client: try County.client(network: network),
                credential: credential,
                purpose: purpose
            )
        )
    }

    @Test("a ticket gets its desktop's terms")
    func ticket() async throws {
        let county = County { $0.consentText = "Nur dienstlich." }
        let ticket = Array(try await county.ticket().utf8)
        let grant = try granted(try await tunnel(county, .ticket(ticket)))
        #expect(
            grant
                == TunnelGrant(
                    ticket: ticket,
                    redirection: 0x17,
                    idleMinutes: 30,
                    consentText: "Nur dienstlich."
                )
        )
        #expect(try await county.state()?.state == .issued, "a tunnel uses nothing up")
    }

    @Test("refuses tickets that are bad, late, foreign or the browser's")
    func refuses() async throws {
        let county = County()
        let ticket = Array(try await county.ticket().utf8)
        let browser = Array(try await county.ticket(kind: .browser).utf8)
        #expect(try await tunnel(county, .ticket([])).code == .ticketMalformed)
        #expect(try await tunnel(county, .ticket([UInt8](repeating: 0x30, count: 26))).code == .ticketInvalid)
        #expect(try await tunnel(county, .ticket(ticket), network: 9).code == .wrongNetwork)
        #expect(try await tunnel(county, .ticket(browser)).code == .desktopDenied)
        county.clock.advance(seconds: 300)
        #expect(try await tunnel(county, .ticket(ticket)).code == .ticketInvalid)
        #expect(county.audit.names.suffix(5).allSatisfy { $0 == "tunnel.refused" })
    }

    @Test("Basic credentials make a ticket that opens a desktop by name")
    func basicCredentials() async throws {
        let county = County({ $0.basic = true }, basic: Self.basic)
        await county.connectGate()
        let secret = Array("geheim,123456".utf8)
        let grant = try granted(try await tunnel(county, .basic(user: "erika", secret: secret)))
        #expect(grant.ticket.count == 26)
        #expect(grant.redirection == 0x17)
        let text = String(decoding: grant.ticket, as: UTF8.self)
        #expect(try await county.open(text, name: "rk-01").code == .desktopDenied, "not her pool")
        #expect(try await county.open(text, name: "rb-99").code == .desktopDenied)
        let session = try granted(try await county.open(text, name: "rb-02"))
        #expect(county.store.allTickets.first?.desktop == "rhoenblick/buero/rb-02")
        #expect(!session.resumes)
        #expect(county.audit.names.contains("sign-in.succeeded"))
    }

    @Test("Basic credentials are refused when wrong, and always while Basic is off")
    func basicRefused() async throws {
        let secret = Array("geheim,123456".utf8)
        let off = County(basic: Self.basic)
        #expect(try await tunnel(off, .basic(user: "erika", secret: secret)).code == .credentialsWrong)
        let on = County({ $0.basic = true }, basic: Self.basic)
        #expect(try await tunnel(on, .basic(user: "erika", secret: [0x78])).code == .credentialsWrong)
        #expect(on.audit.names == ["sign-in.failed"])
        #expect(on.audit.last("sign-in.failed", "actor") == .text("erika"))
        #expect(on.store.allTickets.isEmpty)
    }

    @Test("a password that was changed on the way is recorded, and lets nobody in by itself")
    func basicChanged() async throws {
        let county = County(
            { $0.basic = true },
            basic: { _, _, _ in BasicOutcome(person: nil, changed: County.erika) }
        )
        #expect(try await tunnel(county, .basic(user: "ERIKA", secret: [0x78])).code == .credentialsWrong)
        #expect(county.audit.names == ["password.changed", "sign-in.failed"])
        #expect(county.audit.last("password.changed", "actor") == .text("erika"))
        #expect(county.audit.last("password.changed", "municipality") == .text("rhoenblick"))
        #expect(county.audit.last("password.changed", "src_ip") == .text("192.0.2.7"))
    }

    @Test("a ticket works as Basic secret for its owner alone")
    func basicWithTicket() async throws {
        let county = County { $0.basic = true }
        let ticket = Array(try await county.ticket().utf8)
        #expect(try granted(try await tunnel(county, .basic(user: "erika", secret: ticket))).ticket == ticket)
        #expect(try await tunnel(county, .basic(user: "other", secret: ticket)).code == .credentialsWrong)
    }

    @Test("reauthentication needs the session's own ticket and a person who is still allowed")
    func reauthenticate() async throws {
        let county = County()
        await county.connectGate()
        let text = try await county.ticket()
        let other = Array(try await county.ticket().utf8)
        let session = try await county.connected(text).session
        let ticket = Array(text.utf8)
        let purpose = TunnelPurpose.reauthenticate(session)
        _ = try granted(try await tunnel(county, .ticket(ticket), purpose))
        #expect(try await tunnel(county, .ticket(other), purpose).code == .reauthenticationFailed)
        await county.service.signedOut(County.erika, web: County.web, client: nil)
        #expect(try await tunnel(county, .ticket(ticket), purpose).code == .reauthenticationFailed)
    }
}
