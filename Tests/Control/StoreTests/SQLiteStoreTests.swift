// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is stored comes back after a restart, once, and only the newest version can be changed.

import DaemonMessages
import Sessions
import Testing

@testable import Store

@Suite struct SQLiteStoreTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore(path: directory.file("torhaus.db"), now: { 5000 })
    }

    private func reopened() throws -> SQLiteStore {
        try store.close()
        return try SQLiteStore(path: directory.file("torhaus.db"), now: { 5000 })
    }

    static let erika = SignedInPerson(
        user: "erika",
        displayName: "Erika Mustermann",
        groups: ["a", "ä"],
        secondFactor: .totp
    )

    private func ticket(_ number: UInt8, user: String = "erika", web: String? = "w1") -> TicketRecord {
        TicketRecord(
            hash: [UInt8](repeating: number, count: 32),
            person: SignedInPerson(user: user, displayName: "", groups: [], secondFactor: .none),
            web: web.map { WebSessionID(value: $0) },
            kind: .client,
            desktop: "a/b/c",
            network: [UInt8](repeating: 1, count: 16),
            issuedAt: 1000,
            expiresAt: 301_000
        )
    }

    private func opened(
        _ number: UInt8,
        _ state: TicketState = .opened,
        user: String = "erika"
    ) -> TicketRecord {
        var record = ticket(number, user: user)
        record.standing = TicketStanding(state)
        record.session = SessionRecord(
            id: [UInt8](repeating: number, count: 16),
            openedAt: 2000,
            correlation: "c",
            source: "192.0.2.7",
            transport: "browser"
        )
        record.session?.graceUntil = state == .interrupted ? 9000 : nil
        record.session?.ends = [ConnectionEnd(at: 7, reason: 2, recorded: true)]
        record.session?.bytesToClient = UInt64(Int64.max)
        return record
    }

    @Test("gives a ticket back as it was, also after a restart")
    func roundTrip() async throws {
        let record = opened(1, .interrupted)
        try await store.insert(record)
        #expect(try await store.ticket(hash: record.hash) == record)
        let again = try reopened()
        #expect(try await again.ticket(hash: record.hash) == record)
        #expect(try await again.ticket(session: [UInt8](repeating: 1, count: 16)) == record)
        #expect(try await again.ticket(hash: [UInt8](repeating: 2, count: 32)) == nil)
    }

    @Test("an ended ticket stays ended, an unused one unused, over restarts")
    func nothingRevived() async throws {
        try await store.insert(ticket(1))
        var ended = ticket(2)
        try await store.insert(ended)
        _ = ended.standing.receive(.revoked)
        #expect(try await store.replace(ended))
        let again = try reopened()
        #expect(try await again.ticket(hash: ended.hash)?.standing == TicketStanding(.ended))
        #expect(try await again.ticket(hash: ticket(1).hash)?.standing == TicketStanding(.issued))
    }

    @Test("refuses a second ticket of the same hash")
    func uniqueHash() async throws {
        try await store.insert(ticket(1))
        let twin = ticket(1)
        await #expect(throws: (any Error).self) { try await store.insert(twin) }
    }

    @Test("only who saw the newest version may change it")
    func compareAndSet() async throws {
        var mine = ticket(1)
        try await store.insert(mine)
        var theirs = mine
        mine.standing = TicketStanding(.opened)
        theirs.standing = TicketStanding(.ended)
        #expect(try await store.replace(mine))
        #expect(try await !store.replace(theirs))
        let kept = try #require(try await store.ticket(hash: mine.hash))
        #expect(kept.standing.state == .opened)
        #expect(kept.version == 2)
        #expect(try await store.replace(kept))
    }

    @Test("of many who change at the same moment exactly one wins")
    func race() async throws {
        let record = ticket(1)
        try await store.insert(record)
        let store = store
        let wins = try await withThrowingTaskGroup(of: ClaimOutcome.self) { group in
            for number in 0..<16 {
                group.addTask {
                    var mine = record
                    mine.standing = TicketStanding(.opened)
                    mine.desktop = "a/b/\(number)"
                    return try await store.claim(mine, sessionsPerPerson: 4)
                }
            }
            var wins = 0
            for try await outcome in group where outcome == .claimed { wins += 1 }
            return wins
        }
        #expect(wins == 1)
    }

    @Test("counts a person's live sessions inside the claim")
    func claimLimit() async throws {
        try await store.insert(opened(1, .connected))
        try await store.insert(opened(2, .opened))
        try await store.insert(opened(3, .connected, user: "other"))
        // A broken line is no session that counts: bad reception must not keep anybody out.
        try await store.insert(opened(5, .interrupted))
        try await store.insert(ticket(4))
        var claim = ticket(4)
        claim.standing = TicketStanding(.opened)
        #expect(try await store.claim(claim, sessionsPerPerson: 2) == .tooManySessions)
        #expect(try await store.ticket(hash: claim.hash)?.standing.state == .issued)
        #expect(try await store.claim(claim, sessionsPerPerson: 3) == .claimed)
        #expect(try await store.claim(claim, sessionsPerPerson: 3) == .conflict)
    }

    @Test("finds what is live, unused, unfinished and lapsed")
    func finds() async throws {
        for record in [
            ticket(1), opened(2), opened(3, .connected), opened(4, .interrupted), opened(5, .ended),
        ] {
            try await store.insert(record)
        }
        try await store.insert(ticket(6, web: nil))
        func numbers(_ records: [TicketRecord]) -> Set<UInt8> { Set(records.compactMap(\.hash.first)) }
        #expect(numbers(try await store.live()) == [2, 3, 4])
        #expect(numbers(try await store.unfinished(web: WebSessionID(value: "w1"))) == [1, 2, 3, 4])
        #expect(try await store.unused(user: "erika") == 2)
        #expect(try await store.unused(user: "other") == 0)
        #expect(numbers(try await store.lapsed(at: 8999)) == [])
        #expect(numbers(try await store.lapsed(at: 9000)) == [4])
        #expect(numbers(try await store.lapsed(at: 301_000)) == [1, 4, 6])
    }

    @Test("purges ended tickets alone")
    func purges() async throws {
        try await store.insert(ticket(1))
        try await store.insert(opened(2, .ended))
        try await store.purge(endedBefore: 5000)
        #expect(try await store.ticket(hash: opened(2).hash) != nil)
        try await store.purge(endedBefore: 5001)
        #expect(try await store.ticket(hash: opened(2).hash) == nil)
        #expect(try await store.ticket(hash: ticket(1).hash) != nil)
    }

    @Test("keeps reasons under references that nobody else has")
    func reasons() async throws {
        func reason(_ at: UInt64, _ word: String) -> ReasonRecord {
            ReasonRecord(
                reference: "R-7F3K-Q2",
                at: at,
                action: "session",
                reason: word,
                rule: "",
                german: "Ä.",
                english: "A."
            )
        }
        #expect(try await store.insert(reason(1, "first")))
        #expect(try await !store.insert(reason(2, "second")))
        let again = try reopened()
        #expect(try await again.reason("R-7F3K-Q2") == reason(1, "first"))
        try await again.purge(before: 2)
        #expect(try await again.reason("R-7F3K-Q2") == nil)
    }

    @Test("keeps web sessions under the hash of their cookie")
    func webSessions() async throws {
        func session(_ number: UInt8, begun: UInt64, used: UInt64) -> WebSession {
            WebSession(
                id: WebSessionID(value: "w\(number)"),
                cookieHash: [UInt8](repeating: number, count: 32),
                csrfToken: "csrf",
                person: Self.erika,
                begunAt: begun,
                lastUsedAt: used
            )
        }
        for web in [
            session(1, begun: 10, used: 50), session(2, begun: 20, used: 90), session(3, begun: 30, used: 90),
        ] {
            try await store.save(web)
        }
        try await store.touch(WebSessionID(value: "w3"), at: 95)
        try await store.touch(WebSessionID(value: "w3"), at: 60)
        let again = try reopened()
        #expect(
            try await again.find(cookieHash: [UInt8](repeating: 3, count: 32))
                == session(3, begun: 30, used: 95)
        )
        let expired = try await again.removeExpired(lastUsedBefore: 60, begunBefore: 25)
        #expect(Set(expired.map(\.id.value)) == ["w1", "w2"])
        #expect(try await again.removeExpired(lastUsedBefore: 60, begunBefore: 25).isEmpty)
        try await again.remove(WebSessionID(value: "w3"))
        #expect(try await again.find(cookieHash: [UInt8](repeating: 3, count: 32)) == nil)
    }

    @Test("lets nobody else read the file")
    func mode() throws {
        #expect(try directory.mode("torhaus.db") == 0o600)
    }
}

@Suite struct SQLiteOpeningTests {
    @Test("refuses a file that is no database")
    func noDatabase() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("not a database, but long enough to look at".utf8), to: "torhaus.db")
        #expect(throws: StoreError.self) { try SQLiteStore(path: directory.file("torhaus.db"), now: { 0 }) }
    }

    @Test("refuses a damaged database")
    func damaged() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("torhaus.db")
        let store = try SQLiteStore(path: path, now: { 0 })
        for number in 0..<200 {
            _ = try await store.insert(
                ReasonRecord(
                    reference: "R-\(number)",
                    at: 1,
                    action: String(repeating: "x", count: 200),
                    reason: "",
                    rule: "",
                    german: "",
                    english: ""
                )
            )
        }
        try store.close()
        var bytes = try directory.bytes("torhaus.db")
        try #require(16_384 < bytes.count)
        for index in 8192..<12_288 { bytes[index] = 0xAA }
        try directory.write(bytes, to: "torhaus.db")
        #expect(throws: StoreError.self) { try SQLiteStore(path: path, now: { 0 }) }
    }

    @Test("says which path cannot be opened")
    func missingDirectory() throws {
        let error = #expect(throws: StoreError.self) {
            try SQLiteStore(path: "/nonexistent/torhaus.db", now: { 0 })
        }
        #expect(error?.description.contains("/nonexistent/torhaus.db") == true)
        #expect(error?.code == .unusable)
    }
}
