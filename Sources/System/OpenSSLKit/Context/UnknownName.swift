// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what happens to a client that asks for a name nobody here has.

/// The answer to a server name no certificate covers, and to a client hello without one.
package enum UnknownName: Hashable, Sendable {
    /// Fatal alert `unrecognized_name`. Clients that connect to a bare IP address send no name: they too.
    case refuse
    /// The first certificate.
    case useFirst
}
