// SPDX-License-Identifier: EUPL-1.2
// Torhaus: putting together what the log holds about one person.

package import AuditEvents
package import AuditIdentity

extension AuditReader {
    /// Records one person may have within all retention times; more are fetched in several pages.
    private static let mostSessions = 10_000

    /// The answer for a person, found by her pseudonyms.
    ///
    /// `inquiry` comes from the vault, which asks for two holders' keys. It is on record before it is returned.
    package func answer(
        _ person: String,
        inquiry: PersonInquiry,
        why: AuditCase,
        by subject: AuditSubject
    ) async throws(ReadingError) -> PersonAnswer {
        let hers = Set(inquiry.pseudonyms)
        var involved: [FoundRecord] = []
        for pseudonym in inquiry.pseudonyms {
            var query = AuditQuery()
            query.person = pseudonym
            involved += try await everything(query)
        }
        func isHers(_ one: FoundRecord) -> Bool {
            [AuditKey.actor, .actorClaimed].contains { hers.contains(one.record.text($0) ?? "") }
        }
        let own = involved.filter(isHers)
        let readings = involved.filter { hers.contains($0.record.text(.subject) ?? "") && !isHers($0) }
        let sessions = Set(
            own.filter { $0.record.category == "session" || $0.record.category == "access" }
                .compactMap { $0.record.text(.session) }
        )
        var interventions: [FoundRecord] = []
        for session in sessions.sorted().prefix(Self.mostSessions) {
            var query = AuditQuery()
            query.session = session
            interventions += try await everything(query).filter { one in
                one.record.kind == .operatorAction && !isHers(one)
            }
        }
        let answer = PersonAnswer(
            person: person,
            why: why,
            made: now(),
            pseudonyms: inquiry.pseudonyms,
            own: Self.entries(own, .own),
            interventions: Self.entries(interventions, .intervention),
            readings: Self.entries(readings, .reading)
        )
        try await note(
            .personInformed(
                subject,
                why: why,
                about: inquiry.subject,
                approvers: inquiry.approvers,
                count: answer.count
            )
        )
        return answer
    }

    private static func entries(
        _ found: [FoundRecord],
        _ relation: PersonEntry.Relation
    ) -> [PersonEntry] {
        found.sorted { $0.isBefore($1) }.map { PersonEntry($0.record, relation) }
    }

    /// Every record that answers a question, page by page.
    private func everything(_ query: AuditQuery) async throws(ReadingError) -> [FoundRecord] {
        var page = query
        page.limit = AuditQuery.largestLimit
        var found: [FoundRecord] = []
        for source in sources {
            var next: UInt64 = 0
            while true {
                let numbers = try await source.index.find(
                    page,
                    scope: .county,
                    order: .oldestFirst(from: next)
                )
                guard let last = numbers.last else { break }
                found += try Self.records(numbers, of: source.archive)
                next = last + 1
            }
        }
        if let session = query.session { found.removeAll { $0.record.text(.session) != session } }
        return found
    }
}
