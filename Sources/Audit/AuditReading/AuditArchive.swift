// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where records come from; the log on disk, or a copy of it.

/// One log, read only.
package protocol AuditArchive: Sendable {
    /// The log's name, such as `audit.county.example/gate1/2026`.
    var origin: String { get }

    /// How many records it has, erased ones included.
    func size() throws -> UInt64

    /// A record's bytes without a line feed; nil when it was erased.
    func line(_ index: UInt64) throws -> [UInt8]?

    /// The records of a range in order; erased ones are left out.
    func forEachLine(in range: Range<UInt64>, _ body: (UInt64, [UInt8]) throws -> Void) throws
}
