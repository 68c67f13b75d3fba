// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what other threads tell a relay loop.

internal import DaemonMessages
internal import LinuxKit
internal import Synchronization

enum LoopMessage: Sendable {
    /// A client whose handshake is done.
    case adopt(ClientLine)
    /// An IN connection whose OUT lives on this loop, with what it sent behind its head.
    case adoptInbound(ClientLine, outbound: ConnectionID, bytes: [UInt8])
    /// An answer of the control plane, or the news that there will be none.
    case tunnelDecision(ConnectionID, Result<TunnelGrant, DecisionFailure>)
    case sessionDecision(ConnectionID, Result<SessionGrant, DecisionFailure>)
    /// Does this connection's client still answer? Tell the other connection.
    case probe(ConnectionID, asker: LoopAddress)
    case predecessor(ConnectionID, Predecessor)
    case resolved(ConnectionID, [NetworkAddress])
    case end(ConnectionID, SessionEndReason)
    case serviceMessage(ConnectionID, text: String)
    case reauthenticate(ConnectionID, withinSeconds: UInt32)
    case reauthenticated(ConnectionID)
    /// Stop: tell the clients, then end the loop.
    case stop
}

/// Why there is no grant.
enum DecisionFailure: Error, Sendable {
    case refused(Refusal)
    /// The control plane is not there.
    case unavailable
}

/// Messages for a loop; a wake-up ends its wait.
final class Mailbox: Sendable {
    private let messages = Mutex<[LoopMessage]>([])
    private let wakeUp: WakeUp

    init() throws(SystemError) { wakeUp = try WakeUp() }

    /// To be watched by the loop.
    var descriptor: Int32 { wakeUp.fd }

    func post(_ message: LoopMessage) {
        let wasEmpty = messages.withLock { list in
            list.append(message)
            return list.count == 1
        }
        if wasEmpty { wakeUp.signal() }
    }

    /// All messages so far, in order.
    func takeAll() -> [LoopMessage] {
        wakeUp.clear()
        return messages.withLock { list in
            defer { list = [] }
            return list
        }
    }
}
