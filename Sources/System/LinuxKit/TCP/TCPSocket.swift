// SPDX-License-Identifier: EUPL-1.2
// Torhaus: making and asking TCP (and Unix) sockets; nothing here blocks.

internal import CLinux
internal import Glibc

/// What `accept` brought.
package enum Accepted: ~Copyable {
    case client(OwnedFD, NetworkAddress)
    case none
    case failed(SystemError)
}

/// Listening sockets.
package enum TCPListener {
    /// Connections that may wait for `accept`; the kernel caps it at net.core.somaxconn.
    package static let backlog: Int32 = 4_096

    package static func listen(on address: NetworkAddress, reusePort: Bool) throws(SystemError) -> OwnedFD {
        let raw = unsafe address.bytes.withUnsafeBufferPointer { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe th_listen_tcp(base, address.port, reusePort ? 1 : 0, backlog)
        }
        guard 0 <= raw else { throw .last("listen on \(address)") }
        return OwnedFD(adopting: raw)
    }

    package static func accept(on listener: Int32) -> Accepted {
        var bytes = [UInt8](repeating: 0, count: 16)
        var port: UInt16 = 0
        let raw = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe th_accept_tcp(listener, base, &port)
        }
        if raw < 0 {
            let code = errno
            // A client that gave up while it waited is no fault of the listener.
            if code == EAGAIN || code == ECONNABORTED || code == EINTR { return .none }
            return .failed(SystemError("accept4", code: code))
        }
        guard let address = NetworkAddress(bytes: bytes, port: port) else { return .none }
        return .client(OwnedFD(adopting: raw), address)
    }
}

/// Questions to and settings of connected sockets.
package enum StreamSocket {
    /// A TCP connect that has begun; writable means that it ended, `connectEnded` how.
    package static func beginConnect(to address: NetworkAddress) throws(SystemError) -> OwnedFD {
        let raw = unsafe address.bytes.withUnsafeBufferPointer { bytes -> Int32 in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe th_connect_tcp(base, address.scope, address.port)
        }
        guard 0 <= raw else { throw .last("connect") }
        return OwnedFD(adopting: raw)
    }

    /// A connected Unix stream socket, non-blocking.
    package static func connect(unixPath path: String) throws(SystemError) -> OwnedFD {
        let raw = unsafe th_connect_unix(path)
        guard 0 <= raw else { throw .last("connect") }
        return OwnedFD(adopting: raw)
    }

    /// How a connect that has begun ended: 0 or an errno; nil while it has not ended.
    package static func connectEnded(_ fd: Int32) -> Int32? {
        var request = pollfd(fd: fd, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&request, 1, 0) == 1 else { return nil }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return errno }
        return code
    }

    /// No delay, keepalive, and a limit on how long sent bytes may stay unacknowledged.
    package static func tuneClient(_ fd: Int32, unacknowledgedLimitMilliseconds: UInt32) {
        th_tune_client_socket(fd, unacknowledgedLimitMilliseconds)
    }

    /// Bytes that the peer's kernel has not acknowledged; nil when the socket does not know.
    package static func unacknowledgedBytes(of fd: Int32) -> Int? {
        let count = th_unacknowledged(fd)
        return 0 <= count ? Int(count) : nil
    }

    /// Says that nothing more will be sent.
    package static func endSending(_ fd: Int32) { _ = shutdown(fd, Int32(SHUT_WR)) }

    /// The address a listener or a connection is bound to.
    package static func localAddress(of fd: Int32) -> NetworkAddress? {
        var bytes = [UInt8](repeating: 0, count: 16)
        var port: UInt16 = 0
        let code = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe th_local_address(fd, base, &port)
        }
        guard code == 0 else { return nil }
        return NetworkAddress(bytes: bytes, port: port)
    }
}
