// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the operator's line, from the client over a real socket to the service and back.

import ControlSocket
import DaemonMessages
import Foundation
import Glibc
import Logging
import Testing

/// Says what it was asked.
struct EchoService: OperatorService {
    var lines = 0
    /// Whom a role would admit.
    var admitted: Set<UInt32> = []

    func admits(_ uid: UInt32) async -> Bool { admitted.contains(uid) }

    func turnedAway(_ uid: UInt32, verb: String?) async -> String { "R-\(uid)-\(verb ?? "")" }

    func perform(_ request: OperatorRequest, by uid: UInt32) async -> OperatorReply {
        if request.verb == "sessions" {
            let text = (0..<lines).map { "Sitzung \($0) – Rhönblick\n" }.joined()
            return OperatorReply(succeeded: true, text: text)
        }
        let text = ([request.verb] + request.arguments).joined(separator: "|") + " by \(uid)"
        return OperatorReply(succeeded: request.verb != "terminate", text: text)
    }
}

struct ControlSocketTests {
    private func withServer(
        _ service: EchoService = EchoService(),
        _ body: @Sendable (_ path: String) async throws -> Void
    ) async throws {
        var template = Array("/tmp/control-XXXXXX".utf8CString)
        let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        let path = "\(directory)/control.sock"
        let server = ControlSocketServer(
            path: path,
            operators: [],
            service: service,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await body(path)
            group.cancelAll()
            // A cancelled server may end with CancellationError or in order.
            while let result = await group.nextResult() { _ = result }
        }
        unlink(path)
        rmdir(directory)
    }

    /// The blocking client on a thread of its own, again until the server listens.
    private func ask(_ path: String, _ request: OperatorRequest) async throws -> OperatorReply {
        for _ in 0..<200 {
            do {
                return try await onThread { try ControlClient(path: path).ask(request) }
            } catch let error as ControlClientError where error.code == .unavailable {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try await onThread { try ControlClient(path: path).ask(request) }
    }

    /// Blocking calls on the threads of tasks would keep the server from answering.
    private func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    @Test("a request reaches the service with its arguments and the user, and the reply comes back")
    func exchange() async throws {
        try await withServer { path in
            let message = try await ask(path, OperatorVerb.message.request("S1", "Wartung um 18 Uhr"))
            #expect(
                message
                    == OperatorReply(succeeded: true, text: "message|S1|Wartung um 18 Uhr by \(geteuid())")
            )
            let terminate = try await ask(path, OperatorVerb.terminate.request("S1"))
            #expect(terminate == OperatorReply(succeeded: false, text: "terminate|S1 by \(geteuid())"))
        }
    }

    @Test("a reply longer than a frame arrives whole")
    func longReply() async throws {
        try await withServer(EchoService(lines: 20_000)) { path in
            let reply = try await ask(path, OperatorVerb.sessions.request())
            let lines = reply.text.split(separator: "\n")
            #expect(lines.count == 20_000)
            #expect(lines.last == "Sitzung 19999 – Rhönblick")
        }
    }

    @Test("what the service must not see is answered before it")
    func refused() async throws {
        try await withServer { path in
            let unknown = try await ask(path, OperatorRequest(verb: "reboot"))
            #expect(
                unknown.text
                    == "unknown request; known: status, sessions, terminate, message, reauthenticate, why"
            )
            let few = try await ask(path, OperatorRequest(verb: "message", arguments: ["S1"]))
            #expect(few == OperatorReply(succeeded: false, text: "message takes SESSION TEXT"))
            let many = try await ask(path, OperatorRequest(verb: "status", arguments: ["x"]))
            #expect(many == OperatorReply(succeeded: false, text: "status takes no arguments"))
        }
    }

    @Test("a second server leaves the first one alone")
    func addressInUse() async throws {
        try await withServer { path in
            _ = try await ask(path, OperatorVerb.status.request())
            let second = ControlSocketServer(
                path: path,
                operators: [],
                service: EchoService(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            await #expect(throws: (any Error).self) { try await second.run() }
            #expect(try await ask(path, OperatorVerb.status.request()).succeeded)
        }
    }

    @Test("a stranger is refused by the harness; root, the own user and whom the service admits are not")
    func strangers() async throws {
        let harness = ControlHarness(operators: [4711], service: EchoService(admitted: [4713]))
        let frame = Array(OperatorVerb.status.request().encoded().dropFirst(4))
        let cases = [(UInt32(0), true), (geteuid(), true), (4711, true), (4712, false), (4713, true)]
        for (uid, succeeds) in cases {
            var assembler = FrameAssembler()
            assembler.append(await harness.answer(frame, by: uid))
            let reply = try OperatorReply(frame: try #require(try assembler.next()))
            #expect(reply.succeeded == succeeds, "uid \(uid)")
            if !succeeds {
                #expect(reply.text == "user \(uid) may not use this socket; reference: R-\(uid)-status")
            }
        }
    }

    @Test("refusals of one account are recorded once a minute, and the others counted")
    func meter() {
        var meter = RefusalMeter()
        #expect(meter.refuse(7, at: 1000, reference: "a") == .record(further: 0))
        for _ in 0..<9 { #expect(meter.refuse(7, at: 2000, reference: "b") == .counted(reference: "a")) }
        #expect(meter.refuse(8, at: 2000, reference: "c") == .record(further: 0))
        #expect(meter.refuse(7, at: 61_000, reference: "d") == .record(further: 9))
        #expect(meter.refuse(7, at: 61_001, reference: "e") == .counted(reference: "d"))
        #expect(meter.refuse(7, at: .max - 1, reference: "f") == .record(further: 1))
    }

    @Test("more accounts than there are places share one, and none is refused unrecorded for ever")
    func meterPlaces() {
        var meter = RefusalMeter()
        var recorded = 0
        for uid in 0..<UInt32(RefusalMeter.accounts) * 2 {
            if case .record = meter.refuse(uid, at: 5, reference: "\(uid)") { recorded += 1 }
        }
        #expect(recorded == RefusalMeter.accounts + 1)
        #expect(meter.refuse(9999, at: 5 + RefusalMeter.pause, reference: "z") == .record(further: 0))
    }

    @Test("cut or foreign frames are answered, not obeyed")
    func nonsense() async throws {
        let harness = ControlHarness(operators: [], service: EchoService())
        let frame = Array(OperatorVerb.message.request("S1", "Text").encoded().dropFirst(4))
        for count in 0..<frame.count {
            var assembler = FrameAssembler()
            assembler.append(await harness.answer(Array(frame[..<count]), by: 0))
            let reply = try OperatorReply(frame: try #require(try assembler.next()))
            #expect(!reply.succeeded)
        }
    }

    @Test("a socket that is not there is unavailable")
    func missing() {
        let error = #expect(throws: ControlClientError.self) {
            try ControlClient(path: "/nonexistent/control.sock").ask(OperatorVerb.status.request())
        }
        #expect(error?.code == .unavailable)
    }
}
