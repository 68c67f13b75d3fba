// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a record is on the disk before anybody is told so, and what was not told is not there.

import AuditEvents
import Foundation
import Synchronization
import Testing

@testable import Store

/// A disk that can be full, slow to sync, or stop in the middle of a write.
final class FaultyDisk: Sendable {
    enum Fault: Sendable, CaseIterable {
        case none
        case writeFails
        case writeStopsHalfway
        case syncFails
    }

    private struct State {
        var fault = Fault.none
        var halfway = false
        var syncs = 0
    }

    private let state = Mutex(State())

    var fault: Fault {
        get { state.withLock { $0.fault } }
        set {
            state.withLock {
                $0.fault = newValue
                $0.halfway = false
            }
        }
    }

    var syncs: Int { state.withLock { $0.syncs } }

    var calls: AuditFileCalls {
        AuditFileCalls(
            write: { [self] descriptor, bytes, offset in
                let limit = state.withLock { state -> Int? in
                    switch state.fault {
                    case .none, .syncFails: return bytes.count
                    case .writeFails: return nil
                    case .writeStopsHalfway:
                        if state.halfway { return nil }
                        state.halfway = true
                        return bytes.count / 2
                    }
                }
                guard let limit else { return -Int(ENOSPC) }
                return AuditFileCalls.system.write(descriptor, Array(bytes.prefix(limit)), offset)
            },
            sync: { [self] descriptor in
                let fails = state.withLock { state in
                    state.syncs += 1
                    return state.fault == .syncFails
                }
                return fails ? -Int(EIO) : AuditFileCalls.system.sync(descriptor)
            }
        )
    }
}

@Suite struct JSONLinesAuditTrailTests {
    let directory: TemporaryDirectory
    let disk = FaultyDisk()

    init() throws { directory = try TemporaryDirectory() }

    private func trail() throws -> JSONLinesAuditTrail {
        try JSONLinesAuditTrail(
            path: directory.file("audit.jsonl"),
            calls: disk.calls,
            now: { 1_700_000_000_000 }
        )
    }

    private func lines() throws -> [[String: Any]] {
        try String(decoding: directory.bytes("audit.jsonl"), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: true)
            .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    }

    private func numbers() throws -> [Int] { try lines().map { try #require($0["seq"] as? Int) } }

    static let event = AuditEvent.daemonStopped(version: "1")

    @Test("numbers records without gaps, over restarts too")
    func numbersRecords() async throws {
        do {
            let trail = try trail()
            for index in 0..<3 { #expect(try await trail.append(Self.event).index == UInt64(index)) }
        }
        let again = try trail()
        #expect(try await again.append(Self.event).index == 3)
        #expect(try numbers() == [0, 1, 2, 3])
        #expect(try directory.mode("audit.jsonl") == 0o640)
    }

    @Test("lets many who wait share a sync, and gives each its own number")
    func groupCommit() async throws {
        let trail = try trail()
        let indexes = try await withThrowingTaskGroup(of: UInt64.self) { group in
            for _ in 0..<500 { group.addTask { try await trail.append(Self.event).index } }
            var indexes: Set<UInt64> = []
            for try await index in group { indexes.insert(index) }
            return indexes
        }
        #expect(indexes == Set(0..<500))
        #expect(try numbers() == Array(0..<500))
        #expect(disk.syncs < 500)
    }

    @Test(
        "a record that failed is not in the file, and the log heals",
        arguments: [FaultyDisk.Fault.writeFails, .writeStopsHalfway, .syncFails]
    )
    func failsClosed(_ fault: FaultyDisk.Fault) async throws {
        let trail = try trail()
        _ = try await trail.append(Self.event)
        let before = try directory.bytes("audit.jsonl")
        #expect(trail.isHealthy)
        for _ in 0..<3 {
            disk.fault = fault
            await #expect(throws: AuditFailure.self) { try await trail.append(Self.event) }
            #expect(!trail.isHealthy)
            #expect(try directory.bytes("audit.jsonl") == before)
        }
        disk.fault = .none
        #expect(try await trail.append(Self.event).index == 2)
        #expect(trail.isHealthy)
        #expect(try numbers() == [0, 1, 2])
        #expect(try lines()[1]["event"] as? String == "audit.recovered")
        #expect(try lines()[1]["count"] as? Int == 3)
    }

    @Test("heals by itself when nobody writes")
    func healsAlone() async throws {
        let trail = try trail()
        disk.fault = .syncFails
        await #expect(throws: AuditFailure.self) { try await trail.append(Self.event) }
        disk.fault = .none
        for _ in 0..<1000 where !trail.isHealthy { try await Task.sleep(for: .milliseconds(10)) }
        #expect(trail.isHealthy)
        #expect(try lines().map { $0["event"] as? String } == ["audit.recovered"])
    }

    @Test("cuts off a torn last line wherever it was torn, and records that")
    func repairs() async throws {
        do {
            let trail = try trail()
            for _ in 0..<2 { _ = try await trail.append(Self.event) }
        }
        let whole = try directory.bytes("audit.jsonl")
        let second = try #require(whole.firstIndex(of: UInt8(ascii: "\n"))) + 1
        for cut in (second + 1)..<whole.count {
            try directory.write(Array(whole.prefix(cut)), to: "audit.jsonl")
            let trail = try trail()
            #expect(try await trail.append(Self.event).index == 2)
            let names = try lines().compactMap { $0["event"] as? String }
            #expect(names == ["daemon.stopped", "audit.repaired", "daemon.stopped"])
            #expect(try lines().dropFirst().first?["count"] as? Int == cut - second)
            #expect(try numbers() == [0, 1, 2])
        }
    }

    @Test("a file that holds one torn line only begins anew")
    func repairsFirstLine() async throws {
        try directory.write(Array(#"{"time":"2026"#.utf8), to: "audit.jsonl")
        let trail = try trail()
        #expect(try await trail.append(Self.event).index == 1)
        #expect(try numbers() == [0, 1])
    }

    @Test("does not start on a file that is not its own")
    func foreign() throws {
        for content in ["hello\n", "{\"seq\":1}\n", "\n"] {
            try directory.write(Array(content.utf8), to: "audit.jsonl")
            #expect(throws: AuditFailure.self) { try trail() }
        }
        try directory.write([UInt8](repeating: 0x61, count: AuditFile.longestLine * 3), to: "audit.jsonl")
        #expect(throws: AuditFailure.self) { try trail() }
    }

    @Test("two writers at a time are refused")
    func oneWriter() throws {
        let first = try trail()
        #expect(throws: AuditFailure.self) { try trail() }
        #expect(first.isHealthy)
    }

    @Test("goes on numbering when somebody put another file in place")
    func replacedFile() async throws {
        let trail = try trail()
        for _ in 0..<5 { _ = try await trail.append(Self.event) }
        disk.fault = .writeFails
        await #expect(throws: AuditFailure.self) { try await trail.append(Self.event) }
        try FileManager.default.removeItem(atPath: directory.file("audit.jsonl"))
        disk.fault = .none
        #expect(try await trail.append(Self.event).index == 6)
        #expect(try numbers() == [5, 6])
    }
}
