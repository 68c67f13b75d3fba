// SPDX-License-Identifier: EUPL-1.2
// Torhaus: modules that misbehave harm their own conversation and nothing else.

import DaemonMessages
import DaemonSettings
import Foundation
import LinuxKit
import Testing

@Suite("Misbehaving modules")
struct HostileModuleTests {
    private let daemon: TestDaemon

    init() throws { daemon = try TestDaemon(pool: 3, deadline: 10) }

    /// The pool is full and only the pool is left.
    private func expectFullPool(_ count: Int = 3, seconds: Int = 10) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while daemon.workers.count != count, ContinuousClock.now < deadline { usleep(20_000) }
        #expect(daemon.workers.count == count)
    }

    @Test(
        "make the sign-in unavailable while another goes on, and the pool fills again",
        arguments: ["crash", "exit", "exitlikeours", "flood", "crowd", "odd", "orphan"]
    )
    func unavailable(_ mode: String) throws {
        var other = try TestClient(daemon, user: "anna")
        #expect(try other.receive()?.prompts?.count == 1)
        var client = try TestClient(daemon, user: mode)
        #expect(try client.receive() == .failed(.unavailable))
        #expect(try client.receive() == nil)
        other.answer("secret")
        #expect(try other.receive()?.success != nil)
        expectFullPool()
    }

    @Test(
        "a worker whose module changed the user is not believed",
        .enabled(if: geteuid() == 0, "needs root")
    )
    func changedUser() throws {
        var client = try TestClient(daemon, user: "setuid")
        #expect(try client.receive() == .failed(.unavailable))
        expectFullPool()
    }

    @Test("a prompt of 10,000 bytes is cut, and the sign-in goes on")
    func longPrompt() throws {
        var client = try TestClient(daemon, user: "long")
        let prompts = try #require(try client.receive()?.prompts)
        #expect(prompts.map(\.text) == [String(repeating: "x", count: 512)])
        client.answer("secret")
        #expect(try client.receive()?.success != nil)
    }

    @Test("a changed password is told before a module hangs")
    func changedAndHung() throws {
        let daemon = try TestDaemon(pool: 1, deadline: 10)
        var client = try TestClient(daemon, user: "expired-hang")
        for answer in ["secret", "secret", "better secret", "better secret"] {
            #expect(try client.receive()?.prompts != nil)
            client.answer(answer)
        }
        let identity = SignInIdentity(user: "expired-hang", displayName: "", groups: [])
        #expect(try client.receive() == .passwordChanged(identity))
        #expect(try client.receive() == .failed(.timedOut))
    }

    @Test("a module that hangs with all signals blocked is killed at the deadline")
    func hang() throws {
        var client = try TestClient(daemon, user: "hang")
        _ = try client.receive()
        client.answer("secret")
        let start = ContinuousClock.now
        var other = try TestClient(daemon, user: "anna")
        _ = try other.receive()
        other.answer("secret")
        #expect(try other.receive()?.success != nil)
        #expect(try client.receive() == .failed(.timedOut))
        let took = ContinuousClock.now - start
        #expect(.seconds(8) < took && took < .seconds(15))
        expectFullPool()
    }

    @Test("a module that asks for ever is killed when the client has left")
    func stubborn() throws {
        do {
            var client = try TestClient(daemon, user: "stubborn")
            _ = try client.receive()
            client.send(.abandon)
            #expect(try client.receive() == nil)
        }
        // Five seconds to leave, then SIGKILL.
        expectFullPool(seconds: 15)
    }

    @Test("a module that asks for ever runs into the limit of a conversation")
    func endless() throws {
        var client = try TestClient(daemon, user: "stubborn")
        var rounds = 0
        while let prompts = try client.receive()?.prompts, !prompts.isEmpty, rounds < 1000 {
            client.answer("wrong")
            rounds += 1
        }
        #expect(rounds == 32)
        expectFullPool()
    }

    @Test("ready workers that die are replaced")
    func idleWorkers() {
        expectFullPool()
        let before = daemon.workers
        for each in before { kill(each, SIGKILL) }
        usleep(50_000)
        expectFullPool()
        #expect(daemon.workers.isDisjoint(with: before))
    }

    @Test("SIGTERM ends the daemon, its workers, and a module that hangs")
    func stop() throws {
        var client = try TestClient(daemon, user: "hang")
        _ = try client.receive()
        client.answer("secret")
        usleep(100_000)
        let workers = daemon.workers
        #expect(3 <= workers.count)
        #expect(daemon.stop() == .exited(0))
        for each in workers { #expect(kill(each, 0) != 0) }
    }

    @Test("workers do not outlive a daemon that was killed")
    func killedMaster() throws {
        var client = try TestClient(daemon, user: "hang")
        _ = try client.receive()
        client.answer("secret")
        usleep(100_000)
        let workers = daemon.workers
        #expect(3 <= workers.count)
        kill(daemon.pid, SIGKILL)
        usleep(500_000)
        for each in workers { #expect(!FileManager.default.fileExists(atPath: "/proc/\(each)/exe")) }
    }

    @Test("more conversations than allowed are told to come back")
    func full() throws {
        let small = try TestDaemon(pool: 1, conversations: 2)
        var first = try TestClient(small, user: "anna")
        _ = try first.receive()
        var second = try TestClient(small, user: "anna")
        _ = try second.receive()
        var third = try TestClient(small, user: "anna")
        #expect(try third.receive() == .failed(SignInFailure(code: .unavailable, retryAfterSeconds: 5)))
        first.answer("secret")
        #expect(try first.receive()?.success != nil)
    }

    @Test("a socket from systemd is served, and workers do not get it")
    func activated() throws {
        let activated = try TestDaemon(pool: 1, activated: true)
        #expect(try TestClient.signIn(activated, "anna", ["secret"])?.success != nil)
        // A worker that has just served may still be on its way out, with its descriptors already closed.
        var held: Set<Set<String>> = []
        for _ in 0..<500 {
            held = Set(
                activated.workers.map { number in
                    Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/fd")) ?? [])
                }
            )
            if held == [["0", "1", "2", "3"]] { break }
            usleep(10_000)
        }
        #expect(held == [["0", "1", "2", "3"]])
        #expect(activated.stop() == .exited(0))
    }

    @Test("another user's process is not let in", .enabled(if: geteuid() == 0, "needs root"))
    func peer() throws {
        chmod(daemon.folder.path, 0o755)
        chmod(daemon.settings.socket, 0o666)
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        let script = """
            import os, socket, sys
            os.setuid(65534)
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            s.settimeout(5)
            sys.exit(0 if s.recv(1) == b'' else 1)
            """
        python.arguments = ["-c", script, daemon.settings.socket]
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        daemon.stop()
        #expect(daemon.log.contains("peer-refused uid=65534"))
    }
}
