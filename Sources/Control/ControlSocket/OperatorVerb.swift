// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what operators may ask for; the one list that both ends of the control socket know.

package import DaemonMessages

/// A request's verb.
package enum OperatorVerb: String, Hashable, Sendable, CaseIterable {
    /// Whether the daemon and what it needs are well.
    case status
    /// Who is at which desktop.
    case sessions
    /// Ends a session now.
    case terminate
    /// Shows a text to the person.
    case message
    /// Asks the client to prove itself again.
    case reauthenticate
    /// What was decided behind a reference that a person was shown.
    case why

    /// What the arguments are, in order.
    package var argumentNames: [String] {
        switch self {
        case .status, .sessions: []
        case .terminate, .reauthenticate: ["SESSION"]
        case .message: ["SESSION", "TEXT"]
        case .why: ["REFERENCE"]
        }
    }

    /// The request with this verb.
    package func request(_ arguments: String...) -> OperatorRequest {
        OperatorRequest(verb: rawValue, arguments: arguments)
    }
}
