// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the portal's settings from the whole configuration.

package import CountyConfiguration

extension PortalSettings {
    /// What the portal needs of a configuration.
    package init(_ configuration: Configuration, contact: String = "") {
        self.init(
            county: configuration.county,
            publicNames: configuration.publicNames,
            publicPort: UInt16(clamping: configuration.publicPort),
            municipalityTitles: Dictionary(
                configuration.municipalities.map { ($0.name, $0.title) },
                uniquingKeysWith: { first, _ in first }
            ),
            ticketMinutes: configuration.sessions.ticketMinutes,
            reconnectGraceSeconds: Self.seconds(configuration.sessions.reconnectGrace),
            webIdleSeconds: Self.seconds(configuration.signIn.webIdle),
            webLongestSeconds: Self.seconds(configuration.signIn.webLongest),
            signInDeadlineSeconds: Self.seconds(configuration.signIn.deadline),
            noVNCDirectory: configuration.paths.novnc,
            contact: contact
        )
    }

    private static func seconds(_ duration: Duration) -> Int {
        Int(clamping: duration.components.seconds)
    }
}
