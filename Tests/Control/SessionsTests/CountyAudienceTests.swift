// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whom the county's own permits can be about.

import AccessPolicy
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct CountyAudienceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let principal: String
        let concerns: Bool
        var testDescription: String { principal }
    }

    /// Somebody whom no row is about.
    static let helper = SignedInPerson(
        user: "helper",
        displayName: "",
        groups: ["kreis-it", "gemeinde-talheim"],
        secondFactor: .totp
    )

    @Test(
        "knows from a permit's scope whom it can be about",
        arguments: [
            Case(principal: "principal", concerns: true),
            Case(principal: "principal in Gw::Group::\"kreis-it\"", concerns: true),
            Case(principal: "principal in Gw::Group::\"other\"", concerns: false),
            Case(principal: "principal == Gw::User::\"helper\"", concerns: true),
            Case(principal: "principal == Gw::User::\"other\"", concerns: false),
            Case(principal: "principal is Gw::User in Gw::Group::\"kreis-it\"", concerns: true),
            Case(principal: "principal is Gw::User", concerns: true),
            Case(principal: "principal in Gw::Municipality::\"talheim\"", concerns: true),
            Case(principal: "principal in Gw::Municipality::\"rhoenblick\"", concerns: false),
            Case(principal: "principal in Gw::Municipality::\"@county\"", concerns: true),
        ]
    )
    func concerns(_ wanted: Case) throws {
        let permit = """
            @id("county")
            permit (\(wanted.principal), action in Gw::Action::"session", resource) when { context.local.minute < 1440 };
            """
        let decider = PolicyAccessDecider.of(
            County.policy(guardrails: permit),
            SessionRules(directory: County.directory)
        )
        let desktop = try #require(County.directory.desktop("rhoenblick/kasse/rk-01"))
        #expect(decider.concerns(Self.helper, desktop) == wanted.concerns)
        let decision = decider.decide(
            AccessRequest(
                person: Self.helper,
                action: .listDesktops,
                desktop: desktop,
                client: County.machine(),
                time: PolicyAccessDeciderTests.morning
            )
        )
        // What the scope lets hope for is also what the rules say here.
        if case .allowed = decision { #expect(wanted.concerns) } else { #expect(!wanted.concerns) }
    }
}
