// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which torhaus-auditd this is.

/// The version in records and for `--version`.
package enum AuditVersion {
    package static let text = "0.1.0"
}
