// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the part of the configuration that the portal needs, read anew for each request.

/// What the pages and files depend on.
package struct PortalSettings: Sendable, Hashable {
    /// `Landkreis Beispiel`.
    package var county: String
    /// Names clients use; the first one is the default.
    ///
    /// Never empty.
    package var publicNames: [String]
    package var publicPort: UInt16
    /// Municipality name (`rhoenblick`) to title (`Rhönblick`).
    package var municipalityTitles: [String: String]
    /// Minutes within which a ticket must be used.
    package var ticketMinutes: Int
    /// Seconds within which a broken session can be resumed.
    package var reconnectGraceSeconds: Int
    /// Seconds without use after which a web session ends.
    package var webIdleSeconds: Int
    /// Seconds after which a web session ends in any case.
    package var webLongestSeconds: Int
    /// Seconds a sign-in may take from user name to success.
    package var signInDeadlineSeconds: Int
    /// Where Debian's noVNC lies.
    package var noVNCDirectory: String
    /// Whom to tell about barriers and trouble: free text, or empty for the generic sentence.
    package var contact: String

    /// All values are explicit, so that none is forgotten when the configuration grows.
    package init(
        county: String,
        publicNames: [String],
        publicPort: UInt16 = 443,
        municipalityTitles: [String: String] = [:],
        ticketMinutes: Int = 5,
        reconnectGraceSeconds: Int = 120,
        webIdleSeconds: Int = 1800,
        webLongestSeconds: Int = 36_000,
        signInDeadlineSeconds: Int = 120,
        noVNCDirectory: String = "/usr/share/novnc",
        contact: String = ""
    ) {
        self.county = county
        self.publicNames = publicNames
        self.publicPort = publicPort
        self.municipalityTitles = municipalityTitles
        self.ticketMinutes = ticketMinutes
        self.reconnectGraceSeconds = reconnectGraceSeconds
        self.webIdleSeconds = webIdleSeconds
        self.webLongestSeconds = webLongestSeconds
        self.signInDeadlineSeconds = signInDeadlineSeconds
        self.noVNCDirectory = noVNCDirectory
        self.contact = contact
    }

    /// The public name of a request: the one the browser used when it is one of ours, else the first.
    func publicName(for authority: String?) -> String {
        let used = authority.map { $0.lowercased().prefix { $0 != ":" } } ?? ""
        return publicNames.first { $0.lowercased() == used } ?? publicNames.first ?? "localhost"
    }

    /// `name` or `name:port`.
    func publicHost(for authority: String?) -> String {
        let name = publicName(for: authority)
        return publicPort == 443 ? name : "\(name):\(publicPort)"
    }

    /// The origins that forms of ours come from.
    var origins: [String] {
        publicNames.map {
            publicPort == 443 ? "https://\($0.lowercased())" : "https://\($0.lowercased()):\(publicPort)"
        }
    }
}
