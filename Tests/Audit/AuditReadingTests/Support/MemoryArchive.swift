// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a log in memory, and an index in a folder of its own.

import Foundation
import Synchronization

@testable import AuditEvents
@testable import AuditReading

/// Records in memory; nil is an erased one.
final class MemoryArchive: AuditArchive {
    let origin: String
    private let lines: Mutex<[[UInt8]?]>

    init(_ lines: [[UInt8]?] = [], origin: String = "audit.example/gate1/2026") {
        self.origin = origin
        self.lines = Mutex(lines)
    }

    var all: [[UInt8]?] {
        get { lines.withLock { $0 } }
        set { lines.withLock { $0 = newValue } }
    }

    var records: [AuditRecord] {
        all.compactMap { line in line.flatMap { try? AuditRecord(parsing: $0) } }
    }

    func append(_ event: AuditEvent, at milliseconds: UInt64) {
        lines.withLock { lines in
            let index = UInt64(lines.count)
            let salt = (0..<16).map { _ in UInt8.random(in: 0...255) }
            lines.append(AuditLine.render(event, index: index, milliseconds: milliseconds, salt: salt))
        }
    }

    func size() -> UInt64 { UInt64(all.count) }

    func line(_ index: UInt64) -> [UInt8]? { all[Int(index)] }

    func forEachLine(in range: Range<UInt64>, _ body: (UInt64, [UInt8]) throws -> Void) throws {
        let all = all
        for index in range {
            if let line = all[Int(index)] { try body(index, line) }
        }
    }
}

/// An index that goes away with the test.
final class TestIndex {
    let folder: URL
    let index: SearchIndex

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        index = try SearchIndex(path: folder.appending(path: "search.sqlite").path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var path: String { folder.appending(path: "search.sqlite").path }

    func bytes() throws -> Data {
        var bytes = Data()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            bytes += try Data(contentsOf: folder.appending(path: name))
        }
        return bytes
    }
}

/// What was recorded about reading; it can be made to fail.
final class Notes: Sendable {
    private let events = Mutex<[AuditEvent]>([])
    private let isBroken = Mutex(false)

    var all: [AuditEvent] { events.withLock { $0 } }

    func breakDown() { isBroken.withLock { $0 = true } }

    func take(_ event: AuditEvent) throws(AuditFailure) {
        if isBroken.withLock({ $0 }) { throw AuditFailure(reason: "disk full") }
        events.withLock { $0.append(event) }
    }
}
