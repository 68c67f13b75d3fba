// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the first decider: groups, hours and limits from the municipalities' files.

/// Allows what a person's groups and the clock allow.
package struct GroupAccessDecider: AccessDecider {
    private let rules: SessionRules

    package init(_ rules: SessionRules) { self.rules = rules }

    package func decide(_ request: AccessRequest) -> AccessDecision {
        switch request.action {
        case .signIn, .listDesktops:
            guard rules.directory.knows(request.person) else { return .refused(.noMunicipality) }
            return .allowed(Obligations(), rule: "county/groups")
        case .issueTicket, .openSession, .resume, .keepSession:
            // A desktop that left the configuration is nobody's.
            guard let desktop = request.desktop else { return .refused(.desktopUnknown("")) }
            return decide(request, desktop)
        }
    }

    private func decide(_ request: AccessRequest, _ desktop: DesktopEntry) -> AccessDecision {
        guard !desktop.groups.isDisjoint(with: request.person.groups) else {
            return .refused(.notInPool(desktop))
        }
        if let hours = desktop.hours, !hours.contains(request.time) {
            return .refused(.outsideHours(desktop, hours))
        }
        return .allowed(
            Obligations(
                idleSeconds: desktop.idleSeconds,
                longestSeconds: desktop.longestSeconds,
                redirections: desktop.redirections,
                reauthenticateSeconds: rules.reauthenticateSeconds,
                consentText: rules.consentText
            ),
            rule: "\(desktop.municipality)/\(desktop.pool)/groups"
        )
    }
}
