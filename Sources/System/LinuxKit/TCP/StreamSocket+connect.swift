// SPDX-License-Identifier: EUPL-1.2
// Torhaus: connecting to a name, for threads that may wait.

internal import CLinux
internal import Glibc

extension StreamSocket {
    /// A TCP connection to the first address of the name that answers; the time is for each address.
    package static func connect(
        to host: String,
        port: UInt16,
        milliseconds: Int32
    ) throws(SystemError) -> OwnedFD {
        var failure = SystemError("connect to \(host)", code: EHOSTUNREACH)
        guard case .success(let addresses) = NameResolver.resolve(host, port: port) else { throw failure }
        for address in addresses {
            let socket: OwnedFD
            do throws(SystemError) {
                socket = try beginConnect(to: address)
            } catch {
                failure = error
                continue
            }
            let descriptor = socket.withRaw { $0 }
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&request, 1, milliseconds)
            let code = connectEnded(descriptor) ?? ETIMEDOUT
            if code == 0 { return socket }
            failure = SystemError("connect to \(address)", code: code)
        }
        throw failure
    }
}
