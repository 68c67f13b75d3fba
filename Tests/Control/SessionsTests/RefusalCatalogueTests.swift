// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every refusal tells people in both languages what happened and what to do.

import AccessPolicy
import DaemonMessages
import Testing

@testable import Sessions

@Suite struct RefusalCatalogueTests {
    /// Every reason of the rules, at the portal's door and at a desktop, with each second factor and each choice of them wanted.
    static let ofRules: [AccessDenial] = PolicyReason.allCases.flatMap { reason in
        SignInFactor.allCases.flatMap { secondFactor in
            let person = SignedInPerson(user: "u", displayName: "", groups: [], secondFactor: secondFactor)
            let request = AccessRequest(
                person: person,
                action: .openSession,
                desktop: County.directory.desktops.first,
                client: County.machine(),
                time: 0
            )
            let hours = OpeningHours(
                [PolicyHours(days: [1, 2, 3, 4, 5], from: 360, until: 1200)].compactMap { $0 },
                .closed
            )
            return Self.wanted.flatMap { stepUp -> [AccessDenial] in
                [
                    .policy(reason, signIn: stepUp, request),
                    .policy(reason, stepUp: stepUp, hours: hours, request),
                    .policy(reason, stepUp: stepUp, hours: nil, request),
                ]
            }
        }
    }

    /// None, each alone, all.
    static let wanted: [[PolicyFactor]] =
        [[]] + factors.map { [$0] } + [factors]
    static let factors = PolicyFactor.allCases.filter { $0 != .none }

    static let denials: [AccessDenial] =
        [
            .ticketMalformed, .ticketUnknown, .ticketExpired, .ticketEnded, .ticketRevoked, .graceOver,
            .sessionLimitReached, .wrongNetwork(issued: "a", used: "b"), .alreadyConnected, .credentialsWrong,
            .noMunicipality, .tooManySessions, .tooManyTickets, .reauthenticationFailed, .desktopUnknown("x"),
            .desktopAmbiguous("x"), .otherDesktop(wanted: "x", ticket: "y"), .wayNotOffered,
            .unavailable("disk"),
        ]
        + [.notInPool(rule: "")] + ofRules
        + [
            SignInFailure.Code.denied, .accountUnusable, .passwordNotChanged, .timedOut, .tooManyTries,
            .unavailable,
        ].map { .signIn(SignInFailure(code: $0, retryAfterSeconds: 3)) }

    @Test("speaks in two whole sentences of each language", arguments: denials)
    func sentences(_ denial: AccessDenial) {
        for text in [denial.text.german, denial.text.english] {
            #expect(text.hasSuffix("."))
            #expect(text.count { $0 == "." } >= 2, "what happened, and what to do: \(text)")
            #expect(text.utf8.count <= 240, "it must fit into a client's message box")
        }
        #expect(denial.text.german != denial.text.english)
        #expect(denial.reason.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil)
    }

    @Test("keeps inner details out of what people read")
    func noDetails() {
        for denial in Self.denials where !denial.detail.isEmpty && denial.detail.count > 3 {
            #expect(!denial.text.german.contains(denial.detail))
        }
    }

    @Test("says the same about an unknown desktop and a forbidden one")
    func noOracle() {
        #expect(AccessDenial.notInPool(rule: "r").text == AccessDenial.desktopUnknown("x").text)
        #expect(AccessDenial.notInPool(rule: "r").code == AccessDenial.desktopUnknown("x").code)
    }
}
