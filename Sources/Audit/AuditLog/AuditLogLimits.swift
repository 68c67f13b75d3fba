// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of the log on disk with its reason.

internal import LinuxKit
internal import MerkleLog

/// Sizes in bytes unless it says otherwise.
package enum AuditLogLimits {
    /// The page of the file system: a batch never shares one with another, so a torn write harms one batch only.
    static let block = BlockFile.block
    /// One segment of the journal: some 13 seconds at 8,000 records a second, some hours on a quiet day.
    package static let segment = 32 << 20
    /// One batch with its header; a batch must fit into a segment of any size we would choose.
    package static let batch = 4 << 20
    /// Records of one batch.
    package static let batchEntries = 8192
    /// Records that are durable and wait for the next checkpoint; more are refused until it is written.
    package static let pendingEntries = 262_144
    /// The same in bytes.
    package static let pendingBytes = 128 << 20
    /// An entry behind a 16-bit length.
    package static let entry = MerkleLimits.entryBytes
    /// A public key's text, a checkpoint.
    static let smallFile = MerkleLimits.noteBytes
}
