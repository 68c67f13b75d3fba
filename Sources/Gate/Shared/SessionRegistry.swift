// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which connection carries which session, for orders that come from other threads.

internal import DaemonMessages
internal import OpenSSLKit
internal import Synchronization

/// SHA-256 of a ticket: enough to find a predecessor, useless to a reader of memory dumps.
struct TicketKey: Hashable, Sendable {
    private let digest: [UInt8]

    init(ticket: [UInt8]) { digest = Digest.sha256(ticket) }
}

final class SessionRegistry: Sendable {
    private struct State {
        var sessions: [SessionID: LoopAddress] = [:]
        var tickets: [TicketKey: LoopAddress] = [:]
        var reauthentications: [UInt64: SessionID] = [:]
    }

    private let state = Mutex(State())

    /// Enters a session and returns the connection that carried it before, if it is still there.
    func enter(_ session: SessionID, ticket: TicketKey, at address: LoopAddress) -> LoopAddress? {
        state.withLock { state in
            let previous = state.sessions.updateValue(address, forKey: session)
            state.tickets[ticket] = address
            return previous == address ? nil : previous
        }
    }

    /// Removes a session unless another connection carries it by now.
    func leave(_ session: SessionID, ticket: TicketKey, at address: LoopAddress) {
        state.withLock { state in
            if state.sessions[session] == address { state.sessions[session] = nil }
            if state.tickets[ticket] == address { state.tickets[ticket] = nil }
            state.reauthentications = state.reauthentications.filter { $0.value != session }
        }
    }

    func connection(of session: SessionID) -> LoopAddress? { state.withLock { $0.sessions[session] } }

    func connection(of ticket: TicketKey) -> LoopAddress? { state.withLock { $0.tickets[ticket] } }

    var liveSessions: [SessionID] { state.withLock { Array($0.sessions.keys) } }

    var count: Int { state.withLock { $0.sessions.count } }

    /// Remembers the number a client was asked to prove itself with.
    func expectReauthentication(_ context: UInt64, of session: SessionID) {
        state.withLock { $0.reauthentications[context] = session }
    }

    func session(forReauthentication context: UInt64) -> SessionID? {
        state.withLock { $0.reauthentications[context] }
    }

    func endReauthentication(_ context: UInt64) -> SessionID? {
        state.withLock { $0.reauthentications.removeValue(forKey: context) }
    }
}
