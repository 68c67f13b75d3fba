// SPDX-License-Identifier: EUPL-1.2
// Torhaus: short lines for the operator on standard error; the journal adds time and process.

internal import Glibc

/// The version that hello messages and `--version` name.
package enum GateVersion {
    package static let text = "0.1.0"
}

/// Life of the process only: nothing from the network, no names, no tickets.
package enum GateLog {
    /// Writes one line.
    package static func line(_ text: String) {
        var bytes = Array("torhaus-gate: \(text)\n".utf8)
        _ = unsafe write(STDERR_FILENO, &bytes, bytes.count)
    }
}
