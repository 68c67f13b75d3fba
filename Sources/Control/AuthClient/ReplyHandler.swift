// SPDX-License-Identifier: EUPL-1.2
// Torhaus: replies from a connection's bytes, each for the one who waits.

internal import DaemonMessages
internal import NIOCore

/// Keeps replies that come unasked (a deadline's `failed`) until somebody asks.
///
/// Lives on its channel's event loop.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// The daemon sends a few messages before a question at most; more means that it is out of order.
    private static let storedReplies = 64

    private var assembler = FrameAssembler()
    private var stored: [SignInReply] = []
    private var failure: AuthClientError?
    private var waiting: EventLoopPromise<SignInReply>?
    private var timer: Scheduled<Void>?

    /// The next reply; fails when the time is over, and then for ever.
    func next(
        on loop: any EventLoop,
        channel: any Channel,
        within time: TimeAmount
    ) -> EventLoopFuture<SignInReply> {
        if !stored.isEmpty { return loop.makeSucceededFuture(stored.removeFirst()) }
        if let failure { return loop.makeFailedFuture(failure) }
        guard waiting == nil else {
            return loop.makeFailedFuture(AuthClientError(.outOfTurn, "another reply is awaited"))
        }
        let promise = loop.makePromise(of: SignInReply.self)
        waiting = promise
        timer = loop.assumeIsolated().scheduleTask(in: time) {
            self.fail(AuthClientError(.timedOut, "no reply in time"))
            channel.close(promise: nil)
        }
        return promise.futureResult
    }

    // MARK: ChannelInboundHandler

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        assembler.append(unwrapInboundIn(data).readableBytesView)
        do {
            while let frame = try assembler.next() { take(try SignInReply(frame: frame)) }
            guard stored.count <= Self.storedReplies else {
                throw AuthClientError(.protocolViolation, "too many replies")
            }
        } catch {
            fail(AuthClientError(.protocolViolation, "a reply cannot be read"))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(AuthClientError(.unavailable, "the connection was closed"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(AuthClientError(.unavailable, "the connection broke"))
        context.close(promise: nil)
    }

    // MARK: Private

    private func take(_ reply: SignInReply) {
        guard let promise = waiting else {
            stored.append(reply)
            return
        }
        stopWaiting()
        promise.succeed(reply)
    }

    private func fail(_ error: AuthClientError) {
        if failure == nil { failure = error }
        guard let promise = waiting else { return }
        stopWaiting()
        promise.fail(error)
    }

    private func stopWaiting() {
        timer?.cancel()
        timer = nil
        waiting = nil
    }
}
