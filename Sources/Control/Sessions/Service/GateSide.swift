// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the link to the gates asks of Sessions.

package import DaemonMessages

/// One gate's connection to the control plane; a new one each time it connects.
package struct GateID: Sendable, Hashable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }
}

/// An answer to a gate's question.
package enum GateAnswer<Grant: Sendable & Hashable>: Sendable, Hashable {
    case granted(Grant)
    case refused(Refusal)
}

/// The control plane as a gate sees it.
package protocol GateSide: Sendable {
    /// After the hello; `send` may be called from anywhere and never waits.
    func gateConnected(
        _ gate: GateID,
        hello: GateHello,
        send: @escaping @Sendable (ControlToGate) -> Void
    ) async
    /// The link is gone; the gate's sessions may go on.
    func gateLost(_ gate: GateID, reason: String) async
    func authorizeTunnel(_ request: AuthorizeTunnel) async -> GateAnswer<TunnelGrant>
    func openSession(_ request: OpenSession, from gate: GateID) async -> GateAnswer<SessionGrant>
    func sessionStarted(_ message: SessionStarted, from gate: GateID) async
    /// True when the end is durably recorded and the gate may forget it; may be called again for the same end.
    func sessionEnded(_ message: SessionEnded, from gate: GateID) async -> Bool
    func incident(_ message: GateIncident) async
    /// A refusal of the link itself, when it has too many questions open.
    func overloaded(_ client: ClientContext) async -> Refusal
}
