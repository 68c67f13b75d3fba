// SPDX-License-Identifier: EUPL-1.2
// Torhaus: only the gate may speak to the portal's socket.

import Glibc
import NIOCore

/// The kernel's word on who connected: `struct ucred`, whose C name needs feature macros Swift cannot set.
struct PeerCredentials: Sendable, Hashable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0

    /// The peer is none of those who may connect.
    struct Stranger: Error, Hashable {}

    /// Fails for a peer that is not allowed, and closes its connection; nil allows any.
    static func check(_ channel: any Channel, allowed: Set<UInt32>?) -> EventLoopFuture<Void> {
        guard let allowed else { return channel.eventLoop.makeSucceededVoidFuture() }
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(Stranger())
        }
        let name = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let credentials: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket,
            name: name
        )
        return credentials.flatMapThrowing { peer in
            guard allowed.contains(peer.user) else { throw Stranger() }
        }.flatMapErrorThrowing { error in
            // A failed set-up alone would leave the connection open.
            channel.close(promise: nil)
            throw error
        }
    }
}
