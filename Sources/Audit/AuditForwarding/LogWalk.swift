// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads published records in their order, from log to log.

internal import AuditEvents
package import AuditLog
internal import LinuxKit
package import MerkleLog

/// A place in the logs of one machine.
package struct LogPosition: Hashable, Sendable {
    /// The folder of the log: its year.
    package var folder: String
    /// The next record.
    package var index: UInt64

    /// Takes both as they are.
    package init(folder: String, index: UInt64) {
        self.folder = folder
        self.index = index
    }
}

/// Goes through the folders below one directory.
package struct LogWalk: Sendable {
    /// Some records in a row.
    package struct Batch: Sendable {
        package let origin: String
        /// Pruned ones are left out.
        package let records: [(index: UInt64, entry: [UInt8])]
        /// Where to go on.
        package let next: LogPosition
        /// Published records behind these in the same log.
        package let waiting: UInt64
    }

    private let root: String

    /// The directory that has one folder for each log.
    package init(root: String) {
        self.root = root
    }

    /// Folders with a log, the oldest first.
    package func folders() throws(AuditLogError) -> [String] {
        do throws(SystemError) {
            return try Folder.names(in: root).filter {
                Folder.exists("\(root)/\($0)/\(LogPlace.checkpointName)")
            }
        } catch {
            throw AuditLogError(error)
        }
    }

    /// The last checkpoint of a log.
    package func note(_ folder: String) throws(AuditLogError) -> SignedNote {
        try LogReader(directory: "\(root)/\(folder)").note()
    }

    /// The records from here on, at most `limit`, from one log; nil when there is nothing new.
    package func next(_ position: LogPosition, limit: Int) throws(AuditLogError) -> Batch? {
        let reader = LogReader(directory: "\(root)/\(position.folder)")
        guard let checkpoint = try? Checkpoint(text: try reader.note().text) else {
            throw AuditLogError(.invalid, "the checkpoint of \(position.folder) cannot be read")
        }
        let size = checkpoint.size
        guard position.index < size else { return try nextLog(position, reader, size) }
        let end = min(size, position.index + UInt64(limit))
        var records: [(UInt64, [UInt8])] = []
        do {
            try reader.forEachEntry(in: position.index..<end, size: size) { records.append(($0, $1)) }
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "\(error)")
        }
        return Batch(
            origin: checkpoint.origin,
            records: records.map { (index: $0.0, entry: $0.1) },
            next: LogPosition(folder: position.folder, index: end),
            waiting: size - end
        )
    }

    /// A log that was ended leads to the next folder.
    private func nextLog(
        _ position: LogPosition,
        _ reader: LogReader,
        _ size: UInt64
    ) throws(AuditLogError) -> Batch? {
        guard let following = try folders().first(where: { position.folder < $0 }), 0 < size,
            let last = try reader.entry(size - 1, size: size),
            (try? AuditRecord(parsing: last))?.kind == .logContinued
        else { return nil }
        return Batch(
            origin: "",
            records: [],
            next: LogPosition(folder: following, index: 0),
            waiting: 0
        )
    }
}
