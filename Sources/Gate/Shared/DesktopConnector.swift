// SPDX-License-Identifier: EUPL-1.2
// Torhaus: connects to the first address of a desktop that answers (RFC 8305, happy eyeballs).

internal import LinuxKit

/// Begins with one address, adds the next when the first hesitates, keeps the first that answers.
final class DesktopConnector {
    enum Progress {
        case waiting
        case connected(PeerSocket, NetworkAddress)
        case failed
    }

    private final class Attempt {
        let socket: PeerSocket
        let address: NetworkAddress

        init(_ socket: PeerSocket, _ address: NetworkAddress) {
            self.socket = socket
            self.address = address
        }
    }

    private var addresses: ArraySlice<NetworkAddress>
    private var attempts: [Attempt] = []
    private var nextAt: UInt64 = 0

    init(_ addresses: [NetworkAddress]) {
        self.addresses = addresses.prefix(GateLimits.connectAttempts)
    }

    /// When `progress` should be asked again without an event.
    var wakesAt: UInt64 { addresses.isEmpty ? .max : nextAt }

    /// Looks at the attempts and begins the next one when it is time.
    func progress(_ connection: Connection, _ loop: RelayLoop) -> Progress {
        while true {
            if let connected = look(connection, loop) { return connected }
            guard attempts.isEmpty || nextAt <= loop.now else { return .waiting }
            guard let address = addresses.popFirst() else { return attempts.isEmpty ? .failed : .waiting }
            begin(address, connection, loop)
        }
    }

    private func begin(_ address: NetworkAddress, _ connection: Connection, _ loop: RelayLoop) {
        guard let descriptor = try? StreamSocket.beginConnect(to: address) else { return }
        let socket = PeerSocket(descriptor, interest: .write)
        guard loop.watch(socket.fd, .write, .attempt, of: connection) else { return }
        attempts.append(Attempt(socket, address))
        nextAt = loop.now + GateLimits.nextAddressMilliseconds
    }

    private func look(_ connection: Connection, _ loop: RelayLoop) -> Progress? {
        for attempt in attempts {
            guard let ended = StreamSocket.connectEnded(attempt.socket.fd) else { continue }
            loop.unwatch(attempt.socket.fd)
            attempts.removeAll { $0 === attempt }
            if ended == 0 {
                cancel(loop)
                return .connected(attempt.socket, attempt.address)
            }
            nextAt = loop.now
        }
        return nil
    }

    /// Gives up all attempts.
    func cancel(_ loop: RelayLoop) {
        for attempt in attempts { loop.unwatch(attempt.socket.fd) }
        attempts = []
        addresses = []
    }
}
