// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a gate as the link sees it, and a control plane that does what the test says.

import DaemonMessages
import Glibc
import Sessions
import Synchronization
import Testing

/// The gate's end of the socket.
final class TestGate: Sendable {
    private let descriptor: Int32
    private let assembler = Mutex(FrameAssembler())

    struct Closed: Error {}
    struct TooSlow: Error {}

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, UInt32(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard answer == 0 else {
            close(descriptor)
            throw Closed()
        }
    }

    deinit { close(descriptor) }

    func send(_ messages: GateToControl...) throws { try send(bytes: messages.flatMap { $0.encoded() }) }

    func send(bytes: [UInt8]) throws {
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Closed()
        }
    }

    /// The next message; throws `Closed` at the end of the connection.
    func next() async throws -> ControlToGate {
        for _ in 0..<5000 {
            if let frame = try assembler.withLock({ try $0.next() }) {
                return try ControlToGate(frame: frame)
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let got = recv(descriptor, &buffer, buffer.count, 0)
            if 0 < got {
                let bytes = buffer.prefix(got)
                assembler.withLock { $0.append(bytes) }
            } else if got == 0 || errno == ECONNRESET {
                throw Closed()
            } else {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        throw TooSlow()
    }
}

/// Answers at once, or when the test lets it.
final class ScriptedSide: GateSide {
    private struct State {
        var log: [String] = []
        var send: (@Sendable (ControlToGate) -> Void)?
        var refusedRecords = 0
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var log: [String] { state.withLock { $0.log } }
    var send: (@Sendable (ControlToGate) -> Void)? { state.withLock { $0.send } }

    /// How many of the next ends cannot be recorded.
    func refuseRecords(_ count: Int) { state.withLock { $0.refusedRecords = count } }

    /// Ends and tunnels wait until `release`.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    private func note(_ text: String) { state.withLock { $0.log.append(text) } }

    private func waitIfHeld() async {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
    }

    func gateConnected(
        _ gate: GateID,
        hello: GateHello,
        send: @escaping @Sendable (ControlToGate) -> Void
    ) async {
        state.withLock { $0.send = send }
        note("connected \(hello.version)")
    }

    func gateLost(_ gate: GateID, reason: String) async { note("lost \(reason)") }

    func authorizeTunnel(_ request: AuthorizeTunnel) async -> GateAnswer<TunnelGrant> {
        await waitIfHeld()
        return .granted(TunnelGrant(ticket: [1], redirection: 2, idleMinutes: 3))
    }

    func openSession(_ request: OpenSession, from gate: GateID) async -> GateAnswer<SessionGrant> {
        note("open")
        return .refused(Refusal(code: .ticketInvalid, reference: "R-7F3K-Q2", text: "Nein."))
    }

    func sessionStarted(_ message: SessionStarted, from gate: GateID) async {
        await waitIfHeld()
        note("started")
    }

    func sessionEnded(_ message: SessionEnded, from gate: GateID) async -> Bool {
        await waitIfHeld()
        note("ended")
        return state.withLock { state in
            guard 0 < state.refusedRecords else { return true }
            state.refusedRecords -= 1
            return false
        }
    }

    func incident(_ message: GateIncident) async { note("incident") }

    func overloaded(_ client: ClientContext) async -> Refusal {
        Refusal(code: .unavailable, reference: "R-0000-00", text: "Voll.")
    }
}
