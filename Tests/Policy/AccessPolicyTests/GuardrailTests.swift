// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of guardrails, of what they ask for, and of failing on the safe side.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct GuardrailTests {
    private static let mfaOutside = """
        @id("mfa-outside") @stepup("totp,push,webauthn,smartcard")
        forbid (principal, action in Gw::Action::"session", resource)
        unless { context.zone in Gw::Zone::"verwaltungsnetz"
                 || (context.mfa != Gw::Mfa::"none" && context.mfaAge <= duration("12h")) };
        """

    @Test("a guardrail wins over every row, and its name and place are known")
    func wins() throws {
        let policy = try County.policy(
            guardrails: """
                // The first line is a remark.
                @id("closed-house")
                forbid (principal, action, resource in Gw::Municipality::"rhoenblick");
                """
        )
        let decision = policy.ask(["gemeinde-rhoenblick"])
        #expect(decision.reason == .guardrail)
        #expect(decision.rules.map(\.name) == ["policies/closed-house"])
        #expect(decision.rules.first?.origin.description == "policies/county.cedar:2:1")
        #expect(policy.ask(["stadt-schmalkalden"], .connect, .desktop("schmalkalden/buero/sk-01")).isAllowed)
    }

    @Test("a forbid that a stronger factor lifts asks for it")
    func stepUp() throws {
        let policy = try County.policy(guardrails: Self.mfaOutside)
        let target = PolicyTarget.desktop("rhoenblick/buero/rb-01")
        let bare = policy.ask(
            ["gemeinde-rhoenblick"],
            .connect,
            target,
            County.circumstances(factor: .none)
        )
        #expect(bare.reason == .factor)
        #expect(bare.stepUp == [.totp, .push, .webauthn, .smartcard])
        let stale = policy.ask(["gemeinde-rhoenblick"], .connect, target, County.circumstances(age: 43_201))
        #expect(stale.reason == .factor)
        #expect(stale.stepUp.contains(.totp))
        let inside = County.circumstances(from: "10.1.1.1", factor: .none)
        #expect(policy.ask(["gemeinde-rhoenblick"], .connect, target, inside).isAllowed)
        // A code would not help a stranger.
        let stranger = policy.ask(["standesamt"], .connect, target, County.circumstances(factor: .none))
        #expect(stranger.stepUp.isEmpty)
    }

    @Test("data does not leave a sensitive pool, and the session itself is allowed")
    func redirections() throws {
        let policy = try County.policy(
            guardrails: """
                @id("no-exfil-sensitive")
                forbid (principal, action in [Gw::Action::"clipboardOut", Gw::Action::"driveOut"], resource is Gw::Desktop)
                when { resource.sensitive };
                """
        )
        let decision = policy.ask(["standesamt"], .connect, .desktop("rhoenblick/standesamt/st-01"))
        #expect(decision.isAllowed)
        #expect(decision.redirections == [.clipboardIn, .driveIn, .print])
    }

    struct ReasonCase: CustomTestStringConvertible {
        let annotations: String
        let condition: String
        let reason: PolicyReason

        var testDescription: String { annotations + condition }
    }

    @Test(
        "a forbid says what it is about",
        arguments: [
            ReasonCase(annotations: "", condition: "context.local.weekday == 4", reason: .outsideHours),
            ReasonCase(
                annotations: "",
                condition: "context.ip.isInRange(ip(\"198.51.100.0/24\"))",
                reason: .zone
            ),
            ReasonCase(
                annotations: "",
                condition: "context.zone == Gw::Zone::\"internet\"",
                reason: .zone
            ),
            ReasonCase(
                annotations: "",
                condition: "context.trust != Gw::Trust::\"managed\"",
                reason: .device
            ),
            ReasonCase(
                annotations: "",
                condition: "context.client == Gw::Client::\"native\"",
                reason: .client
            ),
            ReasonCase(annotations: "", condition: "!principal.external", reason: .guardrail),
            ReasonCase(
                annotations: "@reason(\"device\")",
                condition: "!principal.external",
                reason: .device
            ),
            ReasonCase(
                annotations: "",
                condition: "context.mfaAge < duration(\"1h\") && context.local.minute < 700",
                reason: .guardrail
            ),
        ]
    )
    func reasons(_ one: ReasonCase) throws {
        let text =
            "@id(\"x\") \(one.annotations) forbid (principal, action, resource) when { \(one.condition) };"
        let decision = try County.policy(guardrails: text).ask(["gemeinde-rhoenblick"])
        #expect(decision.reason == one.reason)
    }

    // MARK: The safe side

    @Test("a forbid that cannot be evaluated forbids; where its scope does not match it does nothing")
    func faultyForbid() throws {
        // Strictly valid, and yet too large a number.
        let policy = try County.policy(
            guardrails: """
                @id("overflow")
                forbid (principal, action, resource in Gw::Municipality::"rhoenblick")
                when { context.local.minute * 9223372036854775807 < 0 };
                """
        )
        let decision = policy.ask(["gemeinde-rhoenblick"])
        #expect(decision.reason == .policyFault)
        #expect(decision.rules.map(\.name) == ["policies/overflow"])
        #expect(decision.faults.count == 1)
        #expect(decision.faults.first?.rule?.name == "policies/overflow")
        #expect(decision.faults.first?.message.contains("overflow") == true)
        let elsewhere = policy.ask(["stadt-schmalkalden"], .connect, .desktop("schmalkalden/buero/sk-01"))
        #expect(elsewhere.isAllowed)
        #expect(elsewhere.faults.isEmpty)
    }

    @Test("a faulty forbid about one redirection takes only that away, and is reported")
    func faultyRedirection() throws {
        let policy = try County.policy(
            guardrails: """
                @id("overflow")
                forbid (principal, action == Gw::Action::"print", resource)
                when { context.local.minute * 9223372036854775807 < 0 };
                """
        )
        let decision = policy.ask(["gemeinde-rhoenblick"])
        #expect(decision.isAllowed)
        #expect(decision.redirections == [.clipboardIn, .clipboardOut])
        #expect(decision.faults.map { $0.rule?.name } == ["policies/overflow"])
    }

    @Test("a permit that cannot be evaluated grants nothing and is reported")
    func faultyPermit() throws {
        let policy = try County.policy(
            guardrails: """
                @id("overflow")
                permit (principal, action in Gw::Action::"session", resource)
                when { context.local.minute * 9223372036854775807 < 0 };
                """
        )
        let stranger = policy.ask(["stadt-schmalkalden"])
        #expect(stranger.reason == .policyFault)
        #expect(stranger.faults.count == 1)
        let member = policy.ask(["gemeinde-rhoenblick"])
        #expect(member.isAllowed)
        #expect(member.faults.count == 1)
    }

    struct BadCase: CustomTestStringConvertible {
        let text: String
        /// Line and column, and a part of the message.
        let place: String
        let message: String

        var testDescription: String { message }
    }

    @Test(
        "mistakes in guardrails are found with file, line and column",
        arguments: [
            BadCase(
                text: "@id(\"a\")\nforbid (principal, action, resource)",
                place: ":2:37",
                message: "expected"
            ),
            BadCase(
                text: "\n  forbid (principal, action, resource);",
                place: ":2:3",
                message: "has no @id"
            ),
            BadCase(
                text: "@id(\"a b\\n\")\nforbid (principal, action, resource);",
                place: ":1:1",
                message: "@id is no name"
            ),
            BadCase(
                text: "@id(\"a\")\n@idle_timout(\"5m\")\npermit (principal, action, resource);",
                place: ":2:1",
                message: "unknown annotation @idle_timout"
            ),
            BadCase(
                text: "@id(\"a\")\n@idle_timeout(\"5 minutes\")\npermit (principal, action, resource);",
                place: ":2:1",
                message: "expected a duration"
            ),
            BadCase(
                text: "@id(\"a\") @record(\"yes\")\npermit (principal, action, resource);",
                place: ":1:10",
                message: "expected on or off"
            ),
            BadCase(
                text: "@id(\"a\") @stepup(\"sms\")\nforbid (principal, action, resource);",
                place: ":1:10",
                message: "expected factors"
            ),
            BadCase(
                text: "@id(\"a\") @stepup(\"totp\")\npermit (principal, action, resource);",
                place: ":1:10",
                message: "on a forbid"
            ),
            BadCase(
                text:
                    "@id(\"a\") forbid (principal, action, resource in Gw::DesktopPool::\"rhoenblick/bureau\");",
                place: ":1:1",
                message: "there is no Gw::DesktopPool::\"rhoenblick/bureau\""
            ),
            BadCase(
                text:
                    "@id(\"a\")\nforbid (principal, action, resource)\nwhen { context.zone in Gw::Zone::\"hme\" };",
                place: ":3:24",
                message: "there is no Gw::Zone::\"hme\""
            ),
            BadCase(
                text:
                    "@id(\"a\")\nforbid (principal, action, resource)\nwhen { context.mfa == Gw::Mfa::\"otp\" };",
                place: ":3:",
                message: "Gw::Mfa"
            ),
            BadCase(
                text: "@id(\"a\")\nforbid (principal, action, resource)\nwhen { context.colour == \"red\" };",
                place: ":3:",
                message: "colour"
            ),
            BadCase(
                text: "@id(\"a\") forbid (principal == ?principal, action, resource);",
                place: ":1:1",
                message: "a template decides nothing"
            ),
            BadCase(
                text:
                    "@id(\"a\") forbid (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);",
                place: ":2:1",
                message: "another rule has this name"
            ),
            // A pool decides nothing: only desktops are opened.
            BadCase(
                text:
                    "@id(\"a\") forbid (principal, action == Gw::Action::\"connect\", resource is Gw::DesktopPool);",
                place: ":1:",
                message: "no action applies"
            ),
        ]
    )
    func mistakes(_ one: BadCase) throws {
        let error = try #require(throws: PolicyError.self) { try County.policy(guardrails: one.text) }
        let found = error.findings.contains { finding in
            finding.severity == .error && finding.message.contains(one.message)
                && finding.origin.description.hasPrefix("policies/county.cedar\(one.place)")
        }
        #expect(found, "\(error)")
    }

    @Test("rows that name pools and zones that do not exist are errors at their place")
    func rowMistakes() throws {
        let origin = PolicyOrigin(
            file: "municipalities/rhoenblick.yaml",
            position: SourcePosition(line: 12, column: 5)
        )
        let row = AccessRow(name: "r", groups: ["a"], pools: ["bureau"], zones: ["home"], origin: origin)
        let error = try #require(throws: PolicyError.self) { try County.policy(rhoenblick: [row]) }
        let messages = error.findings.map(\.message)
        #expect(messages.contains("there is no pool \"bureau\" in rhoenblick"))
        #expect(messages.contains("there is no zone \"home\""))
        #expect(error.findings.allSatisfy { $0.origin == origin })
    }
}
