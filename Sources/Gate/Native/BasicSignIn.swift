// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a native client's Basic credentials, while the control plane looks at them.

internal import DaemonMessages
internal import HTTPHead

final class BasicSignIn: ConnectionHandler {
    private let opening: TunnelOpening

    private init(_ opening: TunnelOpening) { self.opening = opening }

    static func begin(
        _ credentials: BasicCredentials,
        _ opening: TunnelOpening,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        let transport: ClientTransport =
            if case .webSocket = opening.request { .gatewayWebSocket } else { .gatewayLegacy }
        guard let client = connection.line.context(transport: transport, userAgent: opening.userAgent) else {
            loop.close(connection)
            return
        }
        connection.handler = BasicSignIn(opening)
        loop.schedule(connection, at: loop.now + GateLimits.decisionMilliseconds)
        loop.services.link.ask(
            AuthorizeTunnel(
                client: client,
                credential: .basic(user: credentials.user, secret: credentials.secret),
                purpose: .openSession
            ),
            for: connection.address
        )
    }

    /// Nothing may come before the answer; what does stays in the socket.
    func wantsClientBytes(_ connection: Connection) -> Bool { false }
    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {}
    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) { loop.close(connection) }

    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {
        switch message {
        case .tunnelDecision(_, .success(let grant)):
            opening.accept(headerGrant: grant, connection, loop)
        case .tunnelDecision(_, .failure(.refused(let refusal))) where refusal.code == .credentialsWrong:
            NativeOpening.challenge(true, connection, loop)
        case .tunnelDecision(_, .failure(.refused)):
            answer(403, "Forbidden", connection, loop)
        case .tunnelDecision(_, .failure(.unavailable)):
            answer(503, "Service Unavailable", connection, loop)
        case .end:
            loop.close(connection)
        default:
            break
        }
    }

    private func answer(_ status: Int, _ reason: String, _ connection: Connection, _ loop: RelayLoop) {
        if loop.write(ResponseHead.closing(status, reason).bytes, to: connection) {
            loop.closeWhenDrained(connection)
        }
    }
}
