// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one accepted connection: peer check, PROXY header, then HTTP/1.1.

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// Hummingbird's HTTP/1 channel with our handlers around it.
struct PortalChannel: ServerChildChannel {
    /// A connection and who is at its other end.
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let client: ConnectionClient

        var channel: any Channel { http.channel }
    }

    private let http: HTTP1Channel
    private let allowedPeers: Set<UInt32>?

    /// `allowedPeers` are user ids that may connect; nil allows any (tests on TCP).
    init(responder: @escaping HTTPChannelHandler.Responder, allowedPeers: Set<UInt32>?) {
        http = HTTP1Channel(
            responder: responder,
            configuration: .init(
                additionalChannelHandlers: [LastResponseHandler()],
                idleTimeout: PortalLimits.connectionIdle,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: PortalLimits.headBytes,
                    maxHeaderListSize: PortalLimits.headBytes,
                    maxHeaderFieldCount: PortalLimits.headFields
                )
            )
        )
        self.allowedPeers = allowedPeers
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let client = ConnectionClient()
        return PeerCredentials.check(channel, allowed: allowedPeers).flatMapThrowing {
            try channel.pipeline.syncOperations.addHandler(ProxyHeaderHandler(client: client))
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.map {
            Value(http: $0, client: client)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await ConnectionClient.$current.withValue(value.client) {
            await http.handle(value: value.http, logger: logger)
        }
    }
}

extension HTTPServerBuilder {
    /// HTTP/1.1 behind PROXY protocol v2.
    static func portal(allowedPeers: Set<UInt32>?) -> HTTPServerBuilder {
        HTTPServerBuilder { PortalChannel(responder: $0, allowedPeers: allowedPeers) }
    }
}
