// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Gate is the data plane: TLS, front door, MS-TSGU, WebSocket, relay, limits. It holds no database, reads
// no YAML and trusts nothing that came from the network. This file: why the gate could not start or reload.

/// A start or reload that failed, in one sentence for the operator.
package struct GateError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
