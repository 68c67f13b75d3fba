// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where the files of one log are.

internal import MerkleLog

/// One log: its name, its public files and its private state.
///
/// The state is apart from the log, so that putting back an old copy of the log is noticed.
package struct LogPlace: Hashable, Sendable {
    /// The log's name, such as `audit.county.example/gate1/2026`.
    package let origin: String
    /// What readers may copy: `checkpoint`, `log.vkey`, `tile/`, and the journal of the last minutes.
    package let directory: String
    /// What stays with the log's process: its key and what it signed last.
    package let state: String

    /// A log below two roots: each has one folder for each origin, named after the origin's last part.
    package init(origin: String, logs: String, states: String) throws(AuditLogError) {
        guard KeyName.isValid(origin),
            let part = origin.split(separator: "/", omittingEmptySubsequences: false).last, !part.isEmpty,
            Self.isFolder(part)
        else {
            throw AuditLogError(.invalid, "the origin must end with a part that can name a folder")
        }
        self.origin = origin
        directory = "\(logs)/\(part)"
        state = "\(states)/\(part)"
    }

    /// The signed statement of the log's size and root.
    package static let checkpointName = "checkpoint"
    /// The public key as text.
    package static let keyName = "log.vkey"
    /// Entries below this number may be gone.
    static let minimumName = "minimum-index"

    var checkpoint: String { "\(directory)/\(Self.checkpointName)" }
    var verifierKey: String { "\(directory)/\(Self.keyName)" }
    var journal: String { "\(directory)/journal" }
    var anchor: String { "\(state)/anchor" }
    var privateKey: String { "\(state)/key.pem" }

    private static func isFolder(_ part: Substring) -> Bool {
        part != "." && part != ".."
            && part.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
