// SPDX-License-Identifier: EUPL-1.2
// Torhaus: listens on the control socket and gives each connection to the harness.

internal import DaemonMessages
internal import Glibc
internal import LinuxKit
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// The socket the operator's tool talks to, one request for each connection.
package struct ControlSocketServer: Service {
    /// Connections at a time: operators are few, and a stranger must not use up the daemon's descriptors.
    package static let maximumConnections = 32
    /// For the request to arrive, and again for the reply to leave: a client that does nothing goes.
    package static let stepSeconds: Int64 = 10
    /// Anybody may connect: who may ask is decided by SO_PEERCRED, and strangers are told so.
    package static let socketMode: UInt32 = 0o666

    private let path: String
    private let harness: ControlHarness
    private let logger: Logger

    /// The operators are user ids besides root and the daemon's own.
    package init(path: String, operators: Set<UInt32>, service: any OperatorService, logger: Logger) {
        self.path = path
        harness = ControlHarness(operators: operators, service: service)
        self.logger = logger
    }

    /// Listens until the task is cancelled or the service group shuts down.
    package func run() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(try listen()) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        logger.info("control socket is open", metadata: ["path": "\(path)"])
        try await cancelWhenGracefulShutdown {
            try await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    let places = ConnectionPlaces(limit: Self.maximumConnections)
                    for try await connection in connections {
                        guard places.take() else {
                            try? await connection.channel.close()
                            continue
                        }
                        group.addTask {
                            defer { places.give() }
                            await serve(connection)
                        }
                    }
                }
            }
        }
    }

    /// A socket of its own for NIO, which closes it.
    private func listen() throws -> NIOBSDSocket.Handle {
        let listener = try UnixListener(path: path, mode: Self.socketMode)
        let copy = listener.withRaw { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        guard 0 <= copy else { throw SystemError.last("fcntl(F_DUPFD_CLOEXEC)") }
        return copy
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            let peer = try await ControlPeer.of(connection.channel)
            try await connection.executeThenClose { inbound, _ in
                if let refusal = await harness.refusal(of: peer.user) {
                    logger.warning("control socket refused a user", metadata: ["uid": "\(peer.user)"])
                    try await send(refusal.encoded(), to: connection.channel)
                    return
                }
                guard let frame = try await receive(inbound, from: connection.channel) else { return }
                let answer = await harness.answer(frame, by: peer.user)
                try await send(answer, to: connection.channel)
            }
        } catch {
            // A client that went away or spoke nonsense; its request, if any, was answered by the service.
            logger.debug("control connection ended early", metadata: ["error": "\(error)"])
        }
    }

    /// The first frame, or nil when the client went away before it was whole.
    private func receive(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        from channel: any Channel
    ) async throws -> [UInt8]? {
        let deadline = closing(channel)
        defer { deadline.cancel() }
        var assembler = FrameAssembler()
        for try await bytes in inbound {
            assembler.append(bytes.readableBytesView)
            if let frame = try assembler.next() { return frame }
        }
        return nil
    }

    /// Waits until the kernel has all of it: closing earlier would cut a long reply.
    private func send(_ bytes: [UInt8], to channel: any Channel) async throws {
        let deadline = closing(channel)
        defer { deadline.cancel() }
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    private func closing(_ channel: any Channel) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: .seconds(Self.stepSeconds)) { channel.close(promise: nil) }
    }
}
