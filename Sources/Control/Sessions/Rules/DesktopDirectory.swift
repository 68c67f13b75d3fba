// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the county's desktops as the control plane asks for them: flat, by identifier and by name.

package import DaemonMessages

/// One desktop, where it belongs and where it answers; who may open it is for the rules to say.
package struct DesktopEntry: Sendable, Hashable {
    /// `municipality/pool/desktop`.
    package var id: String
    package var title: String
    /// The municipality's short name.
    package var municipality: String
    package var municipalityTitle: String
    /// The pool's short name.
    package var pool: String
    package var poolTitle: String
    /// The short name within its pool.
    package var name: String
    /// What the .rdp file carries.
    package var label: String
    package var rdp: DesktopEndpoint?
    package var vnc: DesktopEndpoint?
    package var accountHint: String

    package init(
        id: String,
        title: String,
        municipality: String,
        municipalityTitle: String,
        pool: String,
        poolTitle: String,
        name: String,
        label: String,
        rdp: DesktopEndpoint? = nil,
        vnc: DesktopEndpoint? = nil,
        accountHint: String = ""
    ) {
        self.id = id
        self.title = title
        self.municipality = municipality
        self.municipalityTitle = municipalityTitle
        self.pool = pool
        self.poolTitle = poolTitle
        self.name = name
        self.label = label
        self.rdp = rdp
        self.vnc = vnc
        self.accountHint = accountHint
    }

    /// Where it answers in one protocol.
    package func endpoint(_ desktopProtocol: DesktopProtocol) -> DesktopEndpoint? {
        switch desktopProtocol {
        case .rdp: rdp
        case .vnc: vnc
        }
    }

    /// The ways it can be opened.
    package var ways: [OpeningKind] { (rdp == nil ? [] : [.client]) + (vnc == nil ? [] : [.browser]) }

    /// The port every .rdp file carries: the label is a name, and where it really answers stays inside.
    package static let labelPort: UInt16 = 3389

    /// Whether a client's name and port mean this desktop.
    package func isMeant(by requested: String, port: UInt16) -> Bool {
        guard port == Self.labelPort || port == rdp?.port else { return false }
        let wanted = Self.comparable(requested)
        return !wanted.isEmpty && (wanted == Self.comparable(label) || wanted == Self.comparable(name))
    }

    /// DNS names compare without case and without the root's dot.
    private static func comparable(_ name: String) -> String {
        var text = name.lowercased()
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}

/// All desktops and who belongs where.
package struct DesktopDirectory: Sendable, Hashable {
    /// In the order of the configuration.
    package let desktops: [DesktopEntry]
    /// Municipality's short name and its groups, in the order of the configuration.
    private let municipalities: [Municipality]
    private let byID: [String: DesktopEntry]

    /// A municipality's people.
    package struct Municipality: Sendable, Hashable {
        package let name: String
        package let groups: Set<String>

        package init(name: String, groups: Set<String>) {
            self.name = name
            self.groups = groups
        }
    }

    package init(desktops: [DesktopEntry], municipalities: [Municipality]) {
        self.desktops = desktops
        self.municipalities = municipalities
        self.byID = Dictionary(desktops.map { ($0.id, $0) }) { first, _ in first }
    }

    package func desktop(_ id: String) -> DesktopEntry? { byID[id] }

    /// The first municipality a person belongs to by group.
    package func municipality(of person: SignedInPerson) -> String? {
        municipalities.first { !$0.groups.isDisjoint(with: person.groups) }?.name
    }
}
