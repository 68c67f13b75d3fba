// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the newest checkpoint that enough witnesses signed.

internal import LinuxKit
package import MerkleLog

extension AuditLog {
    /// Beside `checkpoint`, which may be newer and not cosigned yet.
    package static let cosignedName = "checkpoint.cosigned"

    /// Keeps the checkpoint and its cosignatures; must be signed by this log.
    package func keep(cosigned note: SignedNote) throws(AuditLogError) {
        guard (try? Checkpoint.open(note, by: key, LogCrypto.notes)) != nil else {
            throw AuditLogError(.invalid, "the checkpoint is not this log's")
        }
        let path = "\(place.directory)/\(Self.cosignedName)"
        try attempt { () throws(SystemError) in
            try Folder.replace(path, with: note.bytes, mode: LogCreation.fileMode, durable: true)
        }
    }
}
