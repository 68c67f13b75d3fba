// SPDX-License-Identifier: EUPL-1.2
// Torhaus: responses after which a connection ends.

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Closes after a response that says `Connection: close`, and answers gateway methods with 421.
///
/// The gate routes a connection by its first request. `RDG_OUT_DATA` on a connection that began with a page
/// is unknown to the HTTP parser, which ends the connection with 400; 421 tells the client to open another
/// one.
final class LastResponseHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var sawUnknownMethod = false
    private var isLast = false

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .invalidMethod? = error as? HTTPParserError { sawUnknownMethod = true }
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if sawUnknownMethod, head.status == .badRequest { head.status = .misdirectedRequest }
            isLast = head.headerFields[.connection]?.lowercased() == "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            guard isLast else { return context.write(data, promise: promise) }
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension LastResponseHandler: Sendable {}
