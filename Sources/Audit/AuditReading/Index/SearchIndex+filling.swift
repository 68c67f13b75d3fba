// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bringing the index up to the log, and taking erased records out of it.

internal import AuditEvents
internal import GRDB

extension SearchIndex {
    /// Records of one transaction: large enough to be quick, small enough that readers and memory do not notice.
    static let batch: UInt64 = 16_384

    /// How far the index is.
    package struct Progress: Sendable, Hashable {
        /// All records below this number are in it.
        package let next: UInt64
        /// Entries that were no records.
        package let unreadable: UInt64
    }

    package func progress() throws(ReadingError) -> Progress {
        do {
            return try pool.read { try Self.progress($0) }
        } catch {
            throw ReadingError(.index, "the search index does not read", cause: error)
        }
    }

    /// Reads what is new in the log; begins anew when the log is another one than before.
    ///
    /// Blocks the calling thread; `between` is called after each transaction and may stop by throwing.
    package func fill(
        from archive: some AuditArchive,
        between: (Progress) throws -> Void = { _ in }
    ) throws(ReadingError) {
        do {
            let size = try archive.size()
            var progress = try progress()
            if try !belongs(to: archive, size: size) {
                try clear()
                progress = Progress(next: 0, unreadable: 0)
            }
            while progress.next < size {
                let range = progress.next..<min(size, progress.next + Self.batch)
                progress = try add(range, from: archive)
                try between(progress)
            }
        } catch let error as ReadingError {
            throw error
        } catch {
            throw ReadingError(.log, "the index cannot be filled", cause: error)
        }
    }

    /// Whether the last record in the index is the log's.
    private func belongs(to archive: some AuditArchive, size: UInt64) throws -> Bool {
        let (next, mark) = try pool.read { database in
            let row = try Row.fetchOne(database, sql: "SELECT next, mark FROM state")
            return (UInt64(clamping: row?["next"] as Int64? ?? 0), row?["mark"] as String? ?? "")
        }
        guard next <= size else { return false }
        guard 0 < next, !mark.isEmpty, let line = try archive.line(next - 1) else { return true }
        return (try? AuditRecord(parsing: line))?.mark == mark
    }

    private func clear() throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    DELETE FROM event; DELETE FROM person; DELETE FROM day; DELETE FROM pseudonym;
                    DELETE FROM word; INSERT INTO words(words) VALUES ('delete-all');
                    UPDATE state SET next = 0, mark = '', unreadable = 0
                    """
            )
        }
    }

    private func add(_ range: Range<UInt64>, from archive: some AuditArchive) throws -> Progress {
        try pool.write { database in
            var writer = try IndexWriter(database)
            var mark = ""
            var unreadable: Int64 = 0
            try archive.forEachLine(in: range) { index, line in
                guard let record = try? AuditRecord(parsing: line) else {
                    unreadable += 1
                    return
                }
                try writer.add(record, at: index)
                mark = record.mark
            }
            try writer.finish()
            try database.execute(
                sql: "UPDATE state SET next = ?, mark = ?, unreadable = unreadable + ?",
                arguments: [Int64(clamping: range.upperBound), mark, unreadable]
            )
            return try Self.progress(database)
        }
    }

    private static func progress(_ database: Database) throws -> Progress {
        let row = try Row.fetchOne(database, sql: "SELECT next, unreadable FROM state")
        return Progress(
            next: UInt64(clamping: row?["next"] as Int64? ?? 0),
            unreadable: UInt64(clamping: row?["unreadable"] as Int64? ?? 0)
        )
    }

    // MARK: Erasing

    /// Takes records out, while the log still has their lines; call it before the log erases them.
    ///
    /// They are out of reach then; their words leave the file with `tidy`.
    package func forget(_ lines: [(index: UInt64, line: [UInt8])]) throws(ReadingError) {
        do {
            try pool.write { database in
                for (index, line) in lines {
                    guard let record = try? AuditRecord(parsing: line) else { continue }
                    let id = Int64(clamping: index)
                    let isThere = try Bool.fetchOne(
                        database,
                        sql: "SELECT EXISTS (SELECT 1 FROM event WHERE idx = ?)",
                        arguments: [id]
                    )
                    guard isThere == true else { continue }
                    try database.execute(
                        sql: "INSERT INTO words (words, rowid, content) VALUES ('delete', ?, ?)",
                        arguments: [id, record.searchText]
                    )
                    try database.execute(sql: "DELETE FROM event WHERE idx = ?", arguments: [id])
                    for person in record.persons {
                        try database.execute(
                            sql: """
                                DELETE FROM person WHERE idx = ?
                                    AND person = (SELECT id FROM pseudonym WHERE text = ?)
                                """,
                            arguments: [id, person]
                        )
                    }
                }
            }
        } catch {
            throw ReadingError(.index, "records cannot be taken out of the index", cause: error)
        }
    }

    /// Removes what forgotten records left behind: words, pseudonyms, pages of the write-ahead log.
    ///
    /// Costs as much as reading the words of the whole index; call it once behind the last `forget`.
    package func tidy() throws(ReadingError) {
        do {
            try pool.write { database in
                try database.execute(
                    sql: """
                        DELETE FROM pseudonym WHERE NOT EXISTS
                            (SELECT 1 FROM person WHERE person.person = pseudonym.id);
                        INSERT INTO words (words) VALUES ('optimize')
                        """
                )
            }
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch {
            throw ReadingError(.index, "the index cannot be tidied", cause: error)
        }
    }
}
