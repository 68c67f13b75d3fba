// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a tiny server around TLSConnection: one thread per connection, poll, nothing clever.

import Foundation
import Glibc
import LinuxKit
import Synchronization

@testable import OpenSSLKit

/// What a connection does after its handshake.
enum ServerRole: Sendable {
    case echo
    /// Echoes, and renews the keys before each answer.
    case echoWithNewKeys
    /// Sends this many bytes of `Pattern`, then close_notify.
    case send(Int)
}

/// How one connection went.
struct ConnectionReport: Sendable {
    var negotiated: TLSNegotiated?
    var handshakeFault: TLSFault?
    var end: TLSReadStep?
    var wasQueued = false
    var bytesRead = 0
    var bytesWritten = 0
}

enum Pattern {
    /// Bytes that differ at every offset modulo a prime, so that a lost or doubled block shows.
    static func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (index % 65_521) &* 31 &+ index / 65_521)
    }
}

final class TestServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>
    private let sendBuffer: Int32?

    private struct State: Sendable {
        var context: TLSServerContext
        var role: ServerRole
        var reports: [ConnectionReport] = []
        var open = 0
        var stopped = false
    }

    init(_ context: TLSServerContext, role: ServerRole = .echo, sendBuffer: Int32? = nil) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(fd, $0, length) == 0 && listen(fd, 128) == 0 && getsockname(fd, $0, &length) == 0
            }
        }
        guard bound else { throw SystemError.last("listen") }
        port = UInt16(bigEndian: address.sin_port)
        self.sendBuffer = sendBuffer
        state = Mutex(State(context: context, role: role))
        Thread.detachNewThread { [self] in acceptAll() }
    }

    deinit { close(listener) }

    func stop() {
        state.withLock { $0.stopped = true }
        _ = shutdown(listener, Int32(SHUT_RDWR))
    }

    func reload(_ context: TLSServerContext) { state.withLock { $0.context = context } }

    /// The reports of all connections so far, once no connection is running.
    func reports(atLeast count: Int = 1) -> [ConnectionReport] {
        let end = Date(timeIntervalSinceNow: 20)
        while Date() < end {
            let found = state.withLock { $0.open == 0 && count <= $0.reports.count ? $0.reports : nil }
            if let found { return found }
            Thread.sleep(forTimeInterval: 0.005)
        }
        return state.withLock { $0.reports }
    }

    private func acceptAll() {
        while true {
            let raw = accept(listener, nil, nil)
            if raw < 0 {
                if state.withLock({ $0.stopped }) { return }
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            _ = fcntl(raw, F_SETFL, O_NONBLOCK)
            // A program that another test starts must not keep this line open.
            _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
            if var size = sendBuffer {
                setsockopt(raw, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            }
            let (context, role) = state.withLock {
                $0.open += 1
                return ($0.context, $0.role)
            }
            Thread.detachNewThread { [self] in
                let report = TestServer.serve(raw, context, role)
                state.withLock {
                    $0.reports.append(report)
                    $0.open -= 1
                }
            }
        }
    }

    // MARK: One connection

    private static func serve(
        _ raw: Int32,
        _ context: TLSServerContext,
        _ role: ServerRole
    ) -> ConnectionReport {
        var report = ConnectionReport()
        guard var connection = try? TLSConnection(context: context, socket: OwnedFD(adopting: raw)) else {
            return report
        }
        shaking: while true {
            switch connection.handshake() {
            case .done: break shaking
            case .wantRead: guard wait(raw, POLLIN) else { return report }
            case .wantWrite: guard wait(raw, POLLOUT) else { return report }
            case .failed(let fault):
                report.handshakeFault = fault
                return report
            }
        }
        report.negotiated = connection.negotiated
        var scratch = TLSScratch()
        var buffer = IOBuffer(capacity: IOBuffer.batchBytes)
        if case .send(let count) = role {
            send(count, &connection, &buffer, &scratch, raw, &report)
            connection.closeNotify()
            let rest: TLSWriteStep = connection.hasQueued ? .queued : .sent
            guard settle(rest, &connection, raw, &report) else { return report }
        }
        reading: while true {
            var target = buffer.mutableBytes
            switch connection.read(into: &target, from: 0) {
            case .bytes(let count, _):
                report.bytesRead += count
                if case .echoWithNewKeys = role { connection.renewKeys() }
                let step = connection.write(buffer.bytes(in: 0..<count), through: &scratch)
                guard settle(step, &connection, raw, &report) else { break reading }
                report.bytesWritten += count
            case .wouldBlock:
                guard wait(raw, POLLIN) else { break reading }
            case .closed(let clean):
                report.end = .closed(clean: clean)
                connection.closeNotify()
                break reading
            case .failed(let fault):
                report.end = .failed(fault)
                break reading
            }
        }
        return report
    }

    private static func send(
        _ total: Int,
        _ connection: inout TLSConnection,
        _ buffer: inout IOBuffer,
        _ scratch: inout TLSScratch,
        _ raw: Int32,
        _ report: inout ConnectionReport
    ) {
        var position = 0
        while position < total {
            let count = min(buffer.capacity, total - position)
            var target = buffer.mutableBytes
            target.withUnsafeMutableBytes { bytes in
                for index in 0..<count { bytes[index] = Pattern.byte(position + index) }
            }
            let step = connection.write(buffer.bytes(in: 0..<count), through: &scratch)
            guard settle(step, &connection, raw, &report) else { return }
            position += count
            report.bytesWritten += count
        }
    }

    /// Waits until everything is with the kernel; false when the connection is over.
    private static func settle(
        _ first: TLSWriteStep,
        _ connection: inout TLSConnection,
        _ raw: Int32,
        _ report: inout ConnectionReport
    ) -> Bool {
        var step = first
        while true {
            switch step {
            case .sent: return true
            case .queued:
                report.wasQueued = true
                guard wait(raw, POLLOUT) else { return false }
                step = connection.flush()
            case .failed(let fault):
                report.end = .failed(fault)
                return false
            }
        }
    }

    private static func wait(_ raw: Int32, _ events: Int32) -> Bool {
        var entry = pollfd(fd: raw, events: Int16(events), revents: 0)
        return poll(&entry, 1, 15_000) == 1
    }
}
