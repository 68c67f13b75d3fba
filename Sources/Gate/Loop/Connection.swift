// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one client connection on its relay loop.

internal import DaemonMessages
internal import LinuxKit
internal import OpenSSLKit

/// The other side of a relay: a desktop or the portal.
final class PeerSocket {
    let descriptor: OwnedFD
    var interest: Interest

    init(_ descriptor: consuming OwnedFD, interest: Interest) {
        self.descriptor = descriptor
        self.interest = interest
    }

    var fd: Int32 { descriptor.withRaw { $0 } }
}

/// What a connection is used for; replaced once, when its first request is known.
protocol ConnectionHandler: AnyObject {
    /// Whether bytes of the client have a place to go.
    func wantsClientBytes(_ connection: Connection) -> Bool
    /// Whether bytes of the peer have a place to go.
    func wantsPeerBytes(_ connection: Connection) -> Bool
    func clientReadable(_ connection: Connection, _ loop: RelayLoop)
    func peerReadable(_ connection: Connection, _ loop: RelayLoop)
    /// What the peer had not taken is gone.
    func peerDrained(_ connection: Connection, _ loop: RelayLoop)
    /// What the client had not taken is gone.
    func clientDrained(_ connection: Connection, _ loop: RelayLoop)
    /// A connect attempt became ready.
    func attemptReady(_ connection: Connection, _ loop: RelayLoop)
    /// `connection.deadline` has passed; set a new one or close.
    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop)
    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop)
    /// The connection leaves the table; last chance to account for it.
    func ended(_ connection: Connection, _ loop: RelayLoop)
}

extension ConnectionHandler {
    func wantsPeerBytes(_ connection: Connection) -> Bool { false }
    func peerReadable(_ connection: Connection, _ loop: RelayLoop) {}
    func peerDrained(_ connection: Connection, _ loop: RelayLoop) {}
    func clientDrained(_ connection: Connection, _ loop: RelayLoop) {}
    func attemptReady(_ connection: Connection, _ loop: RelayLoop) {}
    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {}
    func ended(_ connection: Connection, _ loop: RelayLoop) {}
}

/// Belongs to one loop and is touched by its thread only.
///
/// Owns no buffer while nothing waits.
final class Connection {
    let address: LoopAddress
    let line: ClientLine
    var handler: any ConnectionHandler
    var peer: PeerSocket?
    /// Bytes for the peer that it did not take yet.
    var backlog = Backlog()
    var clientInterest: Interest = .read
    /// Milliseconds of the loop's clock; `.max` for none.
    var deadline = UInt64.max
    /// When the wheel looks at this connection next.
    var wheelTime = UInt64.max
    /// libssl holds bytes that the socket will not announce.
    var holdsClientBytes = false
    /// Everything is said; close when the client has taken it.
    var closesWhenDrained = false
    var isClosed = false

    init(_ line: ClientLine, address: LoopAddress, handler: any ConnectionHandler) {
        self.line = line
        self.address = address
        self.handler = handler
    }

    var id: ConnectionID { address.connection }
    var clientDescriptor: Int32 { line.tls.descriptor }
}
