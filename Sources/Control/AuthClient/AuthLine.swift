// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one connection to torhaus-authd.

internal import DaemonMessages
internal import LinuxKit
internal import NIOCore

/// Sends a request and waits for a reply; usable from any task, one exchange at a time.
struct AuthLine: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ReplyHandler>
    private let replyTime: TimeAmount

    /// The channel's pipeline already has its handler.
    init(channel: any Channel, replyTime: TimeAmount) async throws {
        self.channel = channel
        self.replyTime = replyTime
        handler = try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: ReplyHandler.self)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
    }

    /// Sends, and waits for the next reply.
    func exchange(_ request: SignInRequest) async throws(AuthClientError) -> SignInReply {
        await send(request)
        return try await next()
    }

    /// Writes, and wipes what was written: it may hold a password.
    private func send(_ request: SignInRequest) async {
        var frame = request.encoded()
        var buffer = ByteBuffer(bytes: frame)
        ProcessHardening.wipe(&frame)
        // A failed write closes the channel, and the wait for the reply reports it. Afterwards nobody else has the buffer,
        // so wiping it makes no copy.
        try? await channel.writeAndFlush(buffer).get()
        _ = buffer.withUnsafeMutableReadableBytes { $0.initializeMemory(as: UInt8.self, repeating: 0) }
    }

    /// Waits for another reply.
    func next() async throws(AuthClientError) -> SignInReply {
        let (channel, handler, time) = (channel, handler, replyTime)
        do {
            return try await channel.eventLoop.flatSubmit {
                handler.value.next(on: channel.eventLoop, channel: channel, within: time)
            }.get()
        } catch let error as AuthClientError {
            throw error
        } catch {
            throw AuthClientError(.unavailable, "the connection is gone")
        }
    }

    /// Closing means abandoning.
    func close() {
        channel.close(promise: nil)
    }
}
