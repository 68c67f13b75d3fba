// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of Unix sockets between processes.

import Foundation
import LinuxKit
import Testing

@Suite("Unix sockets")
struct ProcessesUnixSocketTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent(
        "tu-\(UUID().uuidString)"
    ).path

    private func accepted(_ listener: borrowing UnixListener) throws -> UnixStream? {
        for _ in 0..<200 {
            if let stream = try listener.accept() { return stream }
            usleep(5000)
        }
        return nil
    }

    @Test("carry bytes both ways and know the peer")
    func carry() throws {
        defer { unlink(path) }
        let listener = try UnixListener(path: path, mode: 0o600)
        #expect(try listener.accept() == nil)
        let client = try UnixStream(path: path, milliseconds: 1000)
        guard let server = try accepted(listener) else { throw CocoaError(.fileNoSuchFile) }
        let peer = try server.peer()
        #expect(peer.user == geteuid() && peer.group == getegid() && peer.process == getpid())
        #expect(server.read(limit: 10) == .nothing)
        #expect(server.read(limit: 10, milliseconds: 20) == .nothing)
        #expect(client.writeAll([1, 2, 3], milliseconds: 1000) == true)
        #expect(server.read(limit: 2, milliseconds: 1000) == .bytes([1, 2]))
        #expect(server.read(limit: 2) == .bytes([3]))
        client.finishSending()
        #expect(server.read(limit: 2, milliseconds: 1000) == .end)
        #expect(server.writeAll([9], milliseconds: 1000) == true)
        #expect(client.read(limit: 9, milliseconds: 1000) == .bytes([9]))
    }

    @Test("a full line makes writing wait until its time is over")
    func full() throws {
        try UnixStream.withPair { (first, second) throws(SystemError) in
            let much = [UInt8](repeating: 7, count: 4_000_000)
            let start = ContinuousClock.now
            #expect(first.writeAll(much, milliseconds: 50) == false)
            #expect(.milliseconds(45) < ContinuousClock.now - start)
            if case .bytes(let bytes) = second.read(limit: 65_536) { #expect(bytes.allSatisfy { $0 == 7 }) }
        }
    }

    @Test("a broken line is no signal and no crash")
    func broken() throws {
        let alone = try UnixStream.withPair { (first, second) throws(SystemError) in first }
        #expect(alone.writeAll([1], milliseconds: 100) == false)
        #expect(alone.read(limit: 1) == .end)
    }

    @Test("a dead socket is replaced, a living one and other files are not")
    func paths() throws {
        defer { unlink(path) }
        do { _ = try UnixListener(path: path, mode: 0o600) }
        #expect(FileManager.default.fileExists(atPath: path))
        let listener = try UnixListener(path: path, mode: 0o640)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(throws: SystemError("listen on \(path)", code: EADDRINUSE)) {
            _ = try UnixListener(path: path, mode: 0o600)
        }
        // The probe of that attempt waits in the queue and must not disturb.
        let client = try UnixStream(path: path, milliseconds: 1000)
        #expect(client.writeAll([1], milliseconds: 100) == true)
        _ = try listener.accept()

        let file = path + ".txt"
        defer { unlink(file) }
        _ = FileManager.default.createFile(atPath: file, contents: Data("keep".utf8))
        #expect(throws: SystemError("listen on \(file)", code: EADDRINUSE)) {
            _ = try UnixListener(path: file, mode: 0o600)
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "keep")
        let long = "/tmp/" + String(repeating: "x", count: 120)
        #expect(throws: SystemError("listen on \(long)", code: ENAMETOOLONG)) {
            _ = try UnixListener(path: long, mode: 0o600)
        }
    }

    @Test("hand over a descriptor, and nothing that is none")
    func descriptors() throws {
        let pipe = Pipe()
        let reading = try UnixStream.withPair { (first, second) throws(SystemError) -> OwnedFD in
            let copy = OwnedFD(adopting: dup(pipe.fileHandleForReading.fileDescriptor))
            try first.send(descriptor: copy)
            return try second.receiveDescriptor()
        }
        try pipe.fileHandleForWriting.write(contentsOf: Data("hello".utf8))
        var bytes = [UInt8](repeating: 0, count: 5)
        #expect(reading.withRaw { read($0, &bytes, 5) } == 5)
        #expect(bytes == Array("hello".utf8))
        #expect(reading.withRaw { fcntl($0, F_GETFD) } & FD_CLOEXEC != 0)

        #expect(throws: SystemError("recvmsg", code: EPROTO)) {
            _ = try UnixStream.withPair { (first, second) throws(SystemError) -> OwnedFD in
                _ = first.writeAll([1], milliseconds: 100)
                return try second.receiveDescriptor()
            }
        }
    }

    @Test("polling tells who is ready")
    func polling() throws {
        try UnixStream.withPair { (first, second) throws(SystemError) in
            var set = PollSet<String>()
            first.withRaw { set.add($0, for: "first") }
            second.withRaw { set.add($0, reading: true, writing: true, for: "second") }
            #expect(set.wait(milliseconds: 0).map(\.purpose) == ["second"])
            _ = second.writeAll([1], milliseconds: 100)
            let events = set.wait(milliseconds: 1000)
            #expect(events.map(\.purpose) == ["first", "second"])
            #expect(events.map(\.readable) == [true, false])
            #expect(events.map(\.writable) == [false, true])
        }
    }

    @Test("times are rounded up and cut")
    func times() {
        #expect(PollTime.milliseconds(of: .zero) == 0)
        #expect(PollTime.milliseconds(of: .seconds(-5)) == 0)
        #expect(PollTime.milliseconds(of: .nanoseconds(1)) == 1)
        #expect(PollTime.milliseconds(of: .milliseconds(1500)) == 1500)
        #expect(PollTime.milliseconds(of: .seconds(Int64.max / 10)) == Int32.max)
    }
}
