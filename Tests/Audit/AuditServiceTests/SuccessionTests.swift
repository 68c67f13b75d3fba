// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the way from one year's log to the next.

import AuditEvents
import AuditLog
import AuditService
import DaemonSettings
import Foundation
import MerkleLog
import Synchronization
import Testing

@Suite("succession")
struct SuccessionTests {
    /// Logs in a temporary directory, and a clock that the test sets.
    private final class Years: Sendable {
        let folder: URL
        let settings: AuditSettings
        let clock = Mutex<String>("2026-06-01")

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "torhaus-\(UUID().uuidString)"
            )
            settings = AuditSettings(
                allowedUsers: ["root"],
                origin: "log.example/gate1",
                logDirectory: folder.appendingPathComponent("log").path,
                stateDirectory: folder.appendingPathComponent("state").path
            )
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        var succession: Succession {
            Succession(settings, version: "test") {
                AuditTime.milliseconds(self.clock.withLock { $0 } + "T00:00:00.000+00:00") ?? 0
            }
        }

        func create(_ year: String) throws {
            _ = try LogCreation.create(succession.place(year), segmentBytes: 65_536)
        }

        func records(_ year: String) throws -> [AuditRecord] {
            let reader = LogReader(directory: try succession.place(year).directory)
            let size = try reader.size()
            var records: [AuditRecord] = []
            try reader.forEachEntry(in: 0..<size, size: size) { records.append(try AuditRecord(parsing: $1)) }
            return records
        }

        func key(_ year: String) throws -> String {
            try LogKey.verifier(in: try succession.place(year).directory).text
        }
    }

    @Test("without any log the start is refused with what to do")
    func nothing() throws {
        let years = try Years()
        let error = try #require(throws: AuditLogError.self) { try years.succession.open() }
        #expect(error.code == .refused(.notInitialised))
    }

    @Test("a start in a new year begins its log, and the old one ends with the new key")
    func newYearAtStart() throws {
        let years = try Years()
        try years.create("2026")
        do {
            let log = try years.succession.open()
            #expect(log.place.origin == "log.example/gate1/2026")
            _ = try log.publish()
        }
        years.clock.withLock { $0 = "2027-01-01" }
        do {
            let log = try years.succession.open()
            #expect(log.place.origin == "log.example/gate1/2027")
            _ = try log.publish()
        }
        let last = try #require(try years.records("2026").last)
        #expect(last.kind == .logContinued && last.text(.origin) == "log.example/gate1/2027")
        #expect(last.text(.verifierKey) == (try years.key("2027")))
        #expect(try years.records("2027").map(\.kind) == [.logOpened])
        #expect(try years.key("2026") != (try years.key("2027")))
        for year in ["2026", "2027"] {
            let directory = try years.succession.place(year).directory
            #expect(try LogVerifier.verify(directory, by: LogKey.verifier(in: directory)).isGood)
        }
    }

    @Test("a log that runs over midnight of the last day is continued, once")
    func midnight() throws {
        let years = try Years()
        try years.create("2026")
        let succession = years.succession
        let old = try succession.open()
        #expect(try succession.next(after: old) == nil)
        years.clock.withLock { $0 = "2027-01-01" }
        let new = try #require(try succession.next(after: old))
        #expect(new.place.origin == "log.example/gate1/2027")
        #expect(try succession.next(after: new) == nil)
        #expect(try years.records("2026").map(\.kind) == [.logOpened, .logContinued])
        years.clock.withLock { $0 = "2028-01-01" }
        #expect(try succession.next(after: new)?.place.origin == "log.example/gate1/2028")
    }

    @Test("a crash between the new log's start and the old one's end is mended at the next start")
    func crash() throws {
        let years = try Years()
        try years.create("2026")
        do {
            let log = try years.succession.open()
            _ = try log.publish()
        }
        years.clock.withLock { $0 = "2027-01-01" }
        try years.create("2027")
        for _ in 0..<2 {
            let log = try years.succession.open()
            #expect(log.place.origin == "log.example/gate1/2027")
            _ = try log.publish()
        }
        #expect(try years.records("2026").map(\.kind) == [.logOpened, .logContinued])
    }

    @Test("a clock that was set back goes on with the newest log")
    func clockBack() throws {
        let years = try Years()
        try years.create("2026")
        try years.create("2027")
        let log = try years.succession.open()
        #expect(log.place.origin == "log.example/gate1/2027")
        #expect(try years.succession.next(after: log) == nil)
    }

    @Test("an old log that is refused does not keep the new one closed")
    func damagedPast() throws {
        let years = try Years()
        try years.create("2026")
        try years.create("2027")
        years.clock.withLock { $0 = "2027-03-01" }
        let anchor = try years.succession.place("2026").state + "/anchor"
        try Data(count: 8192).write(to: URL(fileURLWithPath: anchor))
        #expect(try years.succession.open().place.origin == "log.example/gate1/2027")
    }
}
