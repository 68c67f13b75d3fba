// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is not TLS, or only looks like it, ends its own connection and nothing else.

import Foundation
import Testing

@testable import OpenSSLKit

@Suite("Hostile clients", .serialized) struct HostileClientTests {
    private func expectAlive(_ server: TestServer) throws {
        let run = try client(server)
        #expect(run.output.contains("hello"))
    }

    @Test("random bytes and other protocols are refused")
    func garbage() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        let script = """
            random.seed(11)
            def poke(data):
                s = socket.create_connection(("127.0.0.1", port)); s.settimeout(10)
                try:
                    s.sendall(data); s.shutdown(socket.SHUT_WR)
                    while s.recv(4096): pass
                except OSError: pass
                s.close()
            poke(b"GET / HTTP/1.1\\r\\nHost: gate.example\\r\\n\\r\\n")
            poke(b"SSH-2.0-OpenSSH_9.2\\r\\n")
            poke(b"")
            for i in range(60): poke(random.randbytes(random.randrange(1, 3000)))
            for i in range(60): poke(b"\\x16\\x03\\x01" + struct.pack(">H", random.randrange(0, 20000)) + random.randbytes(600))
            """
        let run = try python(server, script)
        #expect(run.status == 0, "\(run.errors)")
        let reports = server.reports(atLeast: 123)
        #expect(reports.count == 123)
        #expect(reports.allSatisfy { $0.negotiated == nil && $0.handshakeFault != nil })
        #expect(reports.filter { $0.handshakeFault == .notTLS }.count >= 2)
        #expect(reports.contains { $0.handshakeFault == .closedInHandshake })
        try expectAlive(server)
    }

    @Test("a client hello cut or changed at any byte does no harm")
    func mutatedHello() throws {
        let server = try TestServer(try makeContext(unknownName: .useFirst))
        defer { server.stop() }
        let script = """
            random.seed(5)
            outgoing = ssl.MemoryBIO()
            c = context(); c.set_alpn_protocols(["h2", "http/1.1"])
            o = c.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="gate.example")
            try: o.do_handshake()
            except ssl.SSLWantReadError: pass
            hello = outgoing.read()
            def poke(data):
                s = socket.create_connection(("127.0.0.1", port)); s.settimeout(10)
                try:
                    s.sendall(data); s.shutdown(socket.SHUT_WR)
                    while s.recv(4096): pass
                except OSError: pass
                s.close()
            for i in range(len(hello)): poke(hello[:i])
            for i in range(len(hello)):
                b = bytearray(hello); b[i] ^= random.randrange(1, 256); poke(bytes(b))
            print(2 * len(hello))
            """
        let run = try python(server, script, seconds: 120)
        let count = try #require(Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        let reports = server.reports(atLeast: count)
        #expect(reports.count == count)
        #expect(reports.allSatisfy { $0.negotiated == nil })
        try expectAlive(server)
    }

    @Test("records changed after the handshake end the connection", arguments: RecordCipher.tested)
    func mutatedRecords(_ records: RecordCipher) throws {
        let server = try TestServer(try makeContext(records: records))
        defer { server.stop() }
        let script = """
            random.seed(9)
            for turn in range(40):
                incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                o = context().wrap_bio(incoming, outgoing, server_hostname="gate.example")
                raw = socket.create_connection(("127.0.0.1", port)); raw.settimeout(10)
                while True:
                    try: o.do_handshake(); break
                    except ssl.SSLWantReadError:
                        raw.sendall(outgoing.read()); incoming.write(raw.recv(65536))
                raw.sendall(outgoing.read())
                o.write(random.randbytes(300))
                record = bytearray(outgoing.read())
                record[random.randrange(len(record))] ^= 1 << random.randrange(8)
                try:
                    raw.sendall(record); raw.shutdown(socket.SHUT_WR)
                    while raw.recv(65536): pass
                except OSError: pass
                raw.close()
            """
        let run = try python(server, script)
        #expect(run.status == 0, "\(run.errors)")
        let reports = server.reports(atLeast: 40)
        #expect(reports.count == 40)
        for report in reports {
            #expect(report.bytesRead == 0)
            #expect(report.end != nil && report.end != .closed(clean: true))
        }
        #expect(reports.contains { $0.end == .failed(.protocolViolation) })
        try expectAlive(server)
    }

    @Test("a fatal alert of the client is named with its number")
    func peerAlert() throws {
        let server = try TestServer(try makeContext())
        defer { server.stop() }
        // The client does not know our authority: alert 48, unknown_ca.
        let script = """
            try: ssl.create_default_context().wrap_socket(
                socket.create_connection(("127.0.0.1", port)), server_hostname="gate.example")
            except ssl.SSLError: print("refused")
            """
        let run = try python(server, script)
        #expect(run.output == "refused\n")
        #expect(server.reports().first?.handshakeFault == .peerAlert(48))
    }
}
