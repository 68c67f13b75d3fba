// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reading the log; what is read is on record before it is shown.

package import AuditEvents

/// One log with its index.
package struct AuditSource: Sendable {
    package let archive: any AuditArchive
    package let index: SearchIndex

    package init(archive: any AuditArchive, index: SearchIndex) {
        self.archive = archive
        self.index = index
    }
}

/// A record that was found.
package struct FoundRecord: Sendable, Hashable {
    /// The log's name.
    package let origin: String
    package let record: AuditRecord
    /// The bytes in the log; formats other than JSON lines are made of `record`.
    package let line: [UInt8]
}

/// Who reads, why, and what she may see.
package struct ReadingOccasion: Sendable, Hashable {
    package var subject: AuditSubject
    package var why: AuditCase?
    package var scope: ReadingScope

    package init(subject: AuditSubject, why: AuditCase?, scope: ReadingScope) {
        self.subject = subject
        self.why = why
        self.scope = scope
    }
}

/// Searches logs.
///
/// It decides nothing about who may: the policy is asked before, its answer comes in as the scope.
package struct AuditReader: Sendable {
    let sources: [AuditSource]
    let record: AuditRecorder
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64

    package init(
        _ sources: [AuditSource],
        now: @escaping @Sendable () -> UInt64,
        record: @escaping AuditRecorder
    ) {
        self.sources = sources
        self.now = now
        self.record = record
    }

    /// The newest records that answer a question, device data shortened.
    ///
    /// `before` belongs to one log; with several logs an answer has no next page, ask for an earlier time.
    package func search(
        _ query: AuditQuery,
        on occasion: ReadingOccasion
    ) async throws(ReadingError) -> [FoundRecord] {
        let found = try await find(query, occasion.scope)
        try await note(
            .logSearched(
                occasion.subject,
                why: occasion.why,
                filter: query.filter,
                count: found.count
            )
        )
        return shown(found)
    }

    /// Everything about one session, oldest first: its own records and those of its connections.
    package func timeline(
        session: String,
        on occasion: ReadingOccasion
    ) async throws(ReadingError) -> [FoundRecord] {
        var query = AuditQuery()
        query.session = session
        query.limit = AuditQuery.largestLimit
        var found = try await find(query, occasion.scope)
        let connections = Set(found.compactMap { $0.record.text(.correlation) })
        for connection in connections.sorted().prefix(Self.mostConnections) {
            var other = AuditQuery()
            other.correlation = connection
            other.limit = AuditQuery.largestLimit
            found += try await find(other, occasion.scope).filter { one in
                // What another session did over the same connection is not part of this one.
                let its = one.record.text(.session)
                return its == nil
            }
        }
        try await note(
            .logSearched(
                occasion.subject,
                why: occasion.why,
                filter: query.filter,
                count: found.count
            )
        )
        return shown(found.sorted { $0.isBefore($1) })
    }

    /// A session is interrupted and resumed; more connections than this are no session.
    private static let mostConnections = 64

    // MARK: Parts

    func find(_ query: AuditQuery, _ scope: ReadingScope) async throws(ReadingError) -> [FoundRecord] {
        var found: [FoundRecord] = []
        for source in sources {
            let numbers = try await source.index.find(query, scope: scope)
            found += try Self.records(numbers, of: source.archive).filter { matches($0.record, query) }
        }
        return Array(found.sorted { $1.isBefore($0) }.prefix(query.limit))
    }

    /// The index knows half of an identifier; the record decides.
    private func matches(_ record: AuditRecord, _ query: AuditQuery) -> Bool {
        (query.session == nil || record.text(.session) == query.session)
            && (query.correlation == nil || record.text(.correlation) == query.correlation)
    }

    /// Reads the records themselves; those that were erased since are left out.
    static func records(
        _ numbers: [UInt64],
        of archive: any AuditArchive
    ) throws(ReadingError) -> [FoundRecord] {
        var found: [FoundRecord] = []
        for number in numbers {
            do {
                guard let line = try archive.line(number) else { continue }
                found.append(
                    FoundRecord(origin: archive.origin, record: try AuditRecord(parsing: line), line: line)
                )
            } catch {
                throw ReadingError(.log, "record \(number) of \(archive.origin) cannot be read", cause: error)
            }
        }
        return found
    }

    func shown(_ found: [FoundRecord]) -> [FoundRecord] {
        let time = now()
        return found.map { one in
            FoundRecord(
                origin: one.origin,
                record: RecordView.shown(one.record, now: time),
                line: one.line
            )
        }
    }

    func note(_ event: AuditEvent) async throws(ReadingError) {
        do throws(AuditFailure) {
            try await record(event)
        } catch {
            throw ReadingError(.notRecorded, "the reading cannot be recorded: \(error.reason)")
        }
    }
}

extension FoundRecord {
    /// By time, then by log and number.
    func isBefore(_ other: FoundRecord) -> Bool {
        (record.milliseconds, origin, record.index)
            < (other.record.milliseconds, other.origin, other.record.index)
    }
}
