// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of starting, watching and ending processes.

import Foundation
import LinuxKit
import Testing

@Suite("Child processes")
struct ProcessesTests {
    /// Runs a shell script with its output on a pipe and waits for its end.
    private func run(
        _ script: String,
        environment: [String] = [],
        change: (inout SpawnOrder) -> Void = { _ in }
    ) throws -> (end: ProcessEnd?, output: String) {
        let pipe = Pipe()
        var order = SpawnOrder(path: "/bin/sh", arguments: ["sh", "-c", script], environment: environment)
        order.diesWithParent = false
        change(&order)
        var child = try order.start(descriptors: [nil, pipe.fileHandleForWriting.fileDescriptor, nil])
        try pipe.fileHandleForWriting.close()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return (wait(for: &child), output)
    }

    private func wait(for child: inout ChildProcess, seconds: Int = 10) -> ProcessEnd? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if let end = child.reap() { return end }
            usleep(5000)
        }
        return nil
    }

    @Test("gets its arguments, its environment and nothing else of ours")
    func surroundings() throws {
        let result = try run(
            "echo $0 $NAME; env | grep -c HOME; pwd; ulimit -c >/dev/null; umask",
            environment: ["NAME=value"]
        )
        #expect(result.output == "sh value\n0\n/\n0077\n")
        #expect(result.end == .exited(0))
    }

    @Test("has only the descriptors it was given")
    func descriptors() throws {
        let extra = Pipe()
        _ = fcntl(extra.fileHandleForReading.fileDescriptor, F_SETFD, 0)
        // `ls` itself opens the folder as number 3.
        #expect(try run("ls /proc/self/fd | tr '\\n' ' '").output == "0 1 2 3 ")
    }

    @Test("a descriptor may be given under a number that is in use")
    func swapped() throws {
        let first = Pipe()
        let second = Pipe()
        var order = SpawnOrder(
            path: "/bin/sh",
            arguments: ["sh", "-c", "echo one >&4; echo two >&3"],
            environment: []
        )
        order.diesWithParent = false
        var child = try order.start(
            descriptors: [
                nil, nil, nil, first.fileHandleForWriting.fileDescriptor,
                second.fileHandleForWriting.fileDescriptor,
            ]
        )
        try first.fileHandleForWriting.close()
        try second.fileHandleForWriting.close()
        #expect(String(decoding: first.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "two\n")
        #expect(String(decoding: second.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "one\n")
        #expect(wait(for: &child) == .exited(0))
    }

    @Test("its exit code and its signal come back")
    func ends() throws {
        #expect(try run("exit 200").end == .exited(200))
        #expect(try run("kill -TERM $$").end == .killed(signal: SIGTERM))
    }

    @Test("a program that is not there is an error of the call")
    func missing() {
        let order = SpawnOrder(path: "/does/not/exist", arguments: ["x"], environment: [])
        #expect(throws: SystemError("spawn", code: ENOENT)) {
            _ = try order.start(descriptors: [nil, nil, nil])
        }
        #expect(throws: SystemError("spawn", code: EINVAL)) { _ = try order.start(descriptors: []) }
    }

    @Test("takes another identity in the right order", .enabled(if: geteuid() == 0, "needs root"))
    func identity() throws {
        let result = try run("id -u; id -g; id -G; grep -c 'NoNewPrivs:.1' /proc/self/status") {
            $0.identity = SpawnOrder.Identity(user: 65_534, group: 65_534)
        }
        #expect(result.output == "65534\n65534\n65534\n1\n")
        // The death signal must come after the change of ids, which clears it.
        let signal = try run(
            "exec python3 -c 'import ctypes; n = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(n)); print(n.value)'"
        ) {
            $0.identity = SpawnOrder.Identity(user: 65_534, group: 65_534)
            $0.diesWithParent = true
        }
        #expect(signal.output == "9\n")
    }

    @Test("starts with no signal blocked, whatever its parent blocks")
    func signals() throws {
        var set = sigset_t()
        var before = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGUSR1)
        pthread_sigmask(SIG_BLOCK, &set, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        #expect(try run("grep SigBlk /proc/self/status").output == "SigBlk:\t0000000000000000\n")
    }

    @Test("SIGKILL reaches what the child started")
    func group() throws {
        let pipe = Pipe()
        var order = SpawnOrder(
            path: "/bin/sh",
            arguments: ["sh", "-c", "sleep 60 & echo $!; wait"],
            environment: ["PATH=/bin"]
        )
        order.diesWithParent = false
        var child = try order.start(descriptors: [nil, pipe.fileHandleForWriting.fileDescriptor, nil])
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let grandchild = try #require(Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(grandchild, 0) == 0)
        child.kill()
        #expect(wait(for: &child) == .killed(signal: SIGKILL))
        #expect(isGone(grandchild))
    }

    @Test("what a child left behind goes when its end was not orderly")
    func leftBehind() throws {
        let pipe = Pipe()
        var order = SpawnOrder(
            path: "/bin/sh",
            arguments: ["sh", "-c", "sleep 60 & echo $!; exit 3"],
            environment: ["PATH=/bin"]
        )
        order.diesWithParent = false
        var child = try order.start(descriptors: [nil, pipe.fileHandleForWriting.fileDescriptor, nil])
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let grandchild = try #require(Int32(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        var end: ProcessEnd?
        while end == nil { end = child.reap { $0 == .exited(0) } }
        #expect(end == .exited(3))
        #expect(isGone(grandchild))
    }

    @Test("a child that nobody reaped is killed with its owner")
    func forgotten() throws {
        var pid: Int32 = 0
        do {
            var order = SpawnOrder(path: "/bin/sleep", arguments: ["sleep", "60"], environment: [])
            order.diesWithParent = false
            let child = try order.start(descriptors: [nil, nil, nil])
            pid = child.pid
            #expect(kill(pid, 0) == 0)
        }
        #expect(kill(pid, 0) != 0)
    }

    /// Gone, or a zombie of somebody else's.
    private func isGone(_ pid: Int32) -> Bool {
        for _ in 0..<200 {
            let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            if status.isEmpty || status.contains(") Z ") { return true }
            usleep(10_000)
        }
        return false
    }
}

@Suite("The user database")
struct UserDatabaseTests {
    @Test("knows root and its group")
    func root() throws {
        let root = try #require(try UserDatabase.user(named: "root"))
        #expect(root.name == "root" && root.user == 0 && root.group == 0 && root.fullName == "root")
        #expect(try UserDatabase.user(numbered: 0) == root)
        #expect(try UserDatabase.user(numbered: 4_294_967_294) == nil)
        #expect(try UserDatabase.groupNames(of: root).contains("root"))
        #expect(try UserDatabase.groups(of: root).contains(0))
        #expect(try UserDatabase.hasGroup(named: "root"))
    }

    @Test(
        "does not know everybody",
        arguments: ["", "nobody-of-that-name", "a:b", String(repeating: "x", count: 5000)]
    )
    func unknown(_ name: String) throws {
        #expect(try UserDatabase.user(named: name) == nil)
        #expect(try !UserDatabase.hasGroup(named: name))
    }
}

@Suite("Small files")
struct SmallFileTests {
    @Test("are read whole, and not when they are too large")
    func read() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("ts-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let content = [UInt8]((0..<40_000).map { UInt8(truncatingIfNeeded: $0) })
        _ = FileManager.default.createFile(atPath: path, contents: Data(content))
        #expect(try SmallFile.read(path, limit: 40_000) == content)
        #expect(throws: SystemError("read \(path)", code: EFBIG)) { try SmallFile.read(path, limit: 39_999) }
        #expect(throws: SystemError("open /does/not/exist", code: ENOENT)) {
            try SmallFile.read("/does/not/exist", limit: 1)
        }
    }
}
