// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the index follows the log, whatever happens to either of them.

import Foundation
import Testing

@testable import AuditEvents
@testable import AuditReading

@Suite struct FillingTests {
    private func everything(_ index: SearchIndex) async throws -> [UInt64] {
        var query = AuditQuery()
        query.limit = AuditQuery.largestLimit
        return try await index.find(query, scope: .county)
    }

    @Test("adds what is new, and stays as it is when there is nothing new")
    func grows() async throws {
        let whole = County.archive(700, seed: 4)
        let archive = MemoryArchive(Array(whole.all.prefix(300)))
        let test = try TestIndex()
        try test.index.fill(from: archive)
        #expect(try test.index.progress() == SearchIndex.Progress(next: 300, unreadable: 0))
        archive.all = whole.all
        try test.index.fill(from: archive)
        try test.index.fill(from: archive)
        #expect(try await everything(test.index) == (0..<700).reversed())
    }

    @Test("goes on after a restart")
    func restart() async throws {
        let test = try TestIndex()
        let archive = County.archive(100, seed: 4)
        try test.index.fill(from: archive)
        try test.index.close()
        let again = try SearchIndex(path: test.path)
        #expect(try again.progress().next == 100)
        #expect(try await everything(again).count == 100)
    }

    @Test("begins anew when the log is shorter than before, or another one")
    func otherLog() async throws {
        let test = try TestIndex()
        try test.index.fill(from: County.archive(300, seed: 4))
        let shorter = County.archive(200, seed: 5)
        try test.index.fill(from: shorter)
        #expect(try await everything(test.index).count == 200)
        let other = County.archive(400, seed: 6)
        try test.index.fill(from: other)
        let wanted = other.records.filter { $0.code == "GW7001I" }.map(\.index)
        var query = AuditQuery()
        query.events = ["daemon.started"]
        query.limit = 1000
        #expect(try await test.index.find(query, scope: .county) == wanted.reversed())
    }

    @Test("counts entries that are no records and leaves out erased ones")
    func gaps() async throws {
        let archive = County.archive(10, seed: 4)
        archive.all[3] = nil
        archive.all[5] = Array("{}".utf8)
        let test = try TestIndex()
        try test.index.fill(from: archive)
        #expect(try test.index.progress() == SearchIndex.Progress(next: 10, unreadable: 1))
        #expect(try await everything(test.index) == [9, 8, 7, 6, 4, 2, 1, 0])
    }

    @Test("can be stopped between two transactions and goes on later")
    func stops() throws {
        struct Stop: Error {}
        let archive = County.archive(Int(SearchIndex.batch) + 10, seed: 4)
        let test = try TestIndex()
        #expect(throws: ReadingError.self) { try test.index.fill(from: archive) { _ in throw Stop() } }
        #expect(try test.index.progress().next == SearchIndex.batch)
        try test.index.fill(from: archive)
        #expect(try test.index.progress().next == archive.size())
    }

    @Test(
        "makes a damaged or foreign file again",
        arguments: ["", "no database at all", "SQLite format 3\0"]
    )
    func damaged(_ content: String) async throws {
        let test = try TestIndex()
        try test.index.fill(from: County.archive(10, seed: 4))
        try test.index.close()
        try Data(content.utf8).write(to: URL(filePath: test.path))
        let again = try SearchIndex(path: test.path)
        try again.fill(from: County.archive(10, seed: 4))
        #expect(try await everything(again).count == 10)
    }

    @Test("forgets erased records with their words and pseudonyms, also on the disk")
    func forgets() async throws {
        let archive = MemoryArchive()
        let marked = AuditSubject(municipality: "rhoenblick", actor: County.person(0xABC))
        archive.append(.referenceLookedUp(marked, reference: "Markierung-eins"), at: Samples.start)
        archive.append(
            .referenceLookedUp(AuditSubject(actor: County.person(1)), reference: "Markierung-zwei"),
            at: Samples.start + 1
        )
        let test = try TestIndex()
        try test.index.fill(from: archive)
        #expect(try test.bytes().range(of: Data("eins".utf8)) != nil)
        let line = try #require(archive.line(0))
        try test.index.forget([(0, line), (0, line), (77, line)])
        try test.index.tidy()
        #expect(try await everything(test.index) == [1])
        var query = AuditQuery()
        query.text = "Markierung"
        #expect(try await test.index.find(query, scope: .county) == [1])
        query.text = nil
        query.person = County.person(0xABC)
        #expect(try await test.index.find(query, scope: .county).isEmpty)
        try test.index.close()
        let bytes = try test.bytes()
        #expect(bytes.range(of: Data("eins".utf8)) == nil)
        #expect(bytes.range(of: Data(County.person(0xABC).utf8)) == nil)
        #expect(bytes.range(of: Data("zwei".utf8)) != nil)
    }
}
