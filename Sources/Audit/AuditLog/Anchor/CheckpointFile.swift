// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the published checkpoint.

internal import LinuxKit
internal import MerkleLog

/// The file `checkpoint`.
enum CheckpointFile {
    /// Signs and publishes; the anchor must hold the same value already.
    ///
    /// Returns the note when it is on the disk.
    @discardableResult
    static func write(
        _ place: LogPlace,
        _ value: SignedSize,
        _ signer: NoteSigner
    ) throws(AuditLogError) -> SignedNote {
        var note: SignedNote
        do throws(MerkleError) {
            let checkpoint = try Checkpoint(origin: place.origin, size: value.size, root: value.root)
            note = try SignedNote(text: checkpoint.text)
            note.signatures = [try signer.signature(of: note.text)]
        } catch {
            throw AuditLogError(.key, "the checkpoint cannot be signed: \(error)")
        }
        try publish(place, note)
        return note
    }

    /// Replaces the file, such as by the same checkpoint with more signatures.
    static func publish(_ place: LogPlace, _ note: SignedNote) throws(AuditLogError) {
        try attempt { () throws(SystemError) in
            let mode = LogCreation.fileMode
            try Folder.replace(place.checkpoint, with: note.bytes, mode: mode, durable: true)
        }
    }

    /// The file's bytes; nil when there is none.
    static func read(_ directory: String) throws(AuditLogError) -> [UInt8]? {
        let path = "\(directory)/\(LogPlace.checkpointName)"
        guard Folder.exists(path) else { return nil }
        return try attempt { () throws(SystemError) in
            try SmallFile.read(path, limit: AuditLogLimits.smallFile)
        }
    }
}
