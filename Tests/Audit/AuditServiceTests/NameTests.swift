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
    private static func signIn(of name: String) -> AuditEvent {
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

    private func vault(_ service: TestService) throws -> IdentityVault {
        let names = try #require(service.settings.names)
        let file = try SmallFile.read(names.holders, limit: HolderRegister.fileLimit)
        return try IdentityVault(
            folder: names.directory,
            register: try HolderRegister(json: file, calls: .system),
            now: { Clock.wallMilliseconds() },
            record: { _ in }
        )
    }

    private func until(_ condition: () throws -> Bool) async throws {
        for _ in 0..<600 {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not come to pass")
    }
}
