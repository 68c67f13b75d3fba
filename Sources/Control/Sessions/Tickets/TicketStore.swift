// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what Sessions asks of a store. Every change says which version it saw, so none is lost or done twice.

/// Keeps tickets and their sessions over restarts; each call is one durable transaction.
package protocol TicketStore: Sendable {
    func insert(_ record: TicketRecord) async throws
    func ticket(hash: [UInt8]) async throws -> TicketRecord?
    func ticket(session: [UInt8]) async throws -> TicketRecord?
    /// Stores a changed record under the next version; false when somebody else was faster.
    func replace(_ record: TicketRecord) async throws -> Bool
    /// Like `replace`, unless the person already has so many other live sessions.
    func claim(_ record: TicketRecord, sessionsPerPerson limit: Int) async throws -> ClaimOutcome
    /// Tickets that are opened, connected or interrupted.
    func live() async throws -> [TicketRecord]
    /// Tickets of a web session that have not ended.
    func unfinished(web: WebSessionID) async throws -> [TicketRecord]
    /// How many unused tickets a person has.
    func unused(user: String) async throws -> Int
    /// Unused tickets whose minutes are over, and broken lines whose grace is over.
    func lapsed(at milliseconds: UInt64) async throws -> [TicketRecord]
    /// Forgets ended tickets that last changed before a time.
    func purge(endedBefore milliseconds: UInt64) async throws
}

/// What became of a claim.
package enum ClaimOutcome: Sendable, Hashable {
    case claimed
    /// Somebody else changed the ticket; read it again.
    case conflict
    case tooManySessions
}

/// Keeps why something was refused, for the help desk.
package protocol ReasonStore: Sendable {
    /// False when the reference is taken.
    func insert(_ reason: ReasonRecord) async throws -> Bool
    func reason(_ reference: String) async throws -> ReasonRecord?
    func purge(before milliseconds: UInt64) async throws
}
