// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the rules ask about a person's machine.

package import DaemonMessages

/// The machine somebody works at, as far as rules may ask about it; kept with the session it opened.
package struct AccessClient: Sendable, Hashable, Codable {
    /// IPv6 form, 16 bytes.
    package let address: [UInt8]
    /// The person's own client or the browser: how the desktop is opened, not how it was asked for.
    package let way: OpeningKind
    /// Whether it showed a certificate of the county's authority.
    package let isManaged: Bool
    /// What that certificate calls the machine; nil when it gives no name.
    package let device: String?

    /// All parts.
    package init(address: [UInt8], way: OpeningKind, device: ManagedDevice? = nil) {
        self.address = address
        self.way = way
        self.isManaged = device != nil
        self.device = device?.name
    }

    /// A machine as the gate saw it.
    ///
    /// A native client shows no certificate at the gate: then the one counts that the browser showed when it
    /// fetched the ticket, which is bound to that network.
    package init(_ client: ClientContext, way: OpeningKind? = nil, ticketDevice: ManagedDevice? = nil) {
        self.init(
            address: client.address.bytes,
            way: way ?? (client.transport == .browser ? .browser : .client),
            device: ManagedDevice(client.certificate) ?? ticketDevice
        )
    }
}

/// A machine of the county, known by its client certificate.
package struct ManagedDevice: Sendable, Hashable, Codable {
    /// The certificate's common name; nil when it has none.
    package let name: String?

    /// A machine by its name.
    package init(name: String?) { self.name = name }

    /// Nil unless a certificate was shown that verified.
    package init?(_ certificate: ClientCertificate) {
        guard case .verified(let subject, _) = certificate else { return nil }
        name = Self.commonName(subject)
    }

    /// The gate tells the whole subject for its own protocols and the common name for the portal's.
    private static func commonName(_ subject: String) -> String? {
        let marker = "CN="
        guard subject.contains("=") else { return subject.isEmpty ? nil : subject }
        var isEscaped = false
        for part in subject.split(separator: ",") {
            let trimmed = part.drop { $0 == " " }
            // A comma inside another value is escaped; what follows it is no name.
            if !isEscaped, trimmed.hasPrefix(marker), trimmed.count > marker.count {
                return String(trimmed.dropFirst(marker.count))
            }
            isEscaped = part.hasSuffix("\\")
        }
        return nil
    }
}
