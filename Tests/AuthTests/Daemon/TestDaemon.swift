// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a real torhaus-authd with a PAM directory of its own.

import DaemonMessages
import DaemonSettings
import Foundation
import LinuxKit
import Testing

/// Starts the daemon and stops it when the last reference goes; nothing is left behind.
final class TestDaemon: @unchecked Sendable {
    let folder: URL
    let settings: AuthSettings
    private var process: ChildProcess?
    private let lock = NSLock()

    /// Lines of the file `torhaus` in the PAM directory; `MODULE` stands for the test module, `FOLDER` for the folder.
    init(
        stack: String = "auth required MODULE\naccount required MODULE\npassword required MODULE",
        files: [String: String] = [:],
        floor: Int = 0,
        jitter: Int = 0,
        pool: Int = 2,
        conversations: Int = 64,
        deadline: Int = 60,
        activated: Bool = false
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "ta-\(UUID().uuidString.prefix(8))"
        )
        let pam = folder.appendingPathComponent("pam.d")
        try FileManager.default.createDirectory(at: pam, withIntermediateDirectories: true)
        for (name, content) in files {
            try content.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        let text = stack.replacing("MODULE", with: try TestModule.compiled.get()).replacing(
            "FOLDER",
            with: folder.path
        )
        try (text + "\n").write(to: pam.appendingPathComponent("torhaus"), atomically: true, encoding: .utf8)
        settings = AuthSettings(
            socket: folder.appendingPathComponent("auth.sock").path,
            allowedUsers: [NSUserName()],
            confdir: pam.path,
            poolSize: pool,
            maxConversations: conversations,
            deadlineSeconds: deadline,
            failureFloorMilliseconds: floor,
            failureJitterMilliseconds: jitter
        )
        let file = folder.appendingPathComponent("settings")
        try settings.rendered.write(to: file, atomically: true, encoding: .utf8)
        try start(settingsFile: file.path, activated: activated)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    private func start(settingsFile: String, activated: Bool) throws {
        let log = folder.appendingPathComponent("log").path
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        let program = try Self.executable()
        var order = SpawnOrder(
            path: program,
            arguments: ["torhaus-authd", "--settings", settingsFile],
            environment: ["PATH=/usr/bin:/bin"]
        )
        var descriptors: [Int32?] = [nil, nil, output.fileDescriptor]
        // As systemd does it: a listening socket as descriptor 3, and two variables.
        let listener = activated ? try UnixListener(path: settings.socket, mode: 0o600) : nil
        if let number = listener?.withRaw({ $0 }) {
            descriptors.append(number)
            order.path = "/bin/sh"
            let script = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" --settings \"$1\""
            order.arguments = ["sh", "-c", script, program, settingsFile]
        }
        // The thread that runs a test may end before the test does.
        order.diesWithParent = false
        process = try order.start(descriptors: descriptors)
        let deadline = ContinuousClock.now + .seconds(10)
        while (try? UnixStream(path: settings.socket, milliseconds: 0)) == nil {
            guard ContinuousClock.now < deadline else {
                Issue.record("torhaus-authd did not start: \(log)")
                return
            }
            usleep(10_000)
        }
    }

    /// SIGTERM, and how it ended; nil when it had to be killed.
    @discardableResult
    func stop() -> ProcessEnd? {
        lock.lock()
        defer { lock.unlock() }
        guard var running = process.take() else { return nil }
        kill(running.pid, SIGTERM)
        for _ in 0..<500 {
            if let end = running.reap() { return end }
            usleep(10_000)
        }
        return nil
    }

    var pid: Int32 { process?.pid ?? -1 }

    /// What it wrote to stderr.
    var log: String { (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

    /// Processes whose parent is the daemon: the workers.
    var workers: Set<Int32> {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return Set(
            entries.compactMap { Int32($0) }.filter { number in
                let status = (try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)) ?? ""
                return status.contains("\nPPid:\t\(pid)\n") && !status.contains("State:\tZ")
            }
        )
    }

    /// Beside the test bundle, where the build puts it; `TORHAUS_AUTHD` names another one.
    private static func executable() throws -> String {
        if let named = ProcessInfo.processInfo.environment["TORHAUS_AUTHD"] { return named }
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        var folder = URL(fileURLWithPath: bundle)
        for _ in 0..<4 {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("torhaus-authd").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}

/// A client of the daemon that waits.
struct TestClient: ~Copyable {
    let stream: UnixStream
    private var assembler = FrameAssembler()

    /// Connects, and begins when there is a user.
    init(_ daemon: TestDaemon, user: String? = nil, host: String = "192.0.2.1") throws {
        let correlation = try #require(CorrelationID(bytes: [UInt8](repeating: 0xAB, count: 16)))
        stream = try UnixStream(path: daemon.settings.socket, milliseconds: 2000)
        guard let user else { return }
        send(.begin(SignInBegin(user: user, remoteHost: host, correlation: correlation)))
    }

    borrowing func send(_ request: SignInRequest) { send(bytes: request.encoded()) }

    borrowing func send(bytes: [UInt8]) { _ = stream.writeAll(bytes, milliseconds: 5000) }

    borrowing func answer(_ texts: String...) { send(.answer(texts.map { Array($0.utf8) })) }

    /// The next reply, or nil when the daemon closed.
    mutating func receive(seconds: Int = 20) throws -> SignInReply? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let frame = try assembler.next() { return try SignInReply(frame: frame) }
            switch stream.read(limit: 4096, milliseconds: PollTime.milliseconds(until: deadline)) {
            case .bytes(let bytes): assembler.append(bytes)
            case .end: return nil
            case .nothing:
                Issue.record("no reply in \(seconds) s")
                return nil
            }
        }
    }

    /// Password conversation in one go: the reply after the answer.
    static func signIn(
        _ daemon: TestDaemon,
        _ user: String,
        _ answers: [String],
        host: String = "192.0.2.1"
    ) throws -> SignInReply? {
        var client = try TestClient(daemon, user: user, host: host)
        var reply = try client.receive()
        for each in answers {
            guard case .prompts = reply else { return reply }
            client.answer(each)
            reply = try client.receive()
        }
        return reply
    }
}

extension SignInReply {
    static func failed(_ code: SignInFailure.Code) -> SignInReply {
        .failed(SignInFailure(code: code, retryAfterSeconds: 0))
    }

    var prompts: [SignInPrompt]? {
        if case .prompts(let prompts) = self { prompts } else { nil }
    }

    var success: SignInSuccess? {
        if case .succeeded(let success) = self { success } else { nil }
    }
}
