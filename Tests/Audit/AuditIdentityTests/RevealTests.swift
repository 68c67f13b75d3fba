// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a name opens for two holders of different roles, in time, on record, once; in no other case.

import AuditEvents
import Testing

@testable import AuditIdentity

@Suite struct RevealTests {
    private func asked(_ test: TestVault) async throws -> RevealRequest {
        let pseudonym = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        return try await test.vault.requestName(
            of: pseudonym,
            why: TestVault.why,
            by: TestVault.analyst
        )
    }

    @Test(
        "opens a name for every pair of roles, in both orders",
        arguments: ["s.icher", "d.schutz", "p.rat"]
    )
    func opens(_ first: String) async throws {
        for second in ["s.trenger", "d.schutz", "p.rat"] {
            let roles = [first, second].map { name in
                TestVault.holders.first { $0.holder == name }?.role
            }
            guard roles[0] != roles[1] else { continue }
            let test = try TestVault()
            let request = try await asked(test)
            let waiting = try await test.vault.approve(
                request.id,
                with: TestVault.key(first),
                by: TestVault.analyst
            )
            guard case .waiting(let others) = waiting else {
                Issue.record("one key opened a name")
                return
            }
            #expect(others.count == 2 && !others.contains(roles[0] ?? ""))
            let answer = try await test.vault.approve(
                request.id,
                with: TestVault.key(second),
                by: TestVault.analyst
            )
            #expect(answer == .revealed(name: "e.muster"))
            #expect(
                test.notes.kinds.filter { $0 != .periodOpened }
                    == [.revealRequested, .revealApproved, .revealApproved, .nameRevealed]
            )
            #expect(try await test.vault.requests().isEmpty)
            await #expect(throws: IdentityError.self) {
                try await test.vault.approve(
                    request.id,
                    with: TestVault.key("d.schutz"),
                    by: TestVault.analyst
                )
            }
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var first: String?
        let second: HolderKey
        var hours: UInt64 = 0
        let code: IdentityError.Code
        var testDescription: String { name }
    }

    @Test(
        "refuses, and records the refusal",
        arguments: [
            Case(
                name: "the same holder twice",
                first: "s.icher",
                second: TestVault.key("s.icher"),
                code: .sameRole
            ),
            Case(
                name: "another holder of the same role",
                first: "s.icher",
                second: TestVault.key("s.trenger"),
                code: .sameRole
            ),
            Case(name: "nobody's key", second: TestVault.key("e.vil"), code: .unknown),
            Case(
                name: "somebody else's key under a holder's name",
                first: "s.icher",
                second: TestVault.key("d.schutz", of: "s.icher"),
                code: .wrongKey
            ),
            Case(
                name: "a key that opens something, but not the share",
                second: HolderKey(holder: "d.schutz") { _ in [UInt8](repeating: 0, count: 32) },
                code: .wrongKey
            ),
            Case(
                name: "the second approval after the request's time",
                first: "s.icher",
                second: TestVault.key("d.schutz"),
                hours: 24,
                code: .expired
            ),
            Case(
                name: "the first approval after it",
                second: TestVault.key("d.schutz"),
                hours: 24,
                code: .expired
            ),
        ]
    )
    func refuses(_ wanted: Case) async throws {
        let test = try TestVault()
        let request = try await asked(test)
        if let first = wanted.first {
            _ = try await test.vault.approve(request.id, with: TestVault.key(first), by: TestVault.analyst)
        }
        test.time.now += wanted.hours * 3_600_000
        let error = await #expect(throws: IdentityError.self) {
            try await test.vault.approve(request.id, with: wanted.second, by: TestVault.analyst)
        }
        #expect(error?.code == wanted.code)
        #expect(test.notes.kinds.last == .revealRefused)
        #expect(!test.notes.kinds.contains(.nameRevealed))
        let reason = test.notes.all.last?.fields.first { $0.key == "reason_code" }?.value
        #expect(reason == .text(wanted.code.rawValue))
    }

    @Test("does not count an approval, nor show a name, that could not be recorded")
    func notRecorded() async throws {
        let test = try TestVault()
        let request = try await asked(test)
        test.notes.breakDown(true)
        let error = await #expect(throws: IdentityError.self) {
            try await test.vault.approve(
                request.id,
                with: TestVault.key("s.icher"),
                by: TestVault.analyst
            )
        }
        #expect(error?.code == .notRecorded)
        #expect(try await test.vault.requests().first?.approved == nil)
        test.notes.breakDown(false)
        _ = try await test.vault.approve(request.id, with: TestVault.key("s.icher"), by: TestVault.analyst)
        test.notes.breakDown(true)
        let second = await #expect(throws: IdentityError.self) {
            try await test.vault.approve(
                request.id,
                with: TestVault.key("d.schutz"),
                by: TestVault.analyst
            )
        }
        #expect(second?.code == .notRecorded)
        #expect(try await test.vault.requests().count == 1)
    }

    @Test("asks for a purpose, a case number, a possible time and a known pseudonym")
    func badRequests() async throws {
        let test = try TestVault()
        let pseudonym = try await test.vault.pseudonym(of: "e.muster", realm: .access)
        let long = String(repeating: "x", count: 201)
        for why in [
            AuditCase(purpose: "", number: "1"), AuditCase(purpose: "x", number: ""),
            AuditCase(purpose: "  ", number: "1"), AuditCase(purpose: long, number: "1"),
        ] {
            let error = await #expect(throws: IdentityError.self) {
                try await test.vault.requestName(of: pseudonym, why: why, by: TestVault.analyst)
            }
            #expect(error?.code == .noCase)
        }
        for hours: UInt64 in [0, 169, .max] {
            await #expect(throws: IdentityError.self) {
                try await test.vault.requestName(
                    of: pseudonym,
                    why: TestVault.why,
                    by: TestVault.analyst,
                    hours: hours
                )
            }
        }
        for other in ["", "p2026-11.00000000000000000000", "p2020-01.00000000000000000000", "e.muster"] {
            await #expect(throws: IdentityError.self) {
                try await test.vault.requestName(of: other, why: TestVault.why, by: TestVault.analyst)
            }
        }
        #expect(try await test.vault.requests().isEmpty)
    }

    @Test("drops what is over and what was withdrawn, with a record of each")
    func drops() async throws {
        let test = try TestVault()
        let one = try await asked(test)
        _ = try await test.vault.approve(one.id, with: TestVault.key("s.icher"), by: TestVault.analyst)
        let two = try await asked(test)
        try await test.vault.refuse(two.id, by: TestVault.analyst)
        try await test.vault.dropExpiredRequests()
        #expect(try await test.vault.requests().map(\.id) == [one.id])
        test.time.now += 24 * 3_600_000
        try await test.vault.dropExpiredRequests()
        #expect(try await test.vault.requests().isEmpty)
        #expect(test.notes.kinds.count { $0 == .revealRefused } == 2)
    }

    @Test("finds a person's pseudonyms of all months with two keys of different roles")
    func inquiry() async throws {
        let test = try TestVault()
        var expected: [String] = []
        for _ in 0..<3 {
            expected.append(try await test.vault.pseudonym(of: "e.muster", realm: .access))
            _ = try await test.vault.pseudonym(of: "k.muster", realm: .access)
            test.time.now += 31 * TestVault.day
            try await test.vault.closeFinishedPeriods()
        }
        let inquiry = try await test.vault.inquire(
            "e.muster",
            why: TestVault.why,
            with: (TestVault.key("d.schutz"), TestVault.key("p.rat")),
            by: TestVault.analyst
        )
        #expect(inquiry.pseudonyms.filter { $0.hasPrefix("p") } == expected)
        #expect(inquiry.approvers.map(\.role) == ["data-protection", "staff-council"])
        #expect(inquiry.subject.hasPrefix("q"))

        let wrong: [(String, HolderKey, HolderKey, IdentityError.Code)] = [
            ("one role", TestVault.key("s.icher"), TestVault.key("s.trenger"), .sameRole),
            ("one person", TestVault.key("s.icher"), TestVault.key("s.icher"), .sameRole),
            ("a false key", TestVault.key("s.icher"), TestVault.key("p.rat", of: "s.icher"), .wrongKey),
        ]
        for (name, left, right, code) in wrong {
            let error = await #expect(throws: IdentityError.self) {
                try await test.vault.inquire(
                    "e.muster",
                    why: TestVault.why,
                    with: (left, right),
                    by: TestVault.analyst
                )
            }
            #expect(error?.code == code, "\(name)")
            #expect(test.notes.kinds.last == .revealRefused)
        }
    }
}
