// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what an accepted socket has from its listener.

import Glibc
import LinuxKit
import Testing

@Suite("TCP listener")
struct ListenerTests {
    private func option(_ level: Int32, _ name: Int32, of fd: Int32) -> Int32 {
        var value: Int32 = -1
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(fd, level, name, &value, &length) == 0 ? value : -1
    }

    @Test("clients of a tuned listener are tuned")
    func inherits() throws {
        let any = try #require(NetworkAddress(numeric: "127.0.0.1", port: 0))
        let listener = try TCPListener.listen(on: any, reusePort: false)
        let raw = listener.withRaw { $0 }
        StreamSocket.tuneClient(raw, unacknowledgedLimitMilliseconds: 45_000)
        let address = try #require(StreamSocket.localAddress(of: raw))
        let client = try StreamSocket.connect(to: "127.0.0.1", port: address.port, milliseconds: 5_000)
        _ = client
        guard case .client(let accepted, _) = TCPListener.accept(on: raw) else {
            Issue.record("nobody came")
            return
        }
        let fd = accepted.withRaw { $0 }
        #expect(option(Int32(IPPROTO_TCP), TCP_NODELAY, of: fd) == 1)
        #expect(option(SOL_SOCKET, SO_KEEPALIVE, of: fd) == 1)
        #expect(option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, of: fd) == 45_000)
    }
}
