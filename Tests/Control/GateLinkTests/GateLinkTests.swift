// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the link over a real socket: who may speak, in which order things happen, and what ends it.

import DaemonMessages
import Glibc
import Logging
import Sessions
import Testing

@testable import GateLink

@Suite(.timeLimit(.minutes(1))) struct GateLinkTests {
    static let hello = GateToControl.hello(GateHello(version: "1.0", liveSessions: []))
    static let session = SessionID(bytes: [UInt8](repeating: 5, count: 16))

    private func client() throws -> ClientContext {
        ClientContext(
            address: try #require(ClientAddress(bytes: [UInt8](repeating: 0, count: 16), port: 1)),
            correlation: try #require(CorrelationID(bytes: [UInt8](repeating: 1, count: 16))),
            transport: .gatewayWebSocket
        )
    }

    private func open(_ request: UInt32) throws -> GateToControl {
        .openSession(
            request: request,
            OpenSession(
                client: try client(),
                ticket: [],
                desktopProtocol: .rdp,
                requestedNames: [],
                requestedPort: 0,
                predecessor: .none
            )
        )
    }

    private func authorize(_ request: UInt32) throws -> GateToControl {
        let question = AuthorizeTunnel(client: try client(), credential: .ticket([]), purpose: .openSession)
        return .authorizeTunnel(request: request, question)
    }

    private func ended(_ at: UInt64 = 1) throws -> GateToControl {
        .sessionEnded(
            SessionEnded(
                session: try #require(Self.session),
                reason: .clientGone,
                bytesToClient: 0,
                bytesToDesktop: 0,
                durationMilliseconds: 0,
                endedAt: at
            )
        )
    }

    /// Runs a link on a socket of its own.
    private func withLink(
        users: Set<UInt32> = [geteuid()],
        _ body: (ScriptedSide, String) async throws -> Void
    ) async throws {
        let path = "/tmp/torhaus-link-\(UInt64.random(in: .min ... .max)).sock"
        let side = ScriptedSide()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = GateLinkServer(path: path, allowedUsers: users, group: nil, side: side, logger: logger)
        let running = Task { try await server.run() }
        defer {
            running.cancel()
            unlink(path)
        }
        for _ in 0..<1000 where access(path, R_OK) != 0 { try await Task.sleep(for: .milliseconds(2)) }
        try await body(side, path)
        side.release()
        running.cancel()
        _ = try? await running.value
    }

    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<2000 where !condition() { try await Task.sleep(for: .milliseconds(2)) }
        #expect(condition())
    }

    @Test("welcomes a gate, answers its questions, and notices its end")
    func answers() async throws {
        try await withLink { side, path in
            do {
                let gate = try TestGate(path: path)
                try gate.send(Self.hello, .ping(7), try authorize(1), try open(2))
                #expect(try await gate.next() == .welcome(protocolVersion: 1))
                #expect(try await gate.next() == .pong(7))
                let answers = [try await gate.next(), try await gate.next()]
                let grant = TunnelGrant(ticket: [1], redirection: 2, idleMinutes: 3)
                let refusal = Refusal(code: .ticketInvalid, reference: "R-7F3K-Q2", text: "Nein.")
                #expect(answers.contains(.tunnelGranted(request: 1, grant)))
                #expect(answers.contains(.refused(request: 2, refusal)))
            }
            try await eventually { side.log.last == "lost closed" }
        }
    }

    @Test("turns away users who are no gate")
    func stranger() async throws {
        try await withLink(users: [geteuid() + 1]) { side, path in
            let gate = try TestGate(path: path)
            await #expect(throws: TestGate.Closed.self) {
                try gate.send(Self.hello)
                _ = try await gate.next()
            }
            #expect(side.log.isEmpty)
        }
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        var testDescription: String { name }
    }

    @Test(
        "closes a link that breaks the rules",
        arguments: [
            Broken(name: "a question before the hello", bytes: GateToControl.ping(1).encoded()),
            Broken(name: "a second hello", bytes: hello.encoded() + hello.encoded()),
            Broken(name: "an unknown kind", bytes: hello.encoded() + [2, 0, 0, 0, 1, 250]),
            Broken(name: "an unknown version", bytes: hello.encoded() + [2, 0, 0, 0, 9, 1]),
            Broken(name: "an oversize frame", bytes: hello.encoded() + [255, 255, 255, 255]),
        ]
    )
    func broken(_ broken: Broken) async throws {
        try await withLink { side, path in
            let gate = try TestGate(path: path)
            try gate.send(bytes: broken.bytes)
            await #expect(throws: TestGate.Closed.self) { while true { _ = try await gate.next() } }
            // Others are not disturbed.
            let other = try TestGate(path: path)
            try other.send(Self.hello)
            #expect(try await other.next() == .welcome(protocolVersion: 1))
            #expect(side.log.contains("lost fault") || broken.name.contains("before"))
        }
    }

    @Test("sends what the control plane wants to tell")
    func sends() async throws {
        try await withLink { side, path in
            let gate = try TestGate(path: path)
            try gate.send(Self.hello)
            #expect(try await gate.next() == .welcome(protocolVersion: 1))
            try await eventually { side.send != nil }
            let session = try #require(Self.session)
            side.send?(.terminate(session, reason: .operatorRequest))
            #expect(try await gate.next() == .terminate(session, reason: .operatorRequest))
        }
    }

    @Test("a question waits for the reports before it, and reports of one session keep their order")
    func order() async throws {
        try await withLink { side, path in
            let gate = try TestGate(path: path)
            let session = try #require(Self.session)
            try gate.send(Self.hello)
            #expect(try await gate.next() == .welcome(protocolVersion: 1))
            side.hold()
            try gate.send(
                .sessionStarted(SessionStarted(session: session, connectedTo: "a")),
                try ended(),
                try open(3)
            )
            try await Task.sleep(for: .milliseconds(50))
            #expect(side.log == ["connected 1.0"])
            side.release()
            try await eventually { side.log.count == 4 }
            #expect(side.log == ["connected 1.0", "started", "ended", "open"])
        }
    }

    @Test("acknowledges an end when it is recorded, and not before")
    func acknowledges() async throws {
        try await withLink { side, path in
            let gate = try TestGate(path: path)
            let session = try #require(Self.session)
            side.refuseRecords(1)
            try gate.send(Self.hello, try ended())
            #expect(try await gate.next() == .welcome(protocolVersion: 1))
            try await eventually { side.log.contains("ended") }
            // A question is answered although the record is missing.
            try gate.send(try open(4))
            guard case .refused(request: 4, _) = try await gate.next() else {
                Issue.record("the question was not answered first")
                return
            }
            #expect(try await gate.next() == .sessionEndRecorded(session))
            #expect(side.log.count { $0 == "ended" } == 2)
        }
    }

    @Test("acknowledges the ends of one session in their order")
    func acknowledgesInOrder() async throws {
        try await withLink { side, path in
            let gate = try TestGate(path: path)
            let session = try #require(Self.session)
            side.refuseRecords(1)
            try gate.send(Self.hello, try ended(1), try ended(2))
            #expect(try await gate.next() == .welcome(protocolVersion: 1))
            try await eventually { side.log.count { $0 == "ended" } == 2 }
            // The second is recorded, but its acknowledgement would be taken for the first one's.
            try gate.send(.ping(9))
            #expect(try await gate.next() == .pong(9))
            #expect(try await gate.next() == .sessionEndRecorded(session))
            #expect(try await gate.next() == .sessionEndRecorded(session))
            #expect(side.log.count { $0 == "ended" } == 3)
        }
    }

    @Test("refuses questions above the limit at once")
    func overload() async throws {
        try await withLink { side, path in
            let gate = try TestGate(path: path)
            try gate.send(Self.hello)
            #expect(try await gate.next() == .welcome(protocolVersion: 1))
            side.hold()
            for number in 0...UInt32(GateConnection.maximumQuestions) { try gate.send(try authorize(number)) }
            guard case .refused(let request, let refusal) = try await gate.next() else {
                Issue.record("not refused")
                return
            }
            #expect(request == UInt32(GateConnection.maximumQuestions))
            #expect(refusal.code == .unavailable)
            side.release()
            for _ in 0..<GateConnection.maximumQuestions {
                guard case .tunnelGranted = try await gate.next() else {
                    Issue.record("not granted")
                    return
                }
            }
        }
    }

    @Test("several gates at a time, up to a limit")
    func severalGates() async throws {
        try await withLink { _, path in
            var gates: [TestGate] = []
            for _ in 0..<GateLinkServer.maximumGates {
                let gate = try TestGate(path: path)
                try gate.send(Self.hello)
                #expect(try await gate.next() == .welcome(protocolVersion: 1))
                gates.append(gate)
            }
            let tooMany = try TestGate(path: path)
            await #expect(throws: TestGate.Closed.self) {
                try tooMany.send(Self.hello)
                _ = try await tooMany.next()
            }
            #expect(gates.count == GateLinkServer.maximumGates)
        }
    }
}
