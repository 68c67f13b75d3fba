// SPDX-License-Identifier: EUPL-1.2
// Torhaus: torhaus-auditd in a thread of the test, with its files in a temporary directory.

import AuditClient
import AuditEvents
import AuditLog
import AuditService
import DaemonSettings
import Foundation
import LinuxKit
import Synchronization
import Testing

/// Stopped and removed when the test is over.
final class TestService: Sendable {
    let folder: URL
    let settings: AuditSettings
    private let life = Mutex<Life?>(nil)

    private final class Life: Sendable {
        let stop: WakeUp
        let isOver = Mutex(false)

        init() throws { stop = try WakeUp() }
    }

    /// With holders the service replaces names; otherwise they stay, so that tests can see them.
    init(
        heartbeatSeconds: Int = 300,
        checkpointMilliseconds: Int = 50,
        retention: AuditRetentionDays = AuditRetentionDays(),
        holders: TestHolders? = nil
    ) throws {
        // Short: a socket's path has 107 bytes at most.
        folder = URL(fileURLWithPath: "/tmp/torhaus-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let register = folder.appendingPathComponent("holders.json").path
        let names = folder.appendingPathComponent("names").path
        if let holders { try holders.register.write(to: URL(filePath: register)) }
        settings = AuditSettings(
            socket: folder.appendingPathComponent("audit.sock").path,
            allowedUsers: ["root"],
            origin: "log.example/gate1",
            logDirectory: folder.appendingPathComponent("log").path,
            stateDirectory: folder.appendingPathComponent("state").path,
            names: holders.map { _ in AuditSettings.Names(directory: names, holders: register) },
            checkpointMilliseconds: checkpointMilliseconds,
            heartbeatSeconds: heartbeatSeconds,
            minimumFreeMebibytes: 0,
            retention: retention
        )
        _ = try LogCreation.create(place, segmentBytes: 1 << 19)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    var place: LogPlace {
        get throws { try Succession(settings, version: "test").place(Succession.presentYear) }
    }

    func start(reload: SettingsReload? = nil) throws {
        let life = try Life()
        let listener = try UnixListener(path: settings.socket, mode: 0o600)
        let box = Mutex<UnixListener?>(consume listener)
        let shared = Shared(box: box)
        let settings = settings
        try Threads.start(name: "service") {
            if let listener = shared.take() {
                do {
                    try AuditService.run(
                        settings: settings,
                        version: "test",
                        listener: listener,
                        stopDescriptor: life.stop.fd,
                        reload: reload
                    )
                } catch {
                    print("the service ended: \(error)")
                }
            }
            life.isOver.withLock { $0 = true }
        }
        self.life.withLock { $0 = life }
    }

    /// Hands the listener to the thread.
    private final class Shared: Sendable {
        private let box: Mutex<UnixListener?>

        init(box: consuming Mutex<UnixListener?>) { self.box = box }

        func take() -> UnixListener? { box.withLock { $0.take() } }
    }

    /// Returns when the service has ended in order.
    func stop() {
        guard let life = life.withLock({ $0.take() }) else { return }
        life.stop.signal()
        while !life.isOver.withLock({ $0 }) { usleep(5000) }
        try? FileManager.default.removeItem(atPath: settings.socket)
    }

    func client(
        spool: Bool = true,
        whenAway: AuditClientOptions.WhenAway = .refuse,
        spooledRefusals: Int = 1024
    ) throws -> AuditClient {
        try AuditClient(
            AuditClientOptions(
                socket: settings.socket,
                spool: spool ? folder.appendingPathComponent("spool").path : nil,
                whenAway: whenAway,
                // All suites at once leave little of a small machine to each.
                patienceMilliseconds: 3000,
                receiptMilliseconds: 60_000,
                spooledRefusals: spooledRefusals
            )
        )
    }

    /// All records of the log, after a stop.
    func records() throws -> [AuditRecord] {
        let reader = LogReader(directory: try place.directory)
        let size = try reader.size()
        var records: [AuditRecord] = []
        try reader.forEachEntry(in: 0..<size, size: size) { _, entry in
            records.append(try AuditRecord(parsing: entry))
        }
        return records
    }

    func verify() throws -> LogVerification {
        let directory = try place.directory
        return try LogVerifier.verify(directory, by: try LogKey.verifier(in: directory))
    }
}

extension AuditEvent {
    /// Something that would allow nothing and is not the end of anything.
    static func plain(_ number: Int) -> AuditEvent {
        .daemonStarted(version: "\(number)", policyVersion: "p")
    }
    /// Somebody was not let in.
    static func refusal(_ number: Int) -> AuditEvent {
        .signInFailed(
            AuditSubject(source: "192.0.2.7"),
            reason: AuditReason(code: "unavailable", reference: "\(number)"),
            connection: AuditConnection()
        )
    }
    /// Something that may wait.
    static func ending(_ number: Int) -> AuditEvent { .daemonStopped(version: "\(number)") }
}

/// Looks again and again, for some seconds at most.
func until(_ condition: () throws -> Bool) async throws {
    for _ in 0..<600 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it did not come to pass")
}
