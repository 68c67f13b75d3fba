// SPDX-License-Identifier: EUPL-1.2
// Torhaus: stores in memory, with the same promises as SQLite's and a switch to make them fail.

import Sessions
import Synchronization

struct StoreIsDown: Error {}

final class MemoryStore: TicketStore, ReasonStore, WebSessionStore {
    private struct State {
        var tickets: [[UInt8]: TicketRecord] = [:]
        var reasons: [String: ReasonRecord] = [:]
        var webs: [WebSessionID: WebSession] = [:]
        var isDown = false
    }

    private let state = Mutex(State())

    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    var allTickets: [TicketRecord] { state.withLock { Array($0.tickets.values) } }
    var allReasons: [ReasonRecord] { state.withLock { Array($0.reasons.values) } }
    var allWebs: [WebSession] { state.withLock { Array($0.webs.values) } }

    private func use<Answer>(_ body: (inout State) -> Answer) async throws -> Answer {
        // Lets others in, as a database does.
        await Task.yield()
        return try state.withLock { state in
            guard !state.isDown else { throw StoreIsDown() }
            return body(&state)
        }
    }

    func insert(_ record: TicketRecord) async throws { try await use { $0.tickets[record.hash] = record } }

    func ticket(hash: [UInt8]) async throws -> TicketRecord? { try await use { $0.tickets[hash] } }

    func ticket(session: [UInt8]) async throws -> TicketRecord? {
        try await use { $0.tickets.values.first { $0.session?.id == session } }
    }

    func replace(_ record: TicketRecord) async throws -> Bool {
        try await use { Self.replace(record, &$0) }
    }

    func claim(_ record: TicketRecord, sessionsPerPerson limit: Int) async throws -> ClaimOutcome {
        try await use { state in
            let others = state.tickets.values.filter {
                $0.person.user == record.person.user && $0.hash != record.hash
                    && ($0.standing.state == .opened || $0.standing.state == .connected)
            }
            guard others.count < limit else { return .tooManySessions }
            return Self.replace(record, &state) ? .claimed : .conflict
        }
    }

    private static func replace(_ record: TicketRecord, _ state: inout State) -> Bool {
        guard state.tickets[record.hash]?.version == record.version else { return false }
        var next = record
        next.version += 1
        state.tickets[record.hash] = next
        return true
    }

    func live() async throws -> [TicketRecord] {
        try await use { $0.tickets.values.filter(\.standing.isLive) }
    }

    func unfinished(web: WebSessionID) async throws -> [TicketRecord] {
        try await use { $0.tickets.values.filter { $0.web == web && $0.standing.state != .ended } }
    }

    func unused(user: String) async throws -> Int {
        try await use { state in
            state.tickets.values.count { $0.person.user == user && $0.standing.state == .issued }
        }
    }

    func lapsed(at milliseconds: UInt64) async throws -> [TicketRecord] {
        try await use { state in
            state.tickets.values.filter { ticket in
                switch ticket.standing.state {
                case .issued: ticket.expiresAt <= milliseconds
                case .interrupted: (ticket.session?.graceUntil ?? 0) <= milliseconds
                case .opened, .connected, .ended: false
                }
            }
        }
    }

    func purge(endedBefore milliseconds: UInt64) async throws {}

    func insert(_ reason: ReasonRecord) async throws -> Bool {
        try await use { state in
            guard state.reasons[reason.reference] == nil else { return false }
            state.reasons[reason.reference] = reason
            return true
        }
    }

    func reason(_ reference: String) async throws -> ReasonRecord? { try await use { $0.reasons[reference] } }

    func purge(before milliseconds: UInt64) async throws {}

    func save(_ session: WebSession) async throws { try await use { $0.webs[session.id] = session } }

    func find(cookieHash: [UInt8]) async throws -> WebSession? {
        try await use { $0.webs.values.first { $0.cookieHash == cookieHash } }
    }

    func touch(_ id: WebSessionID, at milliseconds: UInt64) async throws {
        try await use { $0.webs[id]?.lastUsedAt = milliseconds }
    }

    func remove(_ id: WebSessionID) async throws { try await use { $0.webs[id] = nil } }

    func removeExpired(
        lastUsedBefore lastUsed: UInt64,
        begunBefore begun: UInt64
    ) async throws -> [WebSession] {
        try await use { state in
            let expired = state.webs.values.filter { $0.lastUsedAt < lastUsed || $0.begunAt < begun }
            for web in expired { state.webs[web.id] = nil }
            return expired
        }
    }
}
