// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every refusal tells people in both languages what happened and what to do.

import DaemonMessages
import Testing

@testable import Sessions

@Suite struct RefusalCatalogueTests {
    static let denials: [AccessDenial] =
        [
            .ticketMalformed, .ticketUnknown, .ticketExpired, .ticketEnded, .ticketRevoked, .graceOver,
            .sessionLimitReached, .wrongNetwork(issued: "a", used: "b"), .alreadyConnected, .credentialsWrong,
            .noMunicipality, .tooManySessions, .tooManyTickets, .reauthenticationFailed, .desktopUnknown("x"),
            .desktopAmbiguous("x"), .otherDesktop(wanted: "x", ticket: "y"), .wayNotOffered,
            .unavailable("disk"),
        ]
        + County.directory.desktops.flatMap { desktop in
            [AccessDenial.notInPool(desktop)] + (desktop.hours.map { [.outsideHours(desktop, $0)] } ?? [])
        }
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
    func noOracle() throws {
        let hidden = try #require(County.directory.desktop("rhoenblick/kasse/rk-01"))
        #expect(AccessDenial.notInPool(hidden).text == AccessDenial.desktopUnknown("x").text)
        #expect(AccessDenial.notInPool(hidden).code == AccessDenial.desktopUnknown("x").code)
    }
}
