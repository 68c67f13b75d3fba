// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a relay loop on a thread of its own, and a TLS client of Python for it.

import DaemonMessages
import DaemonSettings
import Foundation
import LinuxKit
import OpenSSLKit
import Synchronization
import Testing

@testable import Gate

/// A certificate that is its own authority, made once.
struct LoopCertificate: Sendable {
    static let shared: Result<LoopCertificate, any Error> = Result { try LoopCertificate() }

    let chain: String
    let key: String

    private init() throws {
        let folder = NSTemporaryDirectory() + "torhaus-loop-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        foldersToRemove.withLock { $0.append(folder) }
        atexit {
            for folder in foldersToRemove.withLock({ $0 }) {
                try? FileManager.default.removeItem(atPath: folder)
            }
        }
        chain = folder + "/gate.pem"
        key = folder + "/gate.key"
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
            "-out", chain, "-subj", "/CN=gate.example", "-addext", "subjectAltName=DNS:gate.example",
            "-addext", "extendedKeyUsage=serverAuth", "-days", "2",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
    }
}

private let foldersToRemove = Mutex<[String]>([])

/// A loop with everything it needs and no control plane; `run` starts it, `stop` ends it.
final class TestLoop: Sendable {
    let loop: RelayLoop
    let services: GateServices
    private let hasEnded = Mutex(false)

    init(requestHeadSeconds: Int = 60) throws {
        let certificate = try LoopCertificate.shared.get()
        let mailbox = try Mailbox()
        let registry = SessionRegistry()
        let settings = GateSettings(
            certificates: [.init(chain: certificate.chain, key: certificate.key)],
            publicNames: ["gate.example"],
            requestHeadSeconds: requestHeadSeconds
        )
        services = GateServices(
            settings: settings,
            limiter: AddressLimiter(maximumConnections: 10, maximumHalfOpen: 10),
            registry: registry,
            // Never run: nobody answers.
            link: try ControlLink(path: "/", controlUser: nil, mailboxes: [mailbox], registry: registry),
            resolver: try ResolverPool(),
            mailboxes: [mailbox],
            tls: try TLSServerContext(
                identities: [CertificateFiles(chain: certificate.chain, key: certificate.key)],
                profile: .bsi,
                unknownName: .refuse,
                clientAuthority: nil,
                ticketKeys: try TicketKeys()
            )
        )
        loop = try RelayLoop(index: 0, services: services)
    }

    func run() throws {
        try Threads.start(name: "relay-test") { [self] in
            loop.run()
            hasEnded.withLock { $0 = true }
        }
    }

    /// False when the loop did not end.
    func stop() -> Bool {
        services.mailboxes[0].post(.stop)
        let end = ContinuousClock.now + .seconds(10)
        while !hasEnded.withLock({ $0 }), ContinuousClock.now < end { usleep(2_000) }
        return hasEnded.withLock { $0 }
    }

    /// Shakes hands with the client and makes a line of the socket.
    func line(_ socket: consuming OwnedFD) throws -> ClientLine {
        let raw = socket.withRaw { $0 }
        var tls = try TLSConnection(context: services.tlsContext, socket: socket)
        shaking: while true {
            switch tls.handshake() {
            case .done: break shaking
            case .wantRead: try Self.wait(raw, POLLIN)
            case .wantWrite: try Self.wait(raw, POLLOUT)
            case .failed(let fault): throw GateError("no handshake: \(fault)")
            }
        }
        let address = try #require(NetworkAddress(numeric: "192.0.2.1", port: 50_000))
        #expect(services.limiter.enter(AddressKey(address)))
        return ClientLine(
            tls: tls,
            address: address,
            correlation: try #require(CorrelationID(bytes: [UInt8](repeating: 7, count: 16))),
            limiter: services.limiter
        )
    }

    private static func wait(_ raw: Int32, _ events: Int32) throws {
        var entry = pollfd(fd: raw, events: Int16(events), revents: 0)
        try #require(poll(&entry, 1, 15_000) == 1, "the client did not go on")
    }
}

/// A client of Python's `ssl`, so of the distribution's libssl, that reads only when it is told to.
final class SlowClient {
    /// What it saw in the end.
    struct Report: Hashable {
        let bytes: Int
        /// Whether the end was told (close_notify) and not only a closed line.
        let clean: Bool
    }

    private static let script = """
        import socket, ssl, sys
        raw = socket.socket(socket.AF_UNIX); raw.settimeout(30); raw.connect(sys.argv[1])
        c = ssl.create_default_context(cafile=sys.argv[2])
        # Python takes a closed line for an end that was told, unless it is asked not to.
        c.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
        s = c.wrap_socket(raw, server_hostname="gate.example", suppress_ragged_eofs=False)
        s.sendall(sys.argv[3].encode())
        sys.stdin.readline()
        got = 0
        try:
            while True:
                part = s.recv(512)
                if not part: break
                got += len(part)
            print(got, "clean")
        except (ssl.SSLError, OSError) as e:
            print(got, "cut", e)
        """

    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())
    private let path = NSTemporaryDirectory() + "torhaus-slow-\(UUID().uuidString.prefix(8)).sock"

    /// Starts the client, which sends `request` after its handshake; the socket is the gate's end of the line.
    func connect(request: String) throws -> OwnedFD {
        let listener = try UnixListener(path: path, mode: 0o600)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.script, path, try LoopCertificate.shared.get().chain, request]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var entry = listener.withRaw { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        try #require(poll(&entry, 1, 15_000) == 1, "the client did not come")
        guard let stream = try listener.accept() else { throw GateError("the client went away") }
        let copy = stream.withRaw { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        return OwnedFD(adopting: copy)
    }

    /// Lets it read to the end and waits for what it says.
    func finish() throws -> Report {
        try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let words = text.split(separator: " ")
        let bytes = try #require(words.first.flatMap { Int($0) }, "\(text)")
        return Report(bytes: bytes, clean: text.hasSuffix(" clean\n"))
    }

    deinit {
        if process.isRunning { process.terminate() }
        unlink(path)
    }
}
