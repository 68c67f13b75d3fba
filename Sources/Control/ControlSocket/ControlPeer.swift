// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the kernel's word on who connected.

internal import Glibc
internal import NIOCore

/// `struct ucred`; its C name needs feature macros that Swift cannot set.
struct ControlPeer: Sendable, Hashable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0

    /// The kernel gives no word: this is no Unix socket.
    struct Unknown: Error {}

    /// Asks for SO_PEERCRED: the peer at the time it connected.
    static func of(_ channel: any Channel) async throws -> ControlPeer {
        guard let provider = channel as? any SocketOptionProvider else { throw Unknown() }
        let option = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        let answer: EventLoopFuture<ControlPeer> = provider.unsafeGetSocketOption(
            level: .socket,
            name: option
        )
        return try await answer.get()
    }
}
