// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the log gets in place of names, and what lies on the disk.

import AuditEvents
import Foundation
import Synchronization
import Testing

@testable import AuditIdentity

@Suite struct PseudonymTests {
    @Test("gives one person one pseudonym in a month, and others to others, other realms and other months")
    func distinct() async throws {
        let test = try TestVault()
        let vault = test.vault
        let first = try await vault.pseudonym(of: "e.muster", realm: .access)
        #expect(first.wholeMatch(of: /p2026-11\.[0-9a-f]{20}/) != nil)
        #expect(try await vault.pseudonym(of: "e.muster", realm: .access) == first)
        let other = try await vault.pseudonym(of: "k.muster", realm: .access)
        let reader = try await vault.pseudonym(of: "e.muster", realm: .accountability)
        #expect(reader.hasPrefix("q2026-11."))
        test.time.now += 20 * TestVault.day
        let december = try await vault.pseudonym(of: "e.muster", realm: .access)
        #expect(december.hasPrefix("p2026-12."))
        #expect(Set([first, other, reader, december].map { $0.suffix(20) }).count == 4)
        #expect(test.notes.kinds == [.periodOpened, .periodOpened, .periodOpened])
    }

    @Test("gives the same pseudonym after a restart")
    func restart() async throws {
        let test = try TestVault()
        let first = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        let again = try IdentityVault(
            folder: test.folder.path,
            register: test.vault.register,
            calls: TestVault.calls,
            now: { TestVault.start },
            record: { _ in }
        )
        #expect(try await again.pseudonym(of: "e.muster", realm: .access) == first)
    }

    @Test("gives many at once what each gets alone, and writes all of them before it returns")
    func together() async throws {
        let test = try TestVault()
        let first = try await test.vault.pseudonym(of: "p0", realm: .access)
        let names = Set((0..<300).map { "p\($0)" })
        let found = try await test.vault.pseudonyms(of: names, realm: .access)
        #expect(Set(found.keys) == names && Set(found.values).count == 300 && found["p0"] == first)
        #expect(try await test.vault.pseudonyms(of: ["p7", "p8"], realm: .access)["p7"] == found["p7"])
        #expect(try await test.vault.pseudonyms(of: [], realm: .access).isEmpty)
        // Another process finds each of them, and adds none.
        let again = try TestVault.vault(test.folder, test.time, test.notes)
        let period = try #require(PseudonymPeriod("p2026-11"))
        #expect(try await again.persons(of: period) == 300)
        #expect(try await again.pseudonyms(of: names, realm: .access) == found)
        #expect(try await again.persons(of: period) == 300)
        #expect(test.notes.kinds == [.periodOpened])
    }

    @Test("writes none of many when one cannot be sealed, and all of them at the next try")
    func allOrNone() async throws {
        let test = try TestVault()
        let sealed = TestVault.Clock(0)
        var calls = TestVault.calls
        calls.sealFor = { pem, secret in
            sealed.now += 1
            if sealed.now == 50 { throw TestVault.WrongKey() }
            return try TestVault.calls.sealFor(pem, secret)
        }
        let vault = try TestVault.vault(test.folder, test.time, test.notes, calls: calls)
        let names = Set((0..<100).map { "p\($0)" })
        let period = try #require(PseudonymPeriod("p2026-11"))
        let error = await #expect(throws: IdentityError.self) {
            try await vault.pseudonyms(of: names, realm: .access)
        }
        #expect(error?.code == .unusable)
        #expect(try await vault.persons(of: period) == 0)
        let found = try await vault.pseudonyms(of: names, realm: .access)
        #expect(found.count == 100)
        #expect(try await vault.persons(of: period) == 100)
        // What is remembered is what is on the disk.
        let again = try TestVault.vault(test.folder, test.time, test.notes)
        #expect(try await again.pseudonyms(of: names, realm: .access) == found)
    }

    @Test("forgets what it remembers when that gets too much, and gives the same pseudonyms")
    func forgets() async throws {
        let test = try TestVault()
        let period = PseudonymPeriod(.access, at: TestVault.start)
        let first = try await test.vault.pseudonym(of: "first", realm: .access)
        test.vault.known.withLock { known in
            for number in 0..<IdentityVault.mostKnown { known.pseudonyms[.access]?["x\(number)"] = "x" }
        }
        _ = try await test.vault.pseudonym(of: "second", realm: .access)
        #expect(test.vault.known.withLock { $0.pseudonyms[.access]?.count } == 1)
        #expect(try await test.vault.pseudonym(of: "first", realm: .access) == first)
        #expect(try await test.vault.persons(of: period) == 2)
    }

    @Test("leaves no name on the disk, nor in the records")
    func noNames() async throws {
        let test = try TestVault()
        _ = try await test.vault.pseudonym(of: "marker.secret", realm: .access)
        _ = try await test.vault.requestName(
            of: test.vault.pseudonym(of: "marker.secret", realm: .access),
            why: TestVault.why,
            by: AuditSubject(actor: "marker.reader", actorKind: .operator)
        )
        let bytes = try test.everything()
        #expect(bytes.count > 1000)
        #expect(bytes.range(of: Data("marker".utf8)) == nil)
    }

    @Test("does not bring an earlier month to life when the clock jumps back")
    func clockJumpsBack() async throws {
        let test = try TestVault()
        _ = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        test.time.now -= 40 * TestVault.day
        #expect(try await test.vault.pseudonym(of: "k.muster", realm: .access).hasPrefix("p2026-11."))
        #expect(try test.keyFiles() == ["p2026-11.map", "p2026-11.pseudonym"])
    }

    @Test("makes no pseudonym of a month that is not on record, and records it when that works again")
    func notRecorded() async throws {
        let test = try TestVault()
        test.notes.breakDown(true)
        for _ in 0..<2 {
            let error = await #expect(throws: IdentityError.self) {
                try await test.vault.pseudonym(of: "e.muster", realm: .access)
            }
            #expect(error?.code == .notRecorded)
        }
        #expect(try test.keyFiles() == ["p2026-11.map"])
        test.notes.breakDown(false)
        // As after a restart: nothing that this process remembers may be needed.
        let again = try TestVault.vault(test.folder, test.time, test.notes)
        _ = try await again.pseudonym(of: "e.muster", realm: .access)
        _ = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        #expect(test.notes.kinds == [.periodOpened])
        #expect(try test.keyFiles() == ["p2026-11.map", "p2026-11.pseudonym"])
    }

    @Test("records a month again rather than not at all when its key cannot be made after the record")
    func failsAfterRecord() async throws {
        let test = try TestVault()
        let keys = test.folder.appending(path: "keys")
        // What stops between the record and the key, a crash as well, leaves the same files.
        test.notes.afterNext { try? FileManager.default.removeItem(at: keys) }
        await #expect(throws: IdentityError.self) {
            try await test.vault.pseudonym(of: "e.muster", realm: .access)
        }
        #expect(test.notes.kinds == [.periodOpened])
        let again = try TestVault.vault(test.folder, test.time, test.notes)
        let pseudonym = try await again.pseudonym(of: "e.muster", realm: .access)
        #expect(test.notes.kinds == [.periodOpened, .periodOpened])
        #expect(try await test.vault.pseudonym(of: "e.muster", realm: .access) == pseudonym)
        #expect(test.notes.kinds.count == 2)
    }

    @Test("puts a finished month's key under the holders' keys, and refuses to go on with it")
    func closes() async throws {
        let test = try TestVault()
        _ = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        try await test.vault.closeFinishedPeriods()
        #expect(try test.keyFiles() == ["p2026-11.map", "p2026-11.pseudonym"])
        test.time.now += 18 * TestVault.day
        try await test.vault.closeFinishedPeriods()
        #expect(try test.keyFiles() == ["p2026-11.map"])
        #expect(test.notes.kinds == [.periodOpened, .periodClosed])
        test.time.now -= 10 * TestVault.day
        await #expect(throws: IdentityError.self) {
            try await test.vault.pseudonym(of: "k.muster", realm: .access)
        }
    }

    @Test("hands on events without names, and nothing when a pseudonym cannot be made")
    func trail() async throws {
        let test = try TestVault()
        let log = MemoryTrail()
        let trail = PseudonymousTrail(log, vault: test.vault)
        let receipt = try await trail.append(
            .referenceLookedUp(AuditSubject(actor: "e.muster", actorKind: .operator), reference: "R-1")
        )
        #expect(receipt.index == 0)
        _ = try await trail.append(
            .signedOut(AuditSubject(actor: "e.muster"), reason: .init(code: "x"), webSession: "w")
        )
        let actors = log.events.map { $0.fields.first { $0.key == "actor" }?.value }
        #expect(
            actors == [
                .text(try await test.vault.pseudonym(of: "e.muster", realm: .accountability)),
                .text(try await test.vault.pseudonym(of: "e.muster", realm: .access)),
            ]
        )
        test.notes.breakDown(true)
        test.time.now += 30 * TestVault.day
        await #expect(throws: AuditFailure.self) {
            try await trail.append(.referenceLookedUp(AuditSubject(actor: "e.muster"), reference: "R-2"))
        }
        #expect(log.events.count == 2)
    }

    @Test(
        "reads no period that is none",
        arguments: ["", "p", "p2026-13", "x2026-11", "2026-11", "p2026-11.00", "p2026-11-01", "pp2026-11"]
    )
    func periods(_ text: String) {
        #expect(PseudonymPeriod(text) == nil)
        #expect(PseudonymPeriod(ofPseudonym: text) == nil)
    }
}

/// A log in memory.
final class MemoryTrail: AuditTrail {
    private let notes = TestVault.Notes()
    var events: [AuditEvent] { notes.all }

    func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt {
        try notes.take(event)
        return AuditReceipt(index: UInt64(events.count - 1))
    }
}
