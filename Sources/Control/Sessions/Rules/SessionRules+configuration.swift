// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the rules that a configuration means.

package import CountyConfiguration
internal import DaemonMessages

extension SessionRules {
    /// The part of a configuration that decides about tickets and sessions.
    /// - Parameters:
    ///   - configuration: Valid, as every loaded one is.
    ///   - version: Names it in records, such as the start of its files' hash.
    package init(_ configuration: Configuration, version: String) {
        let sessions = configuration.sessions
        self.init(
            version: version,
            directory: DesktopDirectory(
                desktops: configuration.desktops.map { DesktopEntry($0) },
                municipalities: configuration.municipalities.map {
                    DesktopDirectory.Municipality(name: $0.name, groups: Set($0.groups))
                }
            ),
            ticketMilliseconds: UInt64(clamping: sessions.ticketMinutes) * 60_000,
            binding: NetworkBinding(sessions.bindNetwork),
            graceMilliseconds: sessions.reconnectGrace.wholeMilliseconds,
            reauthenticateSeconds: sessions.reauthenticate?.wholeSeconds ?? 0,
            consentText: sessions.consentText,
            basic: configuration.gate.basic,
            webIdleMilliseconds: configuration.signIn.webIdle.wholeMilliseconds,
            webLongestMilliseconds: configuration.signIn.webLongest.wholeMilliseconds,
            sessionsPerPerson: sessions.perPerson,
            unauditedMunicipalities: Set(
                configuration.municipalities.filter { !$0.auditRequired }.map(\.name)
            )
        )
    }
}

extension DesktopEntry {
    fileprivate init(_ placed: PlacedDesktop) {
        let desktop = placed.desktop
        self.init(
            id: desktop.id,
            title: desktop.title,
            municipality: placed.municipality.name,
            municipalityTitle: placed.municipality.title,
            pool: placed.pool.name,
            poolTitle: placed.pool.title,
            name: desktop.name,
            label: desktop.dns,
            rdp: desktop.rdp.map { DesktopEndpoint(host: $0.host, port: $0.port) },
            vnc: desktop.vnc.map { DesktopEndpoint(host: $0.host, port: $0.port) },
            accountHint: desktop.account
        )
    }
}

extension NetworkBinding {
    fileprivate init(_ configured: Configuration.Sessions.NetworkBinding) {
        self =
            switch configured {
            case .strict: .strict
            case .prefix: .prefix
            case .off: .off
            }
    }
}
