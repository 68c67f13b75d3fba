// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of the audit client with its reason.

/// Counts, and sizes in bytes unless it says otherwise.
package enum ClientLimits {
    /// Records that wait for a receipt; more fail at once.
    static let waiting = 16_384
    /// Records on the line at a time, below what the log reads ahead of one producer.
    static let onLine = 2048
    /// 2,500 sessions that end three times over come to some 6 MiB.
    package static let spool = 16 << 20
    /// Refusals that wait in the spool; what is refused beyond them is only counted.
    ///
    /// Strangers cause refusals, so their room is small: some 1 MiB, and the beginning of an attack is told.
    package static let spooledRefusals = 1024
    /// Spooled records that are sent before their receipts are waited for.
    static let spoolWindow = 512
    /// Milliseconds between two tries to connect, the first and the longest.
    static let firstRetry: UInt64 = 50
    static let lastRetry: UInt64 = 1000
    /// Milliseconds that connecting to a full queue may take.
    static let connect: Int32 = 200
    /// Milliseconds between two questions how the log is.
    static let question: UInt64 = 1000
    /// Milliseconds until a spooled record that was refused is sent again.
    static let spoolRetry: UInt64 = 2000
}
