// SPDX-License-Identifier: EUPL-1.2
// Torhaus: GateLink is the control plane's end of the line to the gates. It checks who connects, keeps messages in
// their order where order matters, and leaves every decision to Sessions.

internal import DaemonMessages
internal import Glibc
internal import LinuxKit
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
package import Sessions
internal import Synchronization

/// Listens on the gate link's socket.
package struct GateLinkServer: Service {
    /// Gates at a time: one works, one takes over during an upgrade, and some may hang half-dead.
    package static let maximumGates = 8

    private let path: String
    private let allowedUsers: Set<UInt32>
    private let group: UInt32?
    private let side: any GateSide
    private let logger: Logger

    /// Prepares the link; nothing is opened before `run()`.
    /// - Parameters:
    ///   - path: The socket's file; an old one is replaced.
    ///   - allowedUsers: User ids (SO_PEERCRED) that may connect: the gate's alone.
    ///   - group: The group that may open the file, usually the gate's; nil leaves it to the peer check.
    ///   - side: Answers the gates.
    ///   - logger: Gets gates' comings and goings.
    package init(
        path: String,
        allowedUsers: Set<UInt32>,
        group: UInt32?,
        side: any GateSide,
        logger: Logger
    ) {
        self.path = path
        self.allowedUsers = allowedUsers
        self.group = group
        self.side = side
        self.logger = logger
    }

    /// Serves until the task is cancelled or the service group shuts down.
    package func run() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.writeBufferWaterMark, value: GateConnection.waterMark)
            .bind(try listen()) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        logger.info("gate link is open", metadata: ["path": "\(path)"])
        do {
            try await cancelWhenGracefulShutdown { try await accept(server) }
        } catch is CancellationError {
            // The end that was asked for; thrown on, the service group would take it for a fault.
        }
    }

    private func accept(
        _ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    ) async throws {
        let counter = GateCounter()
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    guard let gate = counter.enter(limit: Self.maximumGates) else {
                        logger.error("too many gates")
                        try? await connection.channel.close()
                        continue
                    }
                    group.addTask {
                        defer { counter.leave() }
                        await serve(connection, gate)
                    }
                }
            }
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ gate: GateID) async {
        do {
            let peer = try await GatePeer.of(connection.channel)
            guard allowedUsers.contains(peer.user) else {
                logger.warning("gate link refused a user", metadata: ["uid": "\(peer.user)"])
                try await connection.channel.close()
                return
            }
            try await connection.executeThenClose { inbound, _ in
                await GateConnection(id: gate, channel: connection.channel, side: side, logger: logger)
                    .run(inbound)
            }
        } catch {
            logger.debug("gate link connection ended", metadata: ["error": "\(error)"])
        }
    }

    /// A socket of its own for NIO, which closes it.
    private func listen() throws -> NIOBSDSocket.Handle {
        let listener = try UnixListener(path: path, mode: 0o600)
        let copy = listener.withRaw { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        guard 0 <= copy else { throw SystemError.last("fcntl(F_DUPFD_CLOEXEC)") }
        openForGate()
        return copy
    }

    /// The gate runs as another user: by its group if we may give the file to it, else by everybody, because
    /// every peer is checked by the kernel's word anyway.
    private func openForGate() {
        if let group, chown(path, geteuid(), group) == 0, chmod(path, 0o660) == 0 { return }
        _ = chmod(path, 0o666)
    }
}

/// Numbers gates, each connection anew, and counts those that are connected.
private final class GateCounter: Sendable {
    private let state = Mutex((last: UInt64(0), connected: 0))

    func enter(limit: Int) -> GateID? {
        state.withLock { state in
            guard state.connected < limit else { return nil }
            state.connected += 1
            state.last += 1
            return GateID(state.last)
        }
    }

    func leave() { state.withLock { $0.connected -= 1 } }
}

/// `struct ucred`; its C name needs feature macros that Swift cannot set.
private struct GatePeer: Sendable, Hashable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0

    /// The kernel gives no word: this is no Unix socket.
    struct Unknown: Error {}

    /// Asks for SO_PEERCRED: the peer at the time it connected.
    static func of(_ channel: any Channel) async throws -> GatePeer {
        guard let provider = channel as? any SocketOptionProvider else { throw Unknown() }
        let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let answer: EventLoopFuture<GatePeer> = provider.unsafeGetSocketOption(level: .socket, name: option)
        return try await answer.get()
    }
}
