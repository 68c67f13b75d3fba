// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what may happen to a ticket, as a table without clock, store or network.

package import DaemonMessages

/// Where a ticket and the one session it may open stand.
package enum TicketState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Handed out, not used.
    case issued
    /// The gate was told where the desktop is; whether it answers is not known yet.
    case opened
    /// Bytes flow.
    case connected
    /// The line broke; the same person may come back until the grace is over.
    case interrupted
    /// Nothing can be done with it any more.
    case ended
}

/// What happens to a ticket.
package enum TicketInput: Sendable, Hashable {
    /// A client shows it; the gate says whether it still has a connection of the session.
    case presented(Predecessor)
    /// The desktop answered.
    case connected
    /// The desktop did not answer.
    case unreachable
    /// The session's last connection is gone without anybody having wanted that.
    case lineBroken
    /// Somebody wanted the end, or a limit was reached.
    case finished
    /// The minutes of an unused ticket, or the grace of a broken line, are over.
    case lapsed
    /// A gate says that it carries the session.
    case alive
    /// Signed out or withdrawn: nothing new may begin with it.
    case revoked

    /// Every input once, for tests and tables.
    package static let allCases: [TicketInput] =
        Predecessor.allCases.map { .presented($0) }
        + [.connected, .unreachable, .lineBroken, .finished, .lapsed, .alive, .revoked]
}

/// What an input means for whoever brought it.
package enum TicketEffect: Sendable, Hashable {
    /// A new session begins.
    case opens
    /// The session goes on.
    case resumes
    /// Only the standing changed.
    case changes
    /// Nothing to do: late, repeated, or meant for another state.
    case nothing
    case refused(RefusalCode)
}

/// A ticket's state, and whether it has been revoked while its session runs.
package struct TicketStanding: Sendable, Hashable, Codable {
    package var state: TicketState
    /// Only meaningful while opened or connected: the session may run on, but not be resumed.
    package var revoked: Bool

    package init(_ state: TicketState, revoked: Bool = false) {
        self.state = state
        self.revoked = revoked
    }

    /// True while the session counts against the person's limit.
    package var isLive: Bool {
        switch state {
        case .opened, .connected, .interrupted: true
        case .issued, .ended: false
        }
    }

    /// Applies an input and says what it means.
    package mutating func receive(_ input: TicketInput) -> TicketEffect {
        switch state {
        case .issued: receiveIssued(input)
        case .opened, .connected: receiveRunning(input)
        case .interrupted: receiveInterrupted(input)
        case .ended: if case .presented = input { .refused(.ticketInvalid) } else { .nothing }
        }
    }

    private mutating func receiveIssued(_ input: TicketInput) -> TicketEffect {
        switch input {
        case .presented(.alive): .refused(.alreadyConnected)
        case .presented: become(.opened, .opens)
        case .lapsed, .revoked: become(.ended)
        case .connected, .unreachable, .lineBroken, .finished, .alive: .nothing
        }
    }

    private mutating func receiveRunning(_ input: TicketInput) -> TicketEffect {
        switch input {
        case .presented(.broken) where !revoked: become(.opened, .resumes)
        case .presented: .refused(revoked ? .ticketInvalid : .alreadyConnected)
        case .connected, .alive: state == .connected ? .nothing : become(.connected)
        case .unreachable, .lineBroken: become(revoked ? .ended : .interrupted)
        case .finished: become(.ended)
        case .lapsed: .nothing
        case .revoked: revoke()
        }
    }

    private mutating func receiveInterrupted(_ input: TicketInput) -> TicketEffect {
        switch input {
        case .presented(.alive): .refused(.alreadyConnected)
        case .presented: become(.opened, .resumes)
        // The gate's word counts more than what was concluded from its silence.
        case .connected, .alive: become(.connected)
        case .unreachable, .lineBroken: .nothing
        case .finished, .lapsed, .revoked: become(.ended)
        }
    }

    private mutating func become(_ next: TicketState, _ effect: TicketEffect = .changes) -> TicketEffect {
        state = next
        if next == .ended { revoked = false }
        return effect
    }

    private mutating func revoke() -> TicketEffect {
        guard !revoked else { return .nothing }
        revoked = true
        return .changes
    }
}
