// SPDX-License-Identifier: EUPL-1.2
// Torhaus: no name of a person gets behind the intake.

import AuditClient
import AuditEvents
import AuditIdentity
import AuditLog
import DaemonSettings
import Foundation
import LinuxKit
import Testing

@Suite("names in the audit service", .serialized)
struct NameTests {
    private static let holders = Result { try TestHolders() }

    /// Something that needs its record, and so waits nowhere.
    static func signIn(of name: String) -> AuditEvent {
        .signInSucceeded(
            AuditSubject(municipality: "rhoenblick", actor: name, actorKind: .person),
            factors: ["password"],
            webSession: "w",
            connection: AuditConnection()
        )
    }

    @Test("each person has one pseudonym, in order, and two holders find the name")
    func replaced() async throws {
        let holders = try Self.holders.get()
        let service = try TestService(holders: holders)
        try service.start()
        let client = try service.client()
        for number in 0..<60 { _ = try await client.append(Self.signIn(of: "person\(number % 3)")) }
        _ = try await client.append(.plain(1))
        service.stop()

        let records = try service.records()
        let signIns = records.filter { $0.kind == .signInSucceeded }
        let actors = signIns.compactMap { $0.text(.actor) }
        #expect(actors.count == 60 && Set(actors).count == 3)
        #expect(actors.enumerated().allSatisfy { $0.element == actors[$0.offset % 3] })
        #expect(actors.allSatisfy { PseudonymPeriod(ofPseudonym: $0)?.realm == .access })
        #expect(records.allSatisfy { $0.salt.utf8.count == 32 })
        #expect(Set(records.map(\.salt)).count == records.count)
        #expect(records.contains { $0.kind == .periodOpened })
        #expect(try service.verify().isGood)
        let vault = try vault(service)
        let why = AuditCase(purpose: "a test", number: "1")
        let request = try await vault.requestName(of: actors[1], why: why, by: .system)
        _ = try await vault.approve(request.id, with: holders.keys[0], by: .system)
        let answer = try await vault.approve(request.id, with: holders.keys[1], by: .system)
        #expect(answer == .revealed(name: "person1"))
        for file in try FileManager.default.subpathsOfDirectory(atPath: service.settings.logDirectory) {
            let path = "\(service.settings.logDirectory)/\(file)"
            guard let bytes = FileManager.default.contents(atPath: path) else { continue }
            #expect(bytes.range(of: Data("person1".utf8)) == nil, "\(file)")
        }
    }

    @Test("many new people at once each have their name in the map when they have their receipt")
    func manyAtOnce() async throws {
        let service = try TestService(holders: try Self.holders.get())
        try service.start()
        let client = try service.client()
        let others = try service.client(spool: false)
        // Two lines, so that people come in one batch, and the same person twice.
        try await withThrowingTaskGroup { group in
            for number in 0..<400 {
                let line = number.isMultiple(of: 2) ? client : others
                group.addTask { _ = try await line.append(Self.signIn(of: "person\(number / 2 * 2 % 300)")) }
            }
            try await group.waitForAll()
        }
        // What another process sees now is what a crash would leave.
        let vault = try vault(service)
        service.stop()
        let signIns = try service.records().filter { $0.kind == .signInSucceeded }
        let actors = signIns.compactMap { $0.text(.actor) }
        #expect(actors.count == 400 && Set(actors).count == 150)
        let why = AuditCase(purpose: "a test", number: "1")
        for actor in Set(actors) { _ = try await vault.requestName(of: actor, why: why, by: .system) }
        #expect(try service.verify().isGood)
    }

    @Test("what an operator's command replaced already stays as it is")
    func replacedAlready() async throws {
        let service = try TestService(holders: try Self.holders.get())
        try service.start()
        let client = try service.client()
        let pseudonym = "p2026-11.0123456789abcdef0123"
        _ = try await client.append(Self.signIn(of: pseudonym))
        service.stop()
        #expect(try service.records().last { $0.kind == .signInSucceeded }?.text(.actor) == pseudonym)
    }

    @Test("a name that cannot be sealed is refused with its record, and everything else goes on")
    func unsealed() async throws {
        let service = try TestService(holders: try Self.holders.get())
        try service.start()
        let client = try service.client()
        _ = try await client.append(.plain(0))
        let names = try #require(service.settings.names).directory
        // The month's keys cannot be made where a file lies instead of their folder.
        try FileManager.default.removeItem(atPath: "\(names)/keys")
        try Data().write(to: URL(filePath: "\(names)/keys"))
        await #expect(throws: AuditFailure.self) { try await client.append(Self.signIn(of: "erika")) }
        _ = try await client.append(.plain(1))
        try await until { !client.isAvailable }
        try FileManager.default.removeItem(atPath: "\(names)/keys")
        try FileManager.default.createDirectory(atPath: "\(names)/keys", withIntermediateDirectories: false)
        _ = try await client.append(Self.signIn(of: "erika"))
        service.stop()
        let records = try service.records()
        #expect(records.count { $0.kind == .signInSucceeded } == 1)
        #expect(records.allSatisfy { $0.text(.actor) != "erika" })
    }

    @Test("a month is destroyed by the days of the settings", arguments: [(7, true), (90, false)])
    func retention(days: Int, isDestroyed: Bool) async throws {
        let service = try TestService(
            retention: AuditRetentionDays(access: days, security: days, operation: 400),
            holders: try Self.holders.get()
        )
        // Its month ended ten days ago at least, and forty at most.
        let then = Clock.wallMilliseconds() - 40 * 86_400_000
        let vault = try vault(service, now: then)
        let pseudonym = try await vault.pseudonym(of: "erika", realm: .access)
        try vault.close()
        let period = try #require(PseudonymPeriod(ofPseudonym: pseudonym)).description
        try service.start()
        let names = try #require(service.settings.names).directory
        // Both are closed; only one is over.
        try await until { !FileManager.default.fileExists(atPath: "\(names)/keys/\(period).pseudonym") }
        if isDestroyed {
            try await until { !FileManager.default.fileExists(atPath: "\(names)/keys/\(period).map") }
        }
        service.stop()
        #expect(FileManager.default.fileExists(atPath: "\(names)/keys/\(period).map") != isDestroyed)
        let records = try service.records()
        #expect(records.contains { $0.kind == .periodDestroyed } == isDestroyed)
        let opened = try #require(records.first { $0.kind == .logOpened })
        #expect(
            opened.text(.retentionDays)
                == "access \(days)d, security \(days)d, operation 400d, accountability 1095d"
        )
    }

    @Test("the settings' days are those of the catalogue unless a file says otherwise")
    func standardDays() {
        let days = AuditRetentionDays()
        let rules = RetentionRules(
            access: days.access,
            security: days.security,
            operation: days.operation,
            accountability: days.accountability
        )
        let classes = AuditRetention.allCases
        #expect(rules.map { classes.map($0.days) } == classes.map(\.defaultDays))
        // Every bound is one that the rules take, so that no valid file stops the log.
        for bounds in [
            SettingsLimits.personRetentionDays, SettingsLimits.operationRetentionDays,
            SettingsLimits.accountabilityRetentionDays,
        ] {
            for days in [bounds.lowerBound, bounds.upperBound] {
                var rules = RetentionRules()
                let isTaken = rules.set(.access, days: days)
                #expect(isTaken)
            }
        }
    }

    private func vault(
        _ service: TestService,
        now: UInt64 = Clock.wallMilliseconds()
    ) throws -> IdentityVault {
        let names = try #require(service.settings.names)
        let file = try SmallFile.read(names.holders, limit: HolderRegister.fileLimit)
        return try IdentityVault(
            folder: names.directory,
            register: try HolderRegister(json: file, calls: .system),
            now: { now },
            record: { _ in }
        )
    }
}
