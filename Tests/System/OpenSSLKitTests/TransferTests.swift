// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bytes arrive whole and in order, whatever the socket does.

import Foundation
import Testing

@testable import OpenSSLKit

@Suite("TLS transfers", .serialized) struct TransferTests {
    private static let pattern = """
        def pattern(n):
            block = bytes(((i % 65521) * 31 + i // 65521) & 255 for i in range(min(n, 65521)))
            out = bytearray()
            turn = 0
            while len(out) < n:
                out += bytes((b + turn) & 255 for b in block) if turn else block
                turn += 1
            return bytes(out[:n])

        """

    struct DownCase: CustomTestStringConvertible, Sendable {
        let bytes: Int
        let sendBuffer: Int32?
        let version: String

        var testDescription: String { "\(bytes) bytes, send buffer \(sendBuffer ?? 0), \(version)" }

        static let all = [
            DownCase(bytes: 1, sendBuffer: nil, version: "TLSv1_3"),
            DownCase(bytes: 3_000_001, sendBuffer: nil, version: "TLSv1_3"),
            DownCase(bytes: 3_000_001, sendBuffer: 2048, version: "TLSv1_3"),
            DownCase(bytes: 3_000_001, sendBuffer: 2048, version: "TLSv1_2"),
        ]
    }

    @Test(
        "a slow reader gets every byte, and the rest waits in the queue",
        arguments: DownCase.all,
        RecordCipher.tested
    )
    func down(_ testCase: DownCase, _ records: RecordCipher) throws {
        let server = try TestServer(
            try makeContext(records: records),
            role: .send(testCase.bytes),
            sendBuffer: testCase.sendBuffer
        )
        defer { server.stop() }
        let script =
            TransferTests.pattern + """
                c = context(); v = ssl.TLSVersion.\(testCase.version); c.minimum_version = v; c.maximum_version = v
                raw = socket.socket(); raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                raw.connect(("127.0.0.1", port)); raw.settimeout(30)
                s = c.wrap_socket(raw, server_hostname="gate.example")
                time.sleep(0.3)
                got = bytearray()
                while True:
                    part = s.recv(65536)
                    if not part: break
                    got += part
                print(len(got), bytes(got) == pattern(\(testCase.bytes)))
                s.unwrap()
                """
        let run = try python(server, script)
        #expect(run.output == "\(testCase.bytes) True\n", "\(run.errors)")
        let report = try #require(server.reports().first)
        if testCase.sendBuffer != nil { #expect(report.wasQueued) }
        if testCase.bytes == 1 { #expect(!report.wasQueued) }
        #expect(report.end == .closed(clean: true))
        #expect(report.bytesWritten == testCase.bytes)
    }

    @Test(
        "an echo of random pieces in both directions is the same",
        arguments: [nil, 2048] as [Int32?],
        RecordCipher.tested
    )
    func echo(_ sendBuffer: Int32?, _ records: RecordCipher) throws {
        let server = try TestServer(try makeContext(records: records), sendBuffer: sendBuffer)
        defer { server.stop() }
        let script = """
            import threading, queue, select
            random.seed(7)
            total = 4_000_000
            data = random.randbytes(total)
            s = connect(); s.setblocking(False)
            sent = 0; got = bytearray()
            while len(got) < total:
                moved = False
                if sent < total:
                    try:
                        sent += s.send(data[sent:sent + random.choice([1, 100, 5000, 16384, 70000])]); moved = True
                    except (ssl.SSLWantReadError, ssl.SSLWantWriteError): pass
                try:
                    part = s.recv(random.choice([1, 999, 65536])); got += part; moved = True
                    if not part: break
                except (ssl.SSLWantReadError, ssl.SSLWantWriteError): pass
                if not moved: select.select([s], [s] if sent < total else [], [], 5)
            print(bytes(got) == data)
            s.setblocking(True); s.unwrap()
            """
        let run = try python(server, script)
        #expect(run.output == "True\n", "\(run.errors)")
        let report = try #require(server.reports().first)
        #expect(report.end == .closed(clean: true))
        #expect(report.bytesRead == 4_000_000)
        #expect(report.bytesWritten == 4_000_000)
    }

    @Test("keys may be renewed by either side while bytes flow", arguments: RecordCipher.tested)
    func keyUpdates(_ records: RecordCipher) throws {
        let byClient = try TestServer(try makeContext(records: records))
        defer { byClient.stop() }
        let run = try client(
            byClient,
            ["-tls1_3", "-msg"],
            input: "one\nK\ntwo\nk\nthree\n",
            openFor: 0.5
        )
        for word in ["one", "two", "three"] { #expect(run.output.contains("\n\(word)")) }
        let updates = run.output.components(separatedBy: "KeyUpdate").count - 1
        #expect(updates == 3, "two of the client's, one answer of ours")
        #expect(byClient.reports().first?.negotiated?.version == "TLSv1.3")

        let byServer = try TestServer(try makeContext(records: records), role: .echoWithNewKeys)
        defer { byServer.stop() }
        let script = """
            s = connect()
            random.seed(3)
            ok = True
            for i in range(50):
                data = random.randbytes(random.randrange(1, 40000))
                s.sendall(data)
                got = b""
                while len(got) < len(data):
                    part = s.recv(65536)
                    if not part: break
                    got += part
                ok = ok and got == data
            print(ok); s.unwrap()
            """
        let second = try python(byServer, script)
        #expect(second.output == "True\n", "\(second.errors)")
        #expect(byServer.reports().first?.end == .closed(clean: true))
    }

    @Test("an orderly end and a cut line are told apart", arguments: [true, false])
    func ends(_ orderly: Bool) throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let end = orderly ? "s.unwrap()" : "s.shutdown(socket.SHUT_WR); s.close()"
        let script = """
            s = connect(); s.sendall(b'x' * 40000); got = 0
            while got < 40000: got += len(s.recv(65536))

            """
        let run = try python(server, script + end)
        #expect(run.status == 0, "\(run.errors)")
        #expect(server.reports().first?.end == .closed(clean: orderly))
    }

    @Test("the peer's end is told after its last bytes, even when both came at once")
    func bytesBeforeTheEnd() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let script = """
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            o = context().wrap_bio(incoming, outgoing, server_hostname="gate.example")
            raw = socket.create_connection(("127.0.0.1", port)); raw.settimeout(20)
            def pump(step):
                while True:
                    try:
                        r = step(); raw.sendall(outgoing.read()); return r
                    except ssl.SSLWantReadError:
                        raw.sendall(outgoing.read()); incoming.write(raw.recv(65536))
            pump(o.do_handshake)
            o.write(b"last words")
            try: o.unwrap()
            except ssl.SSLWantReadError: pass
            raw.sendall(outgoing.read())
            print(pump(lambda: o.read(100)))
            """
        let run = try python(server, script)
        #expect(run.output == "b'last words'\n", "\(run.errors)")
        let report = try #require(server.reports().first)
        #expect(report.end == .closed(clean: true))
        #expect(report.bytesRead == 10)
    }

    @Test("a reset is named so")
    func reset() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let script = """
            s = connect(); s.sendall(b'x'); s.recv(1)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()
            """
        _ = try python(server, script)
        #expect(server.reports().first?.end == .failed(.reset))
    }
}
