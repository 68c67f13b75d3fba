// SPDX-License-Identifier: EUPL-1.2
// Torhaus: witnesses: machines of others that sign that a log only grows. Here are the server that such a machine runs, and
// the collector by which torhaus-auditd asks them.

internal import MerkleLog

/// Every bound with its reason; sizes in bytes unless it says otherwise.
package enum WitnessLimits {
    /// A head of a request or an answer; ours have a few hundred.
    static let head = 16_384
    /// An answer: signature lines, or a checkpoint with all of its cosignatures.
    static let answer = MerkleLimits.noteBytes
    /// Requests at a time; a log sends one a second.
    static let connections = 16
    /// Milliseconds that a peer may be silent.
    static let silence: Int32 = 10_000
    /// Logs that one witness watches.
    package static let logs = 256
    /// The witness's list of logs.
    static let logList = 262_144
    /// Milliseconds between two requests to a witness, and after a failed one.
    static let pace: UInt64 = 1000
    static let pause: UInt64 = 10_000
    /// Milliseconds without a cosignature until a witness counts as missing.
    package static let missing: UInt64 = 600_000
}
