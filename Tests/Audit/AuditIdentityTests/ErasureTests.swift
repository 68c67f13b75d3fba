// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when time is up the keys are gone, and with them the names; a hold keeps them.

import AuditEvents
import Foundation
import Testing

@testable import AuditIdentity

@Suite struct ErasureTests {
    @Test("destroys a month's keys when the last of its records is over, and not a day before")
    func destroys() async throws {
        let test = try TestVault()
        let vault = test.vault
        let pseudonym = try await vault.pseudonym(of: "e.muster", realm: .access)
        _ = try await vault.pseudonym(of: "e.muster", realm: .accountability)
        let end = try #require(PseudonymPeriod("p2026-11")).range.upperBound
        test.time.now = end + 90 * TestVault.day - 1
        #expect(try await vault.destroyExpiredPeriods(RetentionRules()).isEmpty)
        test.time.now += 1
        let destroyed = try await vault.destroyExpiredPeriods(RetentionRules())
        #expect(destroyed.map(\.description) == ["p2026-11"])
        #expect(test.notes.kinds.last == .periodDestroyed)
        // Who read stays provable for longer.
        #expect(try test.keyFiles() == ["q2026-11.map", "q2026-11.pseudonym"])
        let error = await #expect(throws: IdentityError.self) {
            try await vault.requestName(of: pseudonym, why: TestVault.why, by: TestVault.analyst)
        }
        #expect(error?.code == .destroyed)
        #expect(try test.everything().range(of: Data(pseudonym.utf8)) == nil)
        test.time.now = end - 1
        await #expect(throws: IdentityError.self) {
            try await vault.pseudonym(of: "k.muster", realm: .access)
        }
    }

    @Test("keeps a month on hold, until the hold is lifted or over")
    func holds() async throws {
        let test = try TestVault()
        let vault = test.vault
        _ = try await vault.pseudonym(of: "e.muster", realm: .access)
        test.time.now += 100 * TestVault.day
        let period = try #require(PseudonymPeriod("p2026-11"))
        let hold = try await vault.placeHold(
            range: 5..<9,
            origin: "log.example/2026",
            period: period,
            why: TestVault.why,
            days: 30,
            with: TestVault.key("d.schutz"),
            by: TestVault.analyst
        )
        #expect(try await vault.heldRanges(of: "log.example/2026") == [5..<9])
        #expect(try await vault.heldRanges(of: "log.example/2027").isEmpty)
        test.time.now += 10 * TestVault.day
        #expect(try await vault.destroyExpiredPeriods(RetentionRules()).isEmpty)
        await #expect(throws: IdentityError.self) {
            try await vault.liftHold(
                hold.id,
                with: TestVault.key("d.schutz", of: "p.rat"),
                by: TestVault.analyst
            )
        }
        test.time.now += 20 * TestVault.day
        #expect(try await vault.destroyExpiredPeriods(RetentionRules()) == [period])
        #expect(test.notes.kinds.suffix(3) == [.holdPlaced, .holdLifted, .periodDestroyed])

        let other = try await vault.placeHold(
            range: nil,
            origin: "",
            period: PseudonymPeriod("q2026-11"),
            why: TestVault.why,
            days: 1,
            with: TestVault.key("s.icher"),
            by: TestVault.analyst
        )
        try await vault.liftHold(other.id, with: TestVault.key("p.rat"), by: TestVault.analyst)
        #expect(try await vault.holds().isEmpty)
    }

    @Test("does not place a hold without a range or a period, a holder's key, or a possible time")
    func badHolds() async throws {
        let test = try TestVault()
        let period = PseudonymPeriod("p2026-11")
        let tries: [(Range<UInt64>?, String, PseudonymPeriod?, UInt64, HolderKey)] = [
            (nil, "o", nil, 1, TestVault.key("d.schutz")),
            (3..<3, "o", nil, 1, TestVault.key("d.schutz")),
            (3..<4, "", nil, 1, TestVault.key("d.schutz")),
            (nil, "", period, 0, TestVault.key("d.schutz")),
            (nil, "", period, 367, TestVault.key("d.schutz")),
            (nil, "", period, 1, TestVault.key("e.vil")),
            (nil, "", period, 1, TestVault.key("d.schutz", of: "p.rat")),
        ]
        for (range, origin, period, days, key) in tries {
            await #expect(throws: IdentityError.self) {
                try await test.vault.placeHold(
                    range: range,
                    origin: origin,
                    period: period,
                    why: TestVault.why,
                    days: days,
                    with: key,
                    by: TestVault.analyst
                )
            }
        }
        #expect(test.notes.all.isEmpty)
    }

    @Test("finishes what a crash left behind between keys and rows")
    func crash() async throws {
        let test = try TestVault()
        let pseudonym = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        let period = try #require(PseudonymPeriod("p2026-11"))
        try test.vault.keys.destroy(period, .pseudonym)
        try test.vault.keys.destroy(period, .map)
        _ = try await test.vault.destroyExpiredPeriods(RetentionRules())
        #expect(try test.everything().range(of: Data(pseudonym.utf8)) == nil)
    }

    // MARK: Bundles

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        /// Class and age in days of each record, from index 10 on.
        let records: [(AuditRetention, UInt64)]
        var holds: [Range<UInt64>] = []
        let verdict: BundleVerdict
        var testDescription: String { name }
    }

    @Test(
        "judges a bundle by the last of its records about the use of desktops",
        arguments: [
            Case(name: "nothing", records: [], verdict: .keep),
            Case(name: "all fresh", records: [(.access, 1), (.security, 1)], verdict: .keep),
            Case(name: "one fresh", records: [(.access, 91), (.access, 89)], verdict: .keep),
            Case(name: "all over", records: [(.access, 91), (.security, 90)], verdict: .erase(keeping: [])),
            Case(
                name: "longer classes stay",
                records: [(.access, 91), (.operation, 91), (.accountability, 91)],
                verdict: .erase(keeping: [11, 12])
            ),
            Case(
                name: "what is held stays",
                records: [(.access, 91), (.access, 91)],
                holds: [11..<12],
                verdict: .erase(keeping: [11])
            ),
            Case(
                name: "a fresh record that is held does not keep the others",
                records: [(.access, 91), (.access, 1)],
                holds: [11..<12],
                verdict: .erase(keeping: [11])
            ),
            Case(name: "all held", records: [(.access, 91)], holds: [0..<99], verdict: .keep),
            Case(name: "only longer ones", records: [(.accountability, 91)], verdict: .keep),
        ]
    )
    func bundles(_ wanted: Case) throws {
        let now = TestVault.start
        let records = try wanted.records.enumerated().map { offset, each in
            try Self.record(UInt64(10 + offset), each.0, days: each.1)
        }
        #expect(RetentionRules().judge(records, holds: wanted.holds, now: now) == wanted.verdict)
    }

    private static func record(
        _ index: UInt64,
        _ retention: AuditRetention,
        days: UInt64
    ) throws -> AuditRecord {
        let event = AuditEvent.logOpened(origin: "o", size: 0, version: "1", retention: "")
        let line = AuditLine.render(
            event,
            index: index,
            milliseconds: TestVault.start - days * TestVault.day
        )
        var record = try AuditRecord(parsing: line)
        record.retention = retention.rawValue
        return record
    }

    /// A plan over bundles of two records; each is given by the ages of its records.
    private static func plan(
        _ bundles: [[UInt64]],
        below: UInt64? = nil,
        holds: [Range<UInt64>] = []
    ) throws -> ErasurePlan {
        try ErasurePlan(
            below: below ?? UInt64(bundles.count * 2),
            width: 2,
            rules: RetentionRules(),
            holds: holds,
            now: TestVault.start
        ) { first in
            try bundles[Int(first / 2)].enumerated().map { offset, days in
                try record(first + UInt64(offset), .access, days: days)
            }
        }
    }

    @Test("plans to erase what is over, and leaves whole bundles in between alone")
    func plans() throws {
        let plan = try Self.plan(
            [[99, 99], [99, 1], [99, 99], [], [99, 99], [99, 99], [1, 1]],
            holds: [8..<10, 10..<11]
        )
        #expect(plan.erased.map(\.first) == [0, 4, 10])
        #expect(plan.erased.map(\.keeping) == [[], [], [10]])
        #expect(plan.kept == [2..<4, 6..<10])
        #expect(plan.end == 12 && plan.keeping == 1)
        #expect(try Self.plan([[99, 99], [99, 99]], below: 3).end == 2)
        #expect(try Self.plan([[99, 99]], below: 1).end == nil)
        #expect(try Self.plan([]).end == nil)
    }

    @Test("stops looking behind many bundles in which nothing is over")
    func stopsLooking() throws {
        let fresh = Array(repeating: [UInt64(1), 1], count: ErasurePlan.freshBundles)
        #expect(try Self.plan(fresh.dropLast() + [[99, 99]]).erased.count == 1)
        #expect(try Self.plan(fresh + [[99, 99]]).erased.isEmpty)
    }

    @Test("takes days between one and ten years")
    func rules() {
        var rules = RetentionRules()
        #expect(rules.set(.access, days: 30) && rules.days(.access) == 30)
        #expect(!rules.set(.access, days: 0) && !rules.set(.access, days: 3654))
        #expect(rules.days(.security) == 90)
        let all = RetentionRules(access: 7, security: 8, operation: 9, accountability: 10)
        #expect(all.map { AuditRetention.allCases.map($0.days) } == [7, 8, 9, 10])
        #expect(RetentionRules(access: 7, security: 8, operation: 0, accountability: 10) == nil)
    }

    @Test("a shorter time ends names and records earlier, a longer one later")
    func otherDays() async throws {
        let test = try TestVault()
        _ = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        let end = try #require(PseudonymPeriod("p2026-11")).range.upperBound
        let long = try #require(
            RetentionRules(access: 30, security: 120, operation: 365, accountability: 1095)
        )
        let short = try #require(
            RetentionRules(access: 30, security: 31, operation: 365, accountability: 1095)
        )
        // The last record of the month may be of the class that is kept longer.
        test.time.now = end + 119 * TestVault.day
        #expect(try await test.vault.destroyExpiredPeriods(long).isEmpty)
        test.time.now = end + 31 * TestVault.day
        #expect(try await test.vault.destroyExpiredPeriods(short).map(\.description) == ["p2026-11"])

        let records = [
            try Self.record(10, .access, days: 31), try Self.record(11, .security, days: 31),
        ]
        #expect(short.judge(records, holds: [], now: TestVault.start) == .erase(keeping: []))
        #expect(long.judge(records, holds: [], now: TestVault.start) == .keep)
    }
}
