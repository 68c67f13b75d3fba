// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit trail behind which there are no names any more.

package import AuditEvents

/// Replaces every name of an event by the pseudonym of the month, then hands it on.
///
/// The sealed name is on the disk before the record is: a pseudonym that leads nowhere never gets into the log.
package struct PseudonymousTrail: AuditTrail {
    private let vault: IdentityVault
    private let trail: any AuditTrail

    package init(_ trail: any AuditTrail, vault: IdentityVault) {
        self.trail = trail
        self.vault = vault
    }

    package func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt {
        try await trail.append(try await vault.replacingNames(in: event))
    }
}

extension IdentityVault {
    /// The event with pseudonyms in place of names.
    package func replacingNames(in event: AuditEvent) async throws(AuditFailure) -> AuditEvent {
        let names = Set(event.names)
        // An event without a person must not begin a month.
        guard !names.isEmpty else { return event }
        let pseudonyms: [String: String]
        do {
            pseudonyms = try await self.pseudonyms(of: names, realm: PseudonymRealm(event.retention))
        } catch {
            throw AuditFailure(reason: "no pseudonym: \(error)")
        }
        return event.replacingNames { name in pseudonyms[name] ?? "" }
    }
}
