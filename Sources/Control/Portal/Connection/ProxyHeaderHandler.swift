// SPDX-License-Identifier: EUPL-1.2
// Torhaus: takes the PROXY v2 header off a connection before HTTP begins.

import ByteCoding
import NIOCore
import ProxyProtocol

/// First in the pipeline: collects the header, remembers the client, then gets out of the way.
///
/// A connection without a valid header is closed without a word: only the gate speaks to this socket. A
/// gateway client's method right behind the header is answered with 421, because the HTTP parser would not
/// know it.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case header
        /// Header taken; the first bytes of the request are looked at.
        case request
        case passing
        case closed
    }

    private let client: ConnectionClient
    private var collected = ByteBuffer()
    private var state = State.header
    private var deadline: Scheduled<Void>?

    private static let gatewayMethod = Array("RDG_".utf8)
    private static let misdirected =
        "HTTP/1.1 421 Misdirected Request\r\nConnection: close\r\nContent-Length: 0\r\n"
        + "Cache-Control: no-store\r\n\r\n"

    init(client: ConnectionClient) {
        self.client = client
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .passing:
            context.fireChannelRead(data)
        case .closed:
            break
        case .header, .request:
            var bytes = unwrapInboundIn(data)
            collected.writeBuffer(&bytes)
            takeHeader(context)
            lookAtRequest(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    private func takeHeader(_ context: ChannelHandlerContext) {
        guard state == .header else { return }
        do throws(DecodeError) {
            guard let (header, consumed) = try ProxyHeader.parse(Array(collected.readableBytesView)) else {
                return
            }
            guard let found = header.client else { return close(context) }
            collected.moveReaderIndex(forwardBy: consumed)
            client.context = found
            state = .request
        } catch {
            close(context)
        }
    }

    private func lookAtRequest(_ context: ChannelHandlerContext) {
        guard state == .request, 0 < collected.readableBytes else { return }
        let first = Array(collected.readableBytesView.prefix(Self.gatewayMethod.count))
        guard Self.gatewayMethod.starts(with: first) else { return pass(context) }
        // Fewer bytes than the name: wait for the rest.
        guard first.count == Self.gatewayMethod.count else { return }
        state = .closed
        deadline?.cancel()
        let answer = ByteBuffer(string: Self.misdirected)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        context.close(promise: nil)
    }

    private func pass(_ context: ChannelHandlerContext) {
        state = .passing
        deadline?.cancel()
        deadline = nil
        let rest = collected
        collected = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(rest))
        context.fireChannelReadComplete()
    }

    // MARK: Ending

    func handlerAdded(context: ChannelHandlerContext) {
        let loop = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: PortalLimits.proxyHeaderDeadline) {
            handler.value.close(loop.value)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    private func close(_ context: ChannelHandlerContext) {
        state = .closed
        deadline?.cancel()
        collected = ByteBuffer()
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ProxyHeaderHandler: Sendable {}
