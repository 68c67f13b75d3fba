// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the two ciphers under the records, against a client that has OpenSSL's alone.

import Foundation
import Testing

@testable import OpenSSLKit

extension RecordCipher {
    /// What this machine has.
    static let tested: [RecordCipher] = hindrance == nil ? [.openSSL, .wide] : [.openSSL]

    static let hindrance: Hindrance? = {
        do throws(Hindrance) { try openWide() } catch { return error }
        return nil
    }()
}

@Suite("record ciphers", .serialized) struct RecordCipherTests {
    @Test("the wide cipher is there where processor and library are")
    func isThere() throws {
        let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
            .split(separator: "\n").first { $0.hasPrefix("flags") }
        let has = Set((flags ?? "").split(separator: " "))
        let library = "/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1"
        if !FileManager.default.fileExists(atPath: library) {
            #expect([.noLibrary, .notBuilt].contains(RecordCipher.hindrance))
        } else if has.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "vaes", "vpclmulqdq"]) {
            #expect(RecordCipher.hindrance == nil)
        } else {
            #expect(RecordCipher.hindrance == .noProcessor)
        }
    }

    @Test("getting it ready twice is as good as once")
    func openTwice() {
        let first = RecordCipher.hindrance
        do throws(RecordCipher.Hindrance) {
            try RecordCipher.openWide()
            #expect(first == nil)
        } catch {
            #expect(first == error)
        }
    }

    @Test("everything but records goes on with OpenSSL's own cipher")
    func staysApart() throws {
        _ = RecordCipher.hindrance
        // More associated data than a record has.
        let context = [UInt8](repeating: 7, count: 100)
        let key = [UInt8](repeating: 9, count: AuthenticatedCipher.keyBytes)
        let sealed = try AuthenticatedCipher.seal([1, 2, 3], key: key, context: context)
        #expect(try AuthenticatedCipher.open(sealed, key: key, context: context) == [1, 2, 3])
    }

    struct Suite: CustomTestStringConvertible, Sendable {
        let version: String
        let name: String

        var testDescription: String { "\(version) \(name)" }

        static let all = [
            Suite(version: "TLSv1_3", name: "TLS_AES_256_GCM_SHA384"),
            Suite(version: "TLSv1_3", name: "TLS_AES_128_GCM_SHA256"),
            Suite(version: "TLSv1_2", name: "ECDHE-ECDSA-AES256-GCM-SHA384"),
            Suite(version: "TLSv1_2", name: "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ]
    }

    /// Python chooses suites of TLS 1.3 by OpenSSL's configuration file only, which is read at the import.
    private static func start(_ suite: Suite) -> String {
        """
        import os, sys, tempfile
        with tempfile.NamedTemporaryFile("w", suffix=".cnf", delete=False) as f:
            f.write("openssl_conf = i\\n[i]\\nssl_conf = s\\n[s]\\nsystem_default = d\\n[d]\\n")
            if "\(suite.version)" == "TLSv1_3": f.write("Ciphersuites = \(suite.name)\\n")
        os.environ["OPENSSL_CONF"] = f.name
        import random, socket, ssl
        c = ssl.create_default_context(cafile=sys.argv[2])
        os.unlink(f.name)
        c.minimum_version = c.maximum_version = ssl.TLSVersion.\(suite.version)
        if "\(suite.version)" == "TLSv1_2": c.set_ciphers("\(suite.name)")
        raw = socket.create_connection(("127.0.0.1", int(sys.argv[1]))); raw.settimeout(30)
        s = c.wrap_socket(raw, server_hostname="gate.example")

        """
    }

    @Test(
        "every suite carries messages of all sizes, and each key its own",
        arguments: Suite.all,
        RecordCipher.tested
    )
    func suites(_ suite: Suite, _ records: RecordCipher) throws {
        let server = try TestServer(try makeContext(records: records))
        defer { server.stop() }
        let script =
            Self.start(suite) + """
                random.seed(11)
                sizes = list(range(1, 70)) + [random.randrange(1, 16500) for _ in range(150)] + [40000, 200000]
                good = s.cipher()[0] == "\(suite.name)"
                for size in sizes:
                    data = random.randbytes(size); s.sendall(data); got = b""
                    while len(got) < size:
                        part = s.recv(65536)
                        if not part: break
                        got += part
                    good = good and got == data
                print(good); s.unwrap()
                """
        let run = try Tool.python(script, [String(server.port), certificates.path("ca.pem")])
        #expect(run.output == "True\n", "\(run.errors)")
        let report = try #require(server.reports().first)
        #expect(report.negotiated?.cipher == suite.name)
        #expect(report.end == .closed(clean: true))
    }

    @Test(
        "a record with one bit wrong gets bad_record_mac and is not read",
        arguments: Suite.all,
        RecordCipher.tested
    )
    func damage(_ suite: Suite, _ records: RecordCipher) throws {
        let server = try TestServer(try makeContext(records: records))
        defer { server.stop() }
        // The client's socket is given to a line that changes the last byte of the second record.
        let script =
            Self.start(suite).replacing(
                "s = c.wrap_socket(raw, server_hostname=\"gate.example\")\n",
                with: ""
            )
                + """
                incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                s = c.wrap_bio(incoming, outgoing, server_hostname="gate.example")
                while True:
                    try: s.do_handshake(); break
                    except ssl.SSLWantReadError:
                        raw.sendall(outgoing.read()); incoming.write(raw.recv(65536))
                raw.sendall(outgoing.read())
                def read():
                    while True:
                        try: return s.read(100)
                        except ssl.SSLWantReadError: incoming.write(raw.recv(65536))
                s.write(b"good"); raw.sendall(outgoing.read()); print(read())
                s.write(b"evil"); record = bytearray(outgoing.read()); record[-1] ^= 1; raw.sendall(record)
                try: print(read())
                except ssl.SSLError as problem: print(problem.reason)
                """
        let run = try Tool.python(script, [String(server.port), certificates.path("ca.pem")])
        #expect(run.output == "b'good'\nSSLV3_ALERT_BAD_RECORD_MAC\n", "\(run.errors)")
        let report = try #require(server.reports().first)
        #expect(report.bytesRead == 4)
        #expect(report.end == .failed(.protocolViolation))
    }

    @Test("no IV of TLS 1.2 serves twice: explicit ones count on", arguments: RecordCipher.tested)
    func explicitIVs(_ records: RecordCipher) throws {
        let server = try TestServer(try makeContext(records: records))
        defer { server.stop() }
        // RFC 5288, 3: the first 8 bytes of each record are the part of the IV that the peer cannot know.
        let script = """
            c = context(); c.maximum_version = ssl.TLSVersion.TLSv1_2
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            s = c.wrap_bio(incoming, outgoing, server_hostname="gate.example")
            raw = socket.create_connection(("127.0.0.1", port)); raw.settimeout(10)
            wire = bytearray()
            def arrive():
                raw.sendall(outgoing.read()); part = raw.recv(65536); wire.extend(part); incoming.write(part)
            while True:
                try: s.do_handshake(); break
                except ssl.SSLWantReadError: arrive()
            for turn in range(6):
                s.write(b"x" * 40000); left = 40000
                while left:
                    try: left -= len(s.read(65536))
                    except ssl.SSLWantReadError: arrive()
            ivs = []
            while wire:
                kind, size = wire[0], int.from_bytes(wire[3:5], "big")
                if kind == 23: ivs.append(int.from_bytes(wire[5:13], "big"))
                del wire[:5 + size]
            steps = {(b - a) % 2**64 for a, b in zip(ivs, ivs[1:])}
            print(len(ivs) >= 18, steps)
            """
        let run = try python(server, script)
        #expect(run.output == "True {1}\n", "\(run.errors)")
    }

    @Test("sessions that take turns on one thread keep their keys apart", arguments: RecordCipher.tested)
    func manySessions(_ records: RecordCipher) throws {
        let server = try TestServer(try makeContext(records: records))
        defer { server.stop() }
        let script = """
            random.seed(5)
            lines = [connect() for _ in range(8)]
            good = True
            for turn in range(200):
                s = random.choice(lines); data = random.randbytes(random.randrange(1, 3000))
                s.sendall(data); got = b""
                while len(got) < len(data): got += s.recv(65536)
                good = good and got == data
            print(good)
            for s in lines: s.unwrap()
            """
        let run = try python(server, script)
        #expect(run.output == "True\n", "\(run.errors)")
        #expect(server.reports(atLeast: 8).allSatisfy { $0.end == .closed(clean: true) })
    }
}
