// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the protocol's own code for each refusal and each end.

internal import DaemonMessages
internal import RDGateway

extension ProxyError {
    /// What TUNNEL_RESPONSE says.
    init(tunnel failure: DecisionFailure) {
        guard case .refused(let refusal) = failure else {
            self = .internalError
            return
        }
        self =
            switch refusal.code {
            case .ticketInvalid, .wrongNetwork, .credentialsWrong, .alreadyConnected: .cookieAccessDenied
            case .ticketMalformed: .cookieBadPacket
            case .accessDenied, .desktopDenied: .gatewayAccessDenied
            case .tooManySessions: .maximumConnectionsReached
            case .reauthenticationFailed: .reauthenticationFailed
            case .desktopUnreachable: .desktopConnectFailed
            case .unavailable: .internalError
            }
    }

    /// What CHANNEL_RESPONSE says.
    init(channel failure: DecisionFailure) {
        guard case .refused(let refusal) = failure else {
            self = .internalError
            return
        }
        self =
            switch refusal.code {
            case .ticketInvalid, .wrongNetwork, .ticketMalformed, .credentialsWrong: .cookieAccessDenied
            case .alreadyConnected: .alreadyDisconnected
            case .accessDenied, .desktopDenied: .resourceAccessDenied
            case .tooManySessions: .maximumConnectionsReached
            case .reauthenticationFailed: .reauthenticationFailed
            case .desktopUnreachable: .desktopConnectFailed
            case .unavailable: .internalError
            }
    }

    /// What CLOSE_CHANNEL says.
    init(end reason: SessionEndReason) {
        self =
            switch reason {
            case .idleLimit, .sessionLimit: .sessionTimeout
            case .closedByDesktop: .gracefulDisconnect
            case .terminatedByOperator, .signedOut, .gateStopping, .desktopLost: .connectionAborted
            case .accessWithdrawn: .reauthenticationResourcePolicyFailed
            case .reauthenticationFailed: .reauthenticationFailed
            case .desktopUnreachable: .desktopConnectFailed
            case .closedByClient, .clientGone, .replaced: .alreadyDisconnected
            case .protocolViolation: .internalError
            }
    }
}
