// SPDX-License-Identifier: EUPL-1.2
// Torhaus: refusals while the log is away wait in a small room, and what finds none is counted.

import AuditEvents
import AuditLog
import Foundation
import Testing

@testable import AuditClient

@Suite("Refusals while the log is away", .serialized)
struct RefusalTests {
    /// What a log holds about refusals.
    private static func told(_ service: TestService) throws -> (references: [String], dropped: [Int64]) {
        let records = try service.records()
        return (
            records.filter { $0.kind == .signInFailed }.compactMap { $0.text(.reference) },
            records.filter { $0.kind == .refusalsDropped }.compactMap { $0.number(.count) }
        )
    }

    @Test("wait, and reach the log when it is back")
    func wait() async throws {
        let service = try TestService()
        let client = try service.client()
        for number in 0..<20 { #expect(try await client.append(.refusal(number)) == .waiting) }
        try service.start()
        try await until { client.isAvailable }
        try await until { try Self.size(service) == 0 }
        // Room again: with the log there, a refusal has a receipt like any other record.
        #expect(try await client.append(.refusal(20)) != .waiting)
        service.stop()
        let told = try Self.told(service)
        #expect(told.references.sorted() == (0..<21).map(String.init).sorted() && told.dropped == [])
    }

    @Test("beyond their room are counted, and ends of sessions still wait")
    func bounded() async throws {
        let service = try TestService()
        let client = try service.client(spooledRefusals: 5)
        for number in 0..<5 { #expect(try await client.append(.refusal(number)) == .waiting) }
        for number in 5..<25 {
            await #expect(throws: AuditFailure.self) { try await client.append(.refusal(number)) }
        }
        #expect(try await client.append(.ending(1)) == .waiting)
        let size = try Self.size(service)
        #expect(size < 5000)
        try service.start()
        try await until { client.isAvailable }
        // The opening, 5 refusals, 5 counts, an end, that they came late, and the rest of the count.
        let reader = LogReader(directory: try service.place.directory)
        try await until { try 14 <= reader.size() }
        service.stop()
        let told = try Self.told(service)
        #expect(told.references.sorted() == (0..<5).map(String.init).sorted())
        #expect(told.dropped == [1, 1, 2, 4, 8, 4])
        #expect(try service.records().contains { $0.kind == .daemonStopped })
    }

    @Test("and their count survive the producer's end, and so does the bound")
    func survive() async throws {
        let service = try TestService()
        do {
            let client = try service.client(spooledRefusals: 3)
            for number in 0..<3 { _ = try await client.append(.refusal(number)) }
            for number in 3..<6 { _ = try? await client.append(.refusal(number)) }
            let size = try Self.size(service)
            client.close()
            // 1 and 1 are told; the third is told at the end.
            try await until { try size < Self.size(service) }
        }
        do {
            let client = try service.client(spooledRefusals: 3)
            await #expect(throws: AuditFailure.self) { try await client.append(.refusal(9)) }
            client.close()
            // Its thread must not find the log.
            try await Task.sleep(for: .milliseconds(200))
            try service.start()
        }
        let client = try service.client(spooledRefusals: 3)
        try await until { client.isAvailable }
        try await until { try Self.size(service) == 0 }
        service.stop()
        let told = try Self.told(service)
        #expect(told.references.sorted() == ["0", "1", "2"])
        #expect(told.dropped.reduce(0, +) == 4)
    }

    @Test("are counted at 1, 2, 4, 8, and what is left at the end")
    func doubling() {
        var counted = UnkeptRefusals()
        var told: [Int] = []
        for _ in 0..<1_000_000 { if let now = counted.add() { told.append(now) } }
        #expect(told.count == 20 && told.prefix(5) == [1, 1, 2, 4, 8])
        #expect(counted.rest() == 1_000_000 - told.reduce(0, +))
        #expect(counted.rest() == nil)
        counted.putBack(3)
        #expect(counted.rest() == 3)
        counted.isSpoolEmpty()
        #expect(counted.add() == 1)
    }

    /// Bytes in the spool.
    private static func size(_ service: TestService) throws -> Int {
        let path = service.folder.appendingPathComponent("spool").path
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
}
