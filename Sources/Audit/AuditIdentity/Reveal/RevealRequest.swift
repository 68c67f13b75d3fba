// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a request for the name behind a pseudonym, as its holders see it.

package import AuditEvents

/// One request that waits.
package struct RevealRequest: Sendable, Hashable {
    package let id: String
    package let pseudonym: String
    package let why: AuditCase
    /// Who asked, as a pseudonym of the accountability realm.
    package let requester: String
    /// Milliseconds since 1970; afterwards it counts for nothing.
    package let expires: UInt64
    /// The holder who agreed already.
    package let approved: AuditApprover?
    /// The roles of which one must still agree.
    package let waitingFor: [String]
}

/// What an approval led to.
package enum RevealAnswer: Sendable, Hashable {
    /// A holder of one of these roles must agree too.
    case waiting(for: [String])
    /// Shown once, to this caller, and kept nowhere.
    case revealed(name: String)
}
