// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a witness on loopback and a log that it watches.

import AuditLog
import AuditWitness
import Foundation
import LinuxKit
import MerkleLog
import Synchronization

/// A directory that goes when the test is over.
final class TestFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("torhaus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func log(_ name: String = "2026") throws -> AuditLog {
        let place = try LogPlace(origin: "log.example/\(name)", logs: path("log"), states: path("state"))
        if !FileManager.default.fileExists(atPath: place.state) {
            _ = try LogCreation.create(place, segmentBytes: 65_536)
        }
        return try AuditLog.open(place, segmentBytes: 65_536).log
    }
}

/// Serves until it is stopped.
final class TestWitness: Sendable {
    let directory: String
    let port: UInt16
    let key: VerifierKey
    let lines = Mutex<[String]>([])
    private let stopper: WakeUp
    private let isOver = Mutex(false)

    /// Serves what is in the directory; a new witness is made there first.
    init(_ directory: String, name: String, logs: [VerifierKey], port: UInt16 = 0) throws {
        self.directory = directory
        if !FileManager.default.fileExists(atPath: directory) {
            _ = try WitnessStore.create(directory, name: name)
        }
        for log in logs { try WitnessStore.watch(directory, log: log.text) }
        let store = try WitnessStore(directory)
        key = store.key
        guard let address = NetworkAddress(numeric: "127.0.0.1", port: port) else {
            throw WitnessError(.setup, "address")
        }
        let listener = try TCPListener.listen(on: address, reusePort: false)
        self.port = listener.withRaw { StreamSocket.localAddress(of: $0)?.port } ?? 0
        stopper = try WakeUp()
        let number = listener.release()
        let report: @Sendable (String) -> Void = { line in self.lines.withLock { $0.append(line) } }
        let server = WitnessServer(store: store, now: { 1_767_000_000 }, report: report)
        try Threads.start(name: "test-witness") {
            let socket = OwnedFD(adopting: number)
            server.run(listener: socket, stopDescriptor: self.stopper.fd)
            self.isOver.withLock { $0 = true }
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func stop() {
        stopper.signal()
        while !isOver.withLock({ $0 }) { usleep(2000) }
        usleep(20_000)
    }

    func client() throws -> WitnessClient {
        guard let address = WebAddress(url) else { throw WitnessError(.setup, "address") }
        let web = WebClient()
        return WitnessClient(key: key, crypto: LogCrypto.notes) { (path, body) throws(WitnessError) in
            try web.ask(address, path: path, body: body)
        }
    }
}

func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { Array("e\($0)".utf8) } }

func until(_ condition: () throws -> Bool) async throws -> Bool {
    for _ in 0..<500 {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}
