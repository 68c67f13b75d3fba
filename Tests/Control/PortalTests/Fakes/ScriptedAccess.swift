// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a control plane that grants by user name and remembers what it was asked.

package import DaemonMessages
package import Sessions
import Synchronization

/// What the portal asked.
package enum AccessCall: Sendable, Hashable {
    case signedIn(String)
    case passwordChanged(String)
    case failed(SignInFailure.Code, String)
    case listed(String)
    case ticket(String, OpeningKind)
    case signedOut(String, known: Bool)
}

package final class ScriptedAccess: DesktopAccess {
    /// 26 characters, as the real ones.
    package static let ticket = "0123456789ABCDEFGHJKMNPQRS"

    private let state = Mutex<[AccessCall]>([])

    package init() {}

    package var calls: [AccessCall] { state.withLock { $0 } }

    private func note(_ call: AccessCall) { state.withLock { $0.append(call) } }

    package func signedIn(
        _ person: SignedInPerson,
        web: WebSessionID,
        client: ClientContext
    ) async throws(AccessRefusal) {
        note(.signedIn(person.user))
        guard person.user != "ausgesperrt" else {
            let text = LocalizedText(
                german: "Ihr Konto ist für den Zugang von außen nicht freigegeben.",
                english: "Your account may not use the access from outside."
            )
            throw AccessRefusal(code: .accessDenied, reference: "R-7F3K-Q2", text: text)
        }
    }

    package func passwordChanged(_ person: SignedInPerson, client: ClientContext) async {
        note(.passwordChanged(person.user))
    }

    package func signInFailed(_ failure: SignInFailure, user: String, client: ClientContext) async -> String {
        note(.failed(failure.code, user))
        return "R-2B4D-X9"
    }

    package func desktops(
        of person: SignedInPerson,
        client: ClientContext
    ) async throws(AccessRefusal) -> [DesktopListing] {
        note(.listed(person.user))
        return person.groups.isEmpty ? [] : Self.listings
    }

    package func issueTicket(
        for person: SignedInPerson,
        web: WebSessionID,
        desktop id: String,
        kind: OpeningKind,
        client: ClientContext
    ) async throws(AccessRefusal) -> IssuedTicket {
        note(.ticket(id, kind))
        guard let listing = Self.listings.first(where: { $0.id == id }), listing.unavailable == nil else {
            let text = LocalizedText(
                german: "Dieser Arbeitsplatz ist außerhalb der Dienstzeit geschlossen.",
                english: "This desktop is closed outside office hours."
            )
            throw AccessRefusal(code: .desktopDenied, reference: "R-9ZZZ-01", text: text)
        }
        return IssuedTicket(text: Self.ticket, desktop: listing, expiresAt: 0)
    }

    package func signedOut(_ person: SignedInPerson, web: WebSessionID, client: ClientContext?) async {
        note(.signedOut(person.user, known: client != nil))
    }

    package static let listings = [
        listing("rhoenblick/buergerbuero/rb-01", "Arbeitsplatz 1", "rhoenblick", "Bürgerbüro"),
        listing(
            "rhoenblick/buergerbuero/rb-02",
            "Arbeitsplatz 2",
            "rhoenblick",
            "Bürgerbüro",
            ways: [.client]
        ),
        listing(
            "rhoenblick/kasse/rb-09",
            "Kasse",
            "rhoenblick",
            "Finanzen",
            unavailable: LocalizedText(
                german: "Dieser Arbeitsplatz ist von Montag bis Freitag zwischen 6 und 20 Uhr geöffnet.",
                english: "This desktop is open from Monday to Friday between 6 and 20 o'clock."
            )
        ),
        listing("talheim/alle/tl-01", "Vertretung <Rathaus> & Archiv", "talheim", "Alle", ways: [.browser]),
    ]

    private static func listing(
        _ id: String,
        _ title: String,
        _ municipality: String,
        _ pool: String,
        ways: [OpeningKind] = [.client, .browser],
        unavailable: LocalizedText? = nil
    ) -> DesktopListing {
        DesktopListing(
            id: id,
            title: title,
            municipality: municipality,
            pool: pool,
            address: "rb-01.desktops.example",
            port: 3389,
            ways: ways,
            unavailable: unavailable,
            redirections: [.clipboard, .printer],
            accountHint: "RHOEN\\anna"
        )
    }
}
