// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what new rules, other groups and the hour do to sessions that run.

import AccessPolicy
import AuditEvents
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct WatchingTests {
    /// Erika, who signed in at nine o'clock.
    static let erika = SignedInPerson(
        user: "erika",
        displayName: "",
        groups: ["rb-buero"],
        secondFactor: .totp,
        signedInAt: 1_795_507_200_000
    )

    private func running(
        _ county: County,
        _ desktop: String = "rhoenblick/buero/rb-10"
    ) async throws -> (ticket: String, session: SessionID) {
        await county.connectGate()
        let ticket = try await county.ticket(desktop, person: Self.erika)
        let name = String(desktop.split(separator: "/").last ?? "")
        let grant = try granted(try await county.open(ticket, name: name))
        await county.service.sessionStarted(
            SessionStarted(session: grant.session, connectedTo: "10.20.1.11:3390"),
            from: GateID(1)
        )
        await county.service.tick()
        return (ticket, grant.session)
    }

    @Test("ends a session with the next tick after its rule was withdrawn, and the person reads why")
    func withdrawn() async throws {
        let county = County()
        let (ticket, session) = try await running(county)
        var rules = County.policy
        rules.municipalities[1].pools[0].groups = ["rb-andere"]
        county.reload(rules)
        county.clock.advance(seconds: 1)
        await county.service.tick()
        #expect(county.gate.ends == [.terminate(session, reason: .accessWithdrawn)])
        let text = try #require(county.gate.texts.first)
        #expect(text.hasPrefix("Dieser Arbeitsplatz ist für Sie nicht freigegeben."))
        let reference = try #require(county.audit.last("session.refused", "reference"))
        guard case .text(let named) = reference else { return }
        #expect(text.hasSuffix("Kennung: \(named)"))
        #expect(county.audit.last("session.refused", "reason_code") == .text("not-in-group"))
        #expect(try await county.open(ticket, predecessor: .broken).code == .ticketInvalid)
    }

    @Test("lets a session go on when new rules still allow it")
    func kept() async throws {
        let county = County()
        _ = try await running(county)
        county.reload(County.policy(rows: [AccessRow(name: "alle", groups: ["rb-buero"])]))
        county.clock.advance(seconds: 20)
        await county.service.tick()
        #expect(county.gate.messages.isEmpty)
    }

    @Test("ends a session that a new guardrail forbids")
    func guardrail() async throws {
        let county = County()
        let (_, session) = try await running(county)
        county.reload(
            County.policy(
                guardrails: """
                    @id("incident")
                    forbid (principal, action in Gw::Action::"session", resource in Gw::Municipality::"rhoenblick");
                    """
            )
        )
        county.clock.advance(seconds: 1)
        await county.service.tick()
        #expect(county.gate.ends == [.terminate(session, reason: .accessWithdrawn)])
        #expect(county.audit.last("session.refused", "policy_rule") == .text("policies/incident"))
    }

    @Test("warns fifteen and two minutes before the hours end, then ends the session as a limit")
    func closing() async throws {
        let county = County()
        // 21:30; the evening ends at 22:00.
        county.clock.advance(seconds: 12 * 3600 + 1800)
        let (_, session) = try await running(county, "rhoenblick/abend/ra-01")
        var told: [Int: Int] = [:]
        for second in 1...1805 {
            county.clock.advance(seconds: 1)
            await county.service.tick()
            told[county.gate.texts.count] = told[county.gate.texts.count] ?? second
            if !county.gate.ends.isEmpty { break }
        }
        #expect(told[1] == 900)
        #expect(told[2] == 1680)
        let texts = county.gate.texts
        #expect(texts.count == 3)
        #expect(
            texts.first == "Der Arbeitsplatz „Abenddienst“ schließt um 22:00 Uhr, in 15 Minuten. "
                + "Bitte speichern Sie Ihre Arbeit und melden Sie sich ab."
        )
        #expect(texts.dropFirst().first?.contains("in 2 Minuten") == true)
        #expect(texts.last?.contains("nur zu diesen Zeiten freigegeben: Mo,Di 18:00-22:00 Uhr") == true)
        #expect(county.gate.ends == [.terminate(session, reason: .sessionLimit)])
        #expect(told[3] == 1800)
    }

    @Test("warns at once whoever opens a desktop shortly before it closes")
    func shortlyBefore() async throws {
        let county = County()
        county.clock.advance(seconds: 13 * 3600 - 290)
        _ = try await running(county, "rhoenblick/abend/ra-01")
        #expect(county.gate.texts.count == 1)
        #expect(county.gate.texts.first?.contains("in 5 Minuten") == true)
    }

    @Test("does not announce an end that new rules have put off")
    func extended() async throws {
        let county = County()
        county.clock.advance(seconds: 12 * 3600)
        _ = try await running(county, "rhoenblick/abend/ra-01")
        var rules = County.policy
        rules.municipalities[1].pools[2].hours = [PolicyHours(days: [1, 2], from: 1080, until: 1440)]
            .compactMap { $0 }
        county.reload(rules)
        for _ in 0..<70 {
            county.clock.advance(seconds: 60)
            await county.service.tick()
        }
        #expect(county.gate.messages.isEmpty)
    }

    // MARK: Groups

    @Test("ends the session of whoever left the group, though she never signed out")
    func groupLeft() async throws {
        let county = County()
        county.groups.set("erika", ["rb-buero"])
        let (_, session) = try await running(county)
        county.groups.set("erika", ["gemeinde-rhoenblick"])
        county.clock.advance(seconds: 590)
        await county.service.tick()
        #expect(county.gate.messages.isEmpty)
        for _ in 0..<3 {
            county.clock.advance(seconds: 11)
            await county.service.tick()
        }
        #expect(county.gate.ends.first == .terminate(session, reason: .accessWithdrawn))
    }

    @Test("gives no ticket to whoever left the group since she signed in")
    func noTicket() async throws {
        let county = County()
        county.groups.set("erika", ["gemeinde-rhoenblick"])
        county.clock.advance(seconds: 61)
        await #expect(throws: AccessRefusal.self) { _ = try await county.ticket(person: Self.erika) }
        #expect(county.audit.last("ticket.refused", "reason_code") == .text("not-in-group"))
    }

    @Test("goes on with the groups it knows while they cannot be looked up, and asks no more than needed")
    func lookUpAway() async throws {
        let county = County()
        county.clock.advance(seconds: 61)
        _ = try await county.ticket(person: Self.erika)
        _ = try await county.ticket(person: Self.erika)
        #expect(county.groups.asked == 1)
    }

    // MARK: Records

    @Test("names rules and their version in what it records, and explains a refusal to an operator")
    func records() async throws {
        let county = County()
        let (_, _) = try await running(county)
        let version = county.holder.current.decider.version
        for event in ["ticket.issued", "session.opened"] {
            #expect(county.audit.last(event, "policy_rule") == .text("rhoenblick/buero/groups"))
            #expect(county.audit.last(event, "policy_version") == .text(version))
        }
        var refusal: AccessRefusal?
        do throws(AccessRefusal) {
            _ = try await county.service.issueTicket(
                for: Self.erika,
                web: County.web,
                desktop: "rhoenblick/abend/ra-01",
                kind: .client,
                client: try County.browser()
            )
        } catch {
            refusal = error
        }
        let reference = try #require(refusal?.reference)
        let reason = try #require(try await county.service.why(reference, by: ActingOperator(account: "op")))
        #expect(reason.reason == "outside-hours")
        #expect(reason.rule == "rhoenblick/abend/groups")
        #expect(reason.policyVersion == version)
        let lines = try #require(reason.explanation)
        #expect(lines.contains { $0.hasPrefix("nearly allowed by rhoenblick/abend/groups") })
        #expect(lines.contains { $0.contains("context.local.minute = 540") })
    }

    @Test("records a rule that cannot be evaluated once, and refuses what it might forbid")
    func fault() async throws {
        let county = County(
            policy: County.policy(
                guardrails: """
                    @id("overflow")
                    forbid (principal, action in Gw::Action::"session", resource)
                    when { context.local.minute + 9223372036854775807 < 0 };
                    """
            )
        )
        for _ in 0..<3 {
            await #expect(throws: AccessRefusal.self) { _ = try await county.ticket(person: Self.erika) }
            await county.service.tick()
        }
        #expect(county.audit.names.count { $0 == "policy.fault" } == 1)
        #expect(county.audit.last("policy.fault", "policy_rule") == .text("policies/overflow"))
        #expect(county.audit.last("ticket.refused", "reason_code") == .text("policy-fault"))
    }

    // MARK: The list

    @Test("lists a desktop with the ways that are open, and none that is only forbidden to others")
    func list() async throws {
        let rows = [
            AccessRow(name: "browser", groups: ["rb-buero"], pools: ["buero"], clients: [.browser]),
            AccessRow(name: "rathaus", groups: ["rb-buero"], pools: ["kasse"], zones: ["rathaus"]),
        ]
        let county = County(
            policy: County.policy(
                rows: rows,
                guardrails: """
                    @id("talheim-closed")
                    forbid (principal, action in Gw::Action::"session", resource in Gw::Municipality::"talheim")
                    unless { principal in Gw::Group::"rb-buero" };
                    """
            )
        )
        let client = try County.browser(network: 3)
        let list = try await county.service.desktops(of: Self.erika, client: client)
        let ways = Dictionary(list.map { ($0.id, $0.ways) }) { first, _ in first }
        #expect(ways["rhoenblick/buero/rb-10"] == [.browser])
        #expect(ways["talheim/amt/th-01"] == [.client, .browser])
        let kasse = try #require(list.first { $0.id == "rhoenblick/kasse/rk-01" })
        #expect(kasse.unavailable?.german.contains("aus Ihrem jetzigen Netz") == true)
        let other = SignedInPerson(
            user: "o",
            displayName: "",
            groups: ["gemeinde-rhoenblick"],
            secondFactor: .totp,
            signedInAt: county.clock.now
        )
        #expect(try await county.service.desktops(of: other, client: client).isEmpty)
    }
}

extension County {
    /// The portal's client; 192.0.3.7 is in no zone.
    static func browser(network: UInt8 = 2) throws(AccessRefusal) -> ClientContext {
        do {
            return try client(transport: .browser, network: network)
        } catch {
            throw AccessRefusal(
                code: .unavailable,
                reference: "",
                text: LocalizedText(german: "", english: "")
            )
        }
    }
}
