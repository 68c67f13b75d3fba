// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the portal gets from the service.

import AuditEvents
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct PortalAccessTests {
    let county = County()

    private func refusal(_ body: () async throws(AccessRefusal) -> Void) async -> AccessRefusal? {
        do throws(AccessRefusal) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("records a sign-in before the person is in")
    func signedIn() async throws {
        let client = try County.client(transport: .browser)
        try await county.service.signedIn(County.erika, web: County.web, client: client)
        #expect(county.audit.names == ["sign-in.succeeded"])
        #expect(county.audit.last("sign-in.succeeded", "auth_factors") == .list(["password", "otp"]))
        #expect(county.audit.last("sign-in.succeeded", "municipality") == .text("rhoenblick"))
    }

    @Test(
        "records which second factor was shown",
        arguments: zip(SignInFactor.allCases, [[], ["otp"], ["push"], ["webauthn"], ["smartcard"]])
    )
    func factors(shown: SignInFactor, words: [String]) async throws {
        let person = SignedInPerson(
            user: "erika",
            displayName: "",
            groups: County.erika.groups,
            secondFactor: shown
        )
        let client = try County.client(transport: .browser)
        try await county.service.signedIn(person, web: County.web, client: client)
        #expect(county.audit.last("sign-in.succeeded", "auth_factors") == .list(["password"] + words))
    }

    @Test("records a changed password with who it was and from where")
    func passwordChanged() async throws {
        let client = try County.client(transport: .browser)
        await county.service.passwordChanged(County.erika, client: client)
        #expect(county.audit.names == ["password.changed"])
        #expect(county.audit.last("password.changed", "actor") == .text("erika"))
        #expect(county.audit.last("password.changed", "actor_kind") == .text("person"))
        #expect(county.audit.last("password.changed", "municipality") == .text("rhoenblick"))
        #expect(county.audit.last("password.changed", "src_ip") == .text("192.0.2.7"))
        #expect(county.audit.last("password.changed", "correlation_id") != nil)
        // Nothing about it is an access; without municipality and group it is on record too.
        await county.service.passwordChanged(County.stranger, client: client)
        #expect(county.audit.names == ["password.changed", "password.changed"])
        #expect(county.audit.last("password.changed", "actor") == .text("fremd"))
    }

    @Test("lets nobody in who cannot be recorded")
    func signInFailsClosed() async throws {
        county.audit.isFull = true
        let client = try County.client(transport: .browser)
        let refusal = await refusal { () async throws(AccessRefusal) in
            try await county.service.signedIn(County.erika, web: County.web, client: client)
        }
        #expect(refusal?.code == .unavailable)
        #expect(refusal?.reference.hasPrefix("R-") == true)
    }

    @Test("refuses strangers with a reference that can be looked up")
    func stranger() async throws {
        let client = try County.client(transport: .browser)
        let refusal = await refusal { () async throws(AccessRefusal) in
            try await county.service.signedIn(County.stranger, web: County.web, client: client)
        }
        let reference = try #require(refusal?.reference)
        let reason = try await county.service.why(reference.lowercased(), by: ActingOperator(account: "op"))
        #expect(reason?.reason == "no-municipality")
        #expect(reason?.user == "fremd")
        #expect(reason?.source == "192.0.2.7")
        #expect(county.audit.names == ["sign-in.refused", "reference.looked-up"])
    }

    @Test("names a failed sign-in's user only when it is one")
    func failedSignIn() async throws {
        let client = try County.client(transport: .browser)
        let failure = SignInFailure(code: .denied, retryAfterSeconds: 0)
        _ = await county.service.signInFailed(failure, user: "erika", client: client)
        #expect(county.audit.last("sign-in.failed", "actor") == .text("erika"))
        _ = await county.service.signInFailed(failure, user: "MeinPasswort1!", client: client)
        #expect(county.audit.last("sign-in.failed", "actor") == nil)
        #expect(
            !county.store.allReasons.contains {
                $0.user == "MeinPasswort1!" || $0.detail.contains("Passwort1")
            }
        )
        let blocked = SignInFailure(code: .tooManyTries, retryAfterSeconds: 30)
        _ = await county.service.signInFailed(blocked, user: "erika", client: client)
        #expect(county.audit.names.last == "sign-in.blocked")
    }

    @Test("lists the own municipality first, in German order, with a sentence for what is closed")
    func lists() async throws {
        let client = try County.client(transport: .browser)
        let desktops = try await county.service.desktops(of: County.erika, client: client)
        #expect(
            desktops.map(\.id) == [
                "rhoenblick/abend/ra-01", "rhoenblick/buero/rb-02", "rhoenblick/buero/rb-10",
                "talheim/amt/th-01",
            ]
        )
        #expect(desktops.first?.unavailable?.german.contains("Mo,Di 18:00-22:00 Uhr") == true)
        #expect(desktops.dropFirst().allSatisfy { $0.unavailable == nil })
        #expect(desktops.allSatisfy { $0.port == 3389 && !$0.address.contains("10.20") })
        #expect(desktops.last?.ways == [.client, .browser])
    }

    @Test("issues a ticket, keeps only its hash, and records it")
    func issues() async throws {
        let text = try await county.ticket()
        #expect(text.utf8.count == 26)
        let ticket = try #require(county.store.allTickets.first)
        #expect(ticket.standing == TicketStanding(.issued))
        #expect(ticket.expiresAt == county.clock.now + 300_000)
        #expect(!String(describing: ticket).contains(text))
        #expect(county.audit.names == ["ticket.issued"])
        #expect(!county.audit.events.contains { String(describing: $0).contains(text) })
    }

    @Test("issues nothing that cannot be recorded")
    func issueFailsClosed() async throws {
        county.audit.isFull = true
        let client = try County.client(transport: .browser)
        let refusal = await refusal { () async throws(AccessRefusal) in
            _ = try await county.service.issueTicket(
                for: County.erika,
                web: County.web,
                desktop: "rhoenblick/buero/rb-10",
                kind: .client,
                client: client
            )
        }
        #expect(refusal?.code == .unavailable)
        #expect(county.store.allTickets.allSatisfy { $0.standing.state == .ended })
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let name: String
        let desktop: String
        let code: RefusalCode
        var testDescription: String { name }
    }

    @Test(
        "refuses tickets for what a person may not open",
        arguments: [
            Refused(name: "another pool", desktop: "rhoenblick/kasse/rk-01", code: .desktopDenied),
            Refused(name: "no such desktop", desktop: "rhoenblick/buero/rb-99", code: .desktopDenied),
            Refused(name: "closed now", desktop: "rhoenblick/abend/ra-01", code: .desktopDenied),
        ]
    )
    func refuses(_ wanted: Refused) async throws {
        let client = try County.client(transport: .browser)
        let refusal = await refusal { () async throws(AccessRefusal) in
            _ = try await county.service.issueTicket(
                for: County.erika,
                web: County.web,
                desktop: wanted.desktop,
                kind: .client,
                client: client
            )
        }
        #expect(refusal?.code == wanted.code)
        #expect(county.store.allTickets.isEmpty)
        #expect(county.audit.names == ["ticket.refused"])
    }

    @Test("stops at a limit of unused tickets")
    func tooManyTickets() async throws {
        for _ in 0..<SessionService.unusedTicketsPerPerson { _ = try await county.ticket() }
        await #expect(throws: AccessRefusal.self) { try await county.ticket() }
        #expect(county.store.allTickets.count == SessionService.unusedTicketsPerPerson)
    }

    @Test("a ticket that was being made when the person signed out opens nothing")
    func signOutDuringIssue() async throws {
        let service = county.service
        county.audit.whileWriting { event in
            guard event.name == "ticket.issued" else { return }
            await service.signedOut(County.erika, web: County.web, client: nil)
        }
        await #expect(throws: AccessRefusal.self) { try await county.ticket() }
        #expect(county.store.allTickets.allSatisfy { $0.standing.state == .ended })
    }
}
