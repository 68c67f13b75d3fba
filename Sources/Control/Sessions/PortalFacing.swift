// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Sessions puts tickets, the registry and decisions together. This file: what the portal may ask of it.

package import DaemonMessages

/// A person whose PAM conversation succeeded.
package struct SignedInPerson: Sendable, Hashable, Codable {
    /// Canonical user name.
    package let user: String
    package let displayName: String
    /// NSS group names.
    package let groups: [String]
    /// What she showed beside her password.
    package let secondFactor: SignInFactor
    /// When she proved herself, milliseconds since 1970; nil when that is not known any more, which rules about
    /// the age of a second factor take for very long ago.
    package let signedInAt: UInt64?

    package init(
        user: String,
        displayName: String,
        groups: [String],
        secondFactor: SignInFactor,
        signedInAt: UInt64? = nil
    ) {
        self.user = user
        self.displayName = displayName
        self.groups = groups
        self.secondFactor = secondFactor
        self.signedInAt = signedInAt
    }

    /// The same person with the groups she is in now.
    package func with(groups: [String]) -> SignedInPerson {
        SignedInPerson(
            user: user,
            displayName: displayName,
            groups: groups,
            secondFactor: secondFactor,
            signedInAt: signedInAt
        )
    }
}

/// How a desktop is opened.
package enum OpeningKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// With a signed .rdp file and the person's own client.
    case client
    /// In the browser.
    case browser
}

/// One desktop as the portal lists it.
package struct DesktopListing: Sendable, Hashable {
    /// Unique in the county: `municipality/pool/desktop`, each part `[a-z0-9-]`.
    package let id: String
    package let title: String
    package let municipality: String
    package let pool: String
    /// The DNS name or label the .rdp file carries as address; never an inner IP address.
    package let address: String
    package let port: UInt16
    package let ways: [OpeningKind]
    /// Nil when it may be opened now; else one sentence in plain German and English why not.
    package let unavailable: LocalizedText?
    /// Which redirections the policy allows (clipboard, printer, drive, audio, ...), for the .rdp file.
    package let redirections: Set<Redirection>
    /// The account name to suggest at the desktop, or empty.
    package let accountHint: String

    package init(
        id: String,
        title: String,
        municipality: String,
        pool: String,
        address: String,
        port: UInt16,
        ways: [OpeningKind],
        unavailable: LocalizedText?,
        redirections: Set<Redirection>,
        accountHint: String
    ) {
        self.id = id
        self.title = title
        self.municipality = municipality
        self.pool = pool
        self.address = address
        self.port = port
        self.ways = ways
        self.unavailable = unavailable
        self.redirections = redirections
        self.accountHint = accountHint
    }
}

/// What a client may pass between the person's machine and the desktop.
package enum Redirection: String, Sendable, Hashable, CaseIterable, Codable {
    case clipboard
    case printer
    case drive
    case smartcard
    case audio
    case microphone
    case port
    case webauthn
}

/// The same sentence in both languages.
package struct LocalizedText: Sendable, Hashable {
    package let german: String
    package let english: String

    package init(german: String, english: String) {
        self.german = german
        self.english = english
    }
}

/// The right to open one session.
package struct IssuedTicket: Sendable, Hashable {
    /// 26 characters of Crockford base32, 128 bits: what the .rdp file or the WebSocket path carries.
    package let text: String
    package let desktop: DesktopListing
    /// Milliseconds since 1970.
    package let expiresAt: UInt64

    package init(text: String, desktop: DesktopListing, expiresAt: UInt64) {
        self.text = text
        self.desktop = desktop
        self.expiresAt = expiresAt
    }
}

/// A web session's name inside the control plane; not the cookie.
package struct WebSessionID: Sendable, Hashable, Codable {
    package let value: String

    package init(value: String) {
        self.value = value
    }
}

/// A refusal that a person reads.
package struct AccessRefusal: Error, Sendable, Hashable {
    package let code: RefusalCode
    /// What the help desk looks up.
    package let reference: String
    package let text: LocalizedText

    package init(code: RefusalCode, reference: String, text: LocalizedText) {
        self.code = code
        self.reference = reference
        self.text = text
    }
}

/// What the portal asks of the control plane.
///
/// Everything that grants something is recorded first.
package protocol DesktopAccess: Sendable {
    /// Records a sign-in and decides whether this person may use the portal.
    func signedIn(
        _ person: SignedInPerson,
        web: WebSessionID,
        client: ClientContext
    ) async throws(AccessRefusal)
    /// Records that an expired password was changed on the way in.
    ///
    /// It has happened already, whatever the rules say about the sign-in itself.
    func passwordChanged(_ person: SignedInPerson, client: ClientContext) async
    /// Records a failed sign-in and gives the reference to show; user names of unknown people are not kept.
    func signInFailed(_ failure: SignInFailure, user: String, client: ClientContext) async -> String
    /// The desktops of this person now, those of her municipality first, by title.
    func desktops(
        of person: SignedInPerson,
        client: ClientContext
    ) async throws(AccessRefusal) -> [DesktopListing]
    func issueTicket(
        for person: SignedInPerson,
        web: WebSessionID,
        desktop id: String,
        kind: OpeningKind,
        client: ClientContext
    ) async throws(AccessRefusal) -> IssuedTicket
    /// Sign-out or expiry: unused tickets die, running ones cannot resume, browser desktops end.
    func signedOut(_ person: SignedInPerson, web: WebSessionID, client: ClientContext?) async
}

/// Server-side web sessions, kept so that a restart of the daemon neither revives nor loses one.
package protocol WebSessionStore: Sendable {
    /// Stores a session under the SHA-256 of its cookie.
    func save(_ session: WebSession) async throws
    func find(cookieHash: [UInt8]) async throws -> WebSession?
    func touch(_ id: WebSessionID, at milliseconds: UInt64) async throws
    func remove(_ id: WebSessionID) async throws
    /// Removes and returns sessions that were last used before `lastUsed` or began before `begun`.
    func removeExpired(
        lastUsedBefore lastUsed: UInt64,
        begunBefore begun: UInt64
    ) async throws -> [WebSession]
}

/// One browser's signed-in session.
package struct WebSession: Sendable, Hashable {
    package let id: WebSessionID
    /// SHA-256 of the cookie's value; the value itself is never stored.
    package let cookieHash: [UInt8]
    /// Compared with the hidden form field, in constant time.
    package let csrfToken: String
    package let person: SignedInPerson
    /// Milliseconds since 1970.
    package let begunAt: UInt64
    package var lastUsedAt: UInt64

    package init(
        id: WebSessionID,
        cookieHash: [UInt8],
        csrfToken: String,
        person: SignedInPerson,
        begunAt: UInt64,
        lastUsedAt: UInt64
    ) {
        self.id = id
        self.cookieHash = cookieHash
        self.csrfToken = csrfToken
        self.person = person
        self.begunAt = begunAt
        self.lastUsedAt = lastUsedAt
    }
}
