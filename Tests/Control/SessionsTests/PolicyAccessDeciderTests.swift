// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the decider makes of the policy's answers.

import AccessPolicy
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct PolicyAccessDeciderTests {
    /// Tuesday 24 November 2026, 09:00 in Berlin.
    static let morning: UInt64 = 1_795_507_200_000
    static let hour: UInt64 = 3_600_000

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var groups = ["rb-buero"]
        var action: AccessAction = .openSession
        var desktop: String? = "rhoenblick/buero/rb-10"
        var secondFactor = SignInFactor.totp
        /// Seconds.
        var signedInBefore: UInt64? = 60
        var client = County.machine()
        var time: UInt64 = morning
        /// Seconds before `time`.
        var openedBefore: UInt64?
        /// Nil when allowed.
        let reason: String?
        var listed = false
        var testDescription: String { name }

        var request: AccessRequest {
            AccessRequest(
                person: SignedInPerson(
                    user: "u",
                    displayName: "",
                    groups: groups,
                    secondFactor: secondFactor,
                    signedInAt: signedInBefore.map { time - $0 * 1000 }
                ),
                action: action,
                desktop: desktop.flatMap { County.directory.desktop($0) },
                client: client,
                time: time,
                openedAt: openedBefore.map { time - $0 * 1000 }
            )
        }
    }

    private func check(_ wanted: Case, _ decider: PolicyAccessDecider) {
        switch decider.decide(wanted.request) {
        case .allowed(let grant):
            #expect(wanted.reason == nil)
            #expect(!grant.rules.isEmpty && grant.policyVersion == decider.version)
        case .refused(let denial):
            #expect(denial.reason == wanted.reason)
            #expect(denial.listed == wanted.listed)
        }
    }

    private static func decider(_ input: PolicyInput) -> PolicyAccessDecider {
        .of(input, SessionRules(directory: County.directory))
    }

    // MARK: Pools without rows

    @Test(
        "decides by group and clock while a pool has no rows",
        arguments: [
            Case(
                name: "a member signs in",
                groups: ["gemeinde-rhoenblick"],
                action: .signIn,
                desktop: nil,
                reason: nil
            ),
            Case(name: "a guest of one pool signs in", action: .signIn, desktop: nil, reason: nil),
            Case(
                name: "a stranger",
                groups: ["users"],
                action: .signIn,
                desktop: nil,
                reason: "no-municipality"
            ),
            Case(
                name: "nobody's groups",
                groups: [],
                action: .listDesktops,
                desktop: nil,
                reason: "no-municipality"
            ),
            Case(name: "a pool's member", reason: nil),
            Case(
                name: "a municipality's member who is not in the pool",
                groups: ["gemeinde-rhoenblick"],
                reason: "not-in-group"
            ),
            Case(
                name: "another municipality's member",
                groups: ["gemeinde-talheim"],
                action: .resume,
                reason: "not-in-group"
            ),
            Case(
                name: "before the evening",
                action: .issueTicket,
                desktop: "rhoenblick/abend/ra-01",
                reason: "outside-hours",
                listed: true
            ),
            Case(
                name: "in the evening",
                action: .issueTicket,
                desktop: "rhoenblick/abend/ra-01",
                time: morning + 10 * hour,
                reason: nil
            ),
            Case(
                name: "nobody's desktop does not show",
                groups: ["users"],
                action: .listDesktops,
                reason: "not-in-group"
            ),
            Case(name: "no desktop", action: .keepSession, desktop: nil, reason: "desktop-unknown"),
        ]
    )
    func pools(_ wanted: Case) { check(wanted, Self.decider(County.policy)) }

    // MARK: Rows

    static let rows = [
        AccessRow(
            name: "rathaus",
            groups: ["rb-buero"],
            pools: ["buero"],
            zones: ["rathaus"],
            may: Set(PolicyRedirection.allCases)
        ),
        AccessRow(
            name: "homeoffice",
            groups: ["rb-heim"],
            pools: ["buero"],
            hours: [PolicyHours(days: [1, 2, 3, 4, 5], from: 6 * 60, until: 20 * 60)].compactMap { $0 },
            factor: .any,
            factorSeconds: 8 * 3600,
            may: [.clipboardIn, .print],
            idleSeconds: 900
        ),
        AccessRow(name: "kasse", groups: ["rb-kasse"], pools: ["kasse"], managedDevice: true),
        AccessRow(name: "abend", groups: ["rb-buero"], pools: ["abend"], clients: [.browser]),
    ]
    static let outside = County.machine([203, 0, 113, 9])

    @Test(
        "asks rows about everything a row can say",
        arguments: [
            Case(name: "from the town hall", reason: nil),
            Case(name: "from elsewhere", client: outside, reason: "network-zone", listed: true),
            Case(name: "at home", groups: ["rb-heim"], client: outside, reason: nil),
            Case(
                name: "at home at night",
                groups: ["rb-heim"],
                client: outside,
                time: morning + 13 * hour,
                reason: "outside-hours",
                listed: true
            ),
            Case(
                name: "at home without a code",
                groups: ["rb-heim"],
                secondFactor: .none,
                client: outside,
                reason: "second-factor",
                listed: true
            ),
            Case(
                name: "with a code of this morning",
                groups: ["rb-heim"],
                signedInBefore: 9 * 3600,
                client: outside,
                reason: "second-factor",
                listed: true
            ),
            Case(
                name: "with a code of nobody knows when",
                groups: ["rb-heim"],
                signedInBefore: nil,
                client: outside,
                reason: "second-factor",
                listed: true
            ),
            Case(
                name: "a session outlives its code",
                groups: ["rb-heim"],
                action: .keepSession,
                signedInBefore: 9 * 3600,
                client: outside,
                openedBefore: 8 * 3600,
                reason: nil
            ),
            Case(
                name: "a broken line is no new session",
                groups: ["rb-heim"],
                action: .resume,
                signedInBefore: 9 * 3600,
                client: outside,
                openedBefore: 8 * 3600,
                reason: nil
            ),
            Case(
                name: "the till from a machine of one's own",
                groups: ["rb-kasse"],
                desktop: "rhoenblick/kasse/rk-01",
                reason: "device",
                listed: true
            ),
            Case(
                name: "the till from a managed machine",
                groups: ["rb-kasse"],
                desktop: "rhoenblick/kasse/rk-01",
                client: County.machine(device: ManagedDevice(name: "nb-17")),
                reason: nil
            ),
            Case(
                name: "the other way",
                desktop: "rhoenblick/abend/ra-01",
                reason: "client-kind",
                listed: true
            ),
            Case(
                name: "the right way",
                desktop: "rhoenblick/abend/ra-01",
                client: County.machine(way: .browser),
                reason: nil
            ),
        ]
    )
    func rows(_ wanted: Case) { check(wanted, Self.decider(County.policy(rows: Self.rows))) }

    @Test("binds a grant to the strictest of row and pool, and needs both directions for a clipboard")
    func obligations() throws {
        let decider = PolicyAccessDecider.of(
            County.policy(rows: Self.rows),
            SessionRules(directory: County.directory, reauthenticateSeconds: 3600, consentText: "Dienstlich.")
        )
        let home = Case(name: "", groups: ["rb-heim"], client: Self.outside, reason: nil)
        let hall = Case(name: "", reason: nil)
        guard case .allowed(let atHome) = decider.decide(home.request),
            case .allowed(let inHall) = decider.decide(hall.request)
        else {
            Issue.record("both may")
            return
        }
        #expect(
            atHome.obligations
                == Obligations(
                    idleSeconds: 900,
                    longestSeconds: 36_000,
                    redirections: [.printer],
                    reauthenticateSeconds: 3600,
                    consentText: "Dienstlich."
                )
        )
        #expect(atHome.rules == ["rhoenblick/access/homeoffice"])
        #expect(inHall.obligations.redirections == Set(Redirection.allCases))
        #expect(inHall.obligations.idleSeconds == 1800)
    }

    // MARK: Guardrails

    static let guardrail = """
        @id("mfa-outside")
        @stepup("totp")
        forbid (principal, action in Gw::Action::"session", resource)
        unless { context.zone in Gw::Zone::"rathaus" || context.mfa != Gw::Mfa::"none" };

        @id("no-clipboard")
        forbid (principal, action in [Gw::Action::"clipboardIn", Gw::Action::"clipboardOut"], resource)
        when { resource.sensitive };

        @id("kasse-closed")
        forbid (principal, action in Gw::Action::"session", resource in Gw::DesktopPool::"rhoenblick/kasse");
        """

    @Test(
        "lets guardrails win over every row",
        arguments: [
            Case(
                name: "outside without a code",
                secondFactor: .none,
                client: outside,
                reason: "second-factor",
                listed: true
            ),
            Case(name: "outside with a code", client: outside, reason: nil),
            Case(
                name: "closed by the county",
                groups: ["rb-kasse"],
                desktop: "rhoenblick/kasse/rk-01",
                reason: "guardrail",
                listed: true
            ),
            Case(
                name: "whoever is not in the pool does not learn that the county closed it",
                desktop: "rhoenblick/kasse/rk-01",
                reason: "guardrail"
            ),
        ]
    )
    func guardrails(_ wanted: Case) {
        let decider = Self.decider(County.policy(guardrails: Self.guardrail, sensitive: ["buero"]))
        check(wanted, decider)
        guard case .refused(let denial) = decider.decide(wanted.request), !wanted.listed else { return }
        #expect(denial.text == AccessDenial.notInPool(rule: "").text)
    }

    @Test("switches the clipboard off for a sensitive pool and nothing else")
    func sensitive() {
        let request = Case(name: "", reason: nil).request
        for (pools, redirections) in [(["buero"], Set<Redirection>()), (["kasse"], [.clipboard])] {
            let decider = Self.decider(County.policy(guardrails: Self.guardrail, sensitive: Set(pools)))
            guard case .allowed(let grant) = decider.decide(request) else {
                Issue.record("she may open it")
                continue
            }
            #expect(grant.obligations.redirections == redirections)
        }
    }

    @Test("refuses when a guardrail cannot be evaluated, and names it")
    func fault() {
        let broken = """
            @id("overflow")
            forbid (principal, action in Gw::Action::"session", resource)
            when { context.local.minute + 9223372036854775807 < 0 };
            """
        let decision = Self.decider(County.policy(guardrails: broken)).decide(
            Case(name: "", reason: nil).request
        )
        guard case .refused(let denial) = decision else {
            Issue.record("a guardrail that cannot be asked must not be passed")
            return
        }
        #expect(denial.reason == "policy-fault")
        #expect(denial.code == .unavailable)
        #expect(denial.faults.map(\.rule) == ["policies/overflow"])
    }

    // MARK: Which second factor

    static let factorRows = [
        AccessRow(name: "token", groups: ["rb-buero"], pools: ["buero"], factor: .oneOf([.webauthn])),
        AccessRow(
            name: "either",
            groups: ["rb-buero"],
            pools: ["kasse"],
            factor: .oneOf([.push, .smartcard]),
            factorSeconds: 3600
        ),
    ]
    static let keyOutside = """
        @id("key-outside")
        @stepup("webauthn")
        forbid (principal, action in Gw::Action::"session", resource)
        unless { context.zone in Gw::Zone::"rathaus" || context.mfa == Gw::Mfa::"webauthn" };
        """
    static let keyAtTheDoor = """
        @id("key-at-the-door")
        @stepup("webauthn,smartcard")
        forbid (principal, action == Gw::Action::"login", resource)
        unless { [Gw::Mfa::"webauthn", Gw::Mfa::"smartcard"].contains(context.mfa) };
        """

    @Test(
        "opens what asks for one factor to that factor only",
        arguments: SignInFactor.allCases
    )
    func oneFactor(_ shown: SignInFactor) {
        var wanted = Case(name: "", secondFactor: shown, reason: shown == .webauthn ? nil : "second-factor")
        wanted.listed = wanted.reason != nil
        check(wanted, Self.decider(County.policy(rows: Self.factorRows)))
    }

    struct Told: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: Case
        var rows: [AccessRow] = []
        var guardrails = ""
        let german: String
        let english: String
    }

    @Test(
        "tells which factor is wanted",
        arguments: [
            Told(
                testDescription: "a guardrail wants a key, she showed a code",
                request: Case(name: "", client: outside, reason: nil),
                guardrails: keyOutside,
                german: "Dafür ist eine Anmeldung mit Sicherheitsschlüssel nötig. "
                    + "Bitte melden Sie sich ab und damit wieder an.",
                english: "This needs a sign-in with a security key. "
                    + "Please sign out, and sign in again that way."
            ),
            Told(
                testDescription: "a row wants a key, she showed nothing",
                request: Case(name: "", secondFactor: .none, reason: nil),
                rows: factorRows,
                german: "Dafür ist eine Anmeldung mit Sicherheitsschlüssel nötig. "
                    + "Bitte melden Sie sich ab und damit wieder an.",
                english: "This needs a sign-in with a security key. "
                    + "Please sign out, and sign in again that way."
            ),
            Told(
                testDescription: "a row takes two, she showed a third",
                request: Case(
                    name: "",
                    desktop: "rhoenblick/kasse/rk-01",
                    secondFactor: .webauthn,
                    reason: nil
                ),
                rows: factorRows,
                german: "Dafür ist eine Anmeldung mit Bestätigung am Telefon oder Chipkarte nötig. "
                    + "Bitte melden Sie sich ab und damit wieder an.",
                english: "This needs a sign-in with a confirmation on your phone or a smart card. "
                    + "Please sign out, and sign in again that way."
            ),
            Told(
                testDescription: "her card is of this morning",
                request: Case(
                    name: "",
                    desktop: "rhoenblick/kasse/rk-01",
                    secondFactor: .smartcard,
                    signedInBefore: 7200,
                    reason: nil
                ),
                rows: factorRows,
                german: "Ihre Anmeldung liegt dafür zu lange zurück. "
                    + "Bitte melden Sie sich ab und mit Bestätigung am Telefon oder Chipkarte wieder an.",
                english: "You signed in too long ago for this. Please sign out, and sign in again with "
                    + "a confirmation on your phone or a smart card."
            ),
            Told(
                testDescription: "at the door there is nothing to sign out of",
                request: Case(name: "", action: .signIn, desktop: nil, reason: nil),
                guardrails: keyAtTheDoor,
                german: "Dafür ist eine Anmeldung mit Sicherheitsschlüssel oder Chipkarte nötig. "
                    + "Bitte melden Sie sich damit an.",
                english: "This needs a sign-in with a security key or a smart card. Please sign in that way."
            ),
        ]
    )
    func told(_ each: Told) {
        let decider = Self.decider(County.policy(rows: each.rows, guardrails: each.guardrails))
        guard case .refused(let denial) = decider.decide(each.request.request) else {
            Issue.record("another factor was shown")
            return
        }
        #expect(denial.reason == "second-factor")
        #expect(denial.text == LocalizedText(german: each.german, english: each.english))
    }

    // MARK: What comes, and why

    @Test("sees the end of the hours before it comes")
    func outlook() {
        let decider = Self.decider(County.policy)
        // Tuesday 21:40.
        let evening = Case(
            name: "",
            action: .keepSession,
            desktop: "rhoenblick/abend/ra-01",
            time: Self.morning + 12 * Self.hour + 2_400_000,
            reason: nil
        )
        let end = Self.morning + 13 * Self.hour
        #expect(decider.outlook(evening.request, within: 1_800_000) == .closes(at: end))
        #expect(decider.outlook(evening.request, within: 1_199_999) == .lasts)
        #expect(
            decider.outlook(Case(name: "", action: .keepSession, reason: nil).request, within: 1_800_000)
                == .lasts
        )
    }

    @Test("explains a refusal with the first condition that failed and the values it saw")
    func explain() throws {
        let decider = Self.decider(County.policy(rows: Self.rows, guardrails: Self.guardrail))
        let night = Case(
            name: "",
            groups: ["rb-heim"],
            secondFactor: .none,
            client: Self.outside,
            time: Self.morning + 13 * Self.hour,
            reason: nil
        )
        let lines = decider.explain(night.request)
        let asked = try #require(lines.first)
        #expect(
            asked.contains("Di 22:00") && asked.contains("203.0.113.9") && asked.contains("zone internet")
        )
        #expect(
            lines.contains { $0.hasPrefix("forbidden by policies/mfa-outside (policies/county.cedar:1:") }
        )
        let near = try #require(
            lines.first { $0.hasPrefix("nearly allowed by rhoenblick/access/homeoffice") }
        )
        #expect(near.contains("context.local.minute = 1320"))
        #expect(near.contains("(and 1 more)"))
        #expect(lines.allSatisfy { $0.utf8.count <= 600 })
    }
}
