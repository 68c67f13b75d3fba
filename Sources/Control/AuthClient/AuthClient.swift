// SPDX-License-Identifier: EUPL-1.2
// Torhaus: connects to torhaus-authd.

package import DaemonMessages
package import NIOCore
internal import NIOPosix

/// The sign-in service behind a Unix socket.
///
/// Each call opens a connection of its own.
package struct AuthClient: SignInService {
    /// For connecting: the daemon accepts in milliseconds; longer means that it is overrun.
    private static let connectTime = TimeAmount.seconds(5)
    /// For one reply by default: the daemon ends a conversation after two minutes and says so; this is for a daemon that
    /// does not.
    package static let defaultReplySeconds: Int64 = 150

    private let socketPath: String
    private let replyTime: TimeAmount
    private let group: any EventLoopGroup

    /// Prepares a client; connects only when asked something.
    ///
    /// - Parameters:
    ///   - socketPath: `/run/torhaus/auth.sock`.
    ///   - replySeconds: how long to wait for each reply.
    ///   - group: runs the connections.
    package init(
        socketPath: String,
        replySeconds: Int64 = defaultReplySeconds,
        group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup
    ) {
        self.socketPath = socketPath
        replyTime = .seconds(replySeconds)
        self.group = group
    }

    /// See ``SignInService``.
    package func begin(
        _ request: SignInBegin
    ) async throws(AuthClientError) -> (conversation: any SignInConversation, reply: SignInReply) {
        let conversation = SocketConversation(line: try await connect())
        do throws(AuthClientError) {
            return (conversation, try await conversation.ask(.begin(request)))
        } catch {
            // A password that was changed without a question is told all the same.
            guard await conversation.knowsOfChange else { throw error }
            return (conversation, .unavailable)
        }
    }

    /// See ``SignInService``.
    package func lookUpGroups(_ user: String) async throws(AuthClientError) -> SignInIdentity? {
        let line = try await connect()
        defer { line.close() }
        switch try await line.exchange(.lookUpGroups(user: user)) {
        case .groups(let identity): return identity
        case .failed: throw AuthClientError(.unavailable, "the service could not look up groups")
        case .prompts, .passwordChanged, .succeeded:
            throw AuthClientError(.protocolViolation, "the reply answers no look-up")
        }
    }

    private func connect() async throws(AuthClientError) -> AuthLine {
        let replyTime = replyTime
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(Self.connectTime)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ReplyHandler())
                    }
                }
                .connect(unixDomainSocketPath: socketPath)
                .get()
            return try await AuthLine(channel: channel, replyTime: replyTime)
        } catch {
            throw AuthClientError(.unavailable, "cannot connect to the sign-in service")
        }
    }
}
