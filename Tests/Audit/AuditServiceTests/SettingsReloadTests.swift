// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of new days of retention for a log that runs.

import AuditEvents
import AuditIdentity
import DaemonSettings
import Foundation
import Synchronization
import Testing

@testable import AuditService

@Suite("settings that are read again")
struct SettingsReloadTests {
    private static let origin = "log.example/2026"
    private static let days = AuditRetentionDays(access: 40, security: 50)

    /// What the file says, and what was recorded.
    private final class Desk: Sendable {
        let file = Mutex<Result<AuditSettings, SettingsError>>(.success(settings()))
        let recorded = Mutex<[AuditEvent]>([])
        let isWritable = Mutex(true)

        var events: [AuditEvent] { recorded.withLock { $0 } }

        func keeper() -> (keeper: SettingsKeeper, reload: SettingsReload) {
            let reload = SettingsReload { [self] in try file.withLock { $0 }.get() }
            let keeper = SettingsKeeper(settings(), origin: origin, reload: reload) { event in
                guard self.isWritable.withLock({ $0 }) else { return false }
                self.recorded.withLock { $0.append(event) }
                return true
            }
            return (keeper, reload)
        }

        func write(_ settings: AuditSettings) { file.withLock { $0 = .success(settings) } }
    }

    private static func settings(
        _ days: AuditRetentionDays = AuditRetentionDays(),
        heartbeat: Int = 300
    ) -> AuditSettings {
        AuditSettings(origin: "log.example", heartbeatSeconds: heartbeat, retention: days)
    }

    @Test("nothing is read until somebody asks")
    func unasked() {
        let desk = Desk()
        var (keeper, _) = desk.keeper()
        desk.write(Self.settings(Self.days))
        #expect(keeper.look(origin: Self.origin) == nil)
        #expect(desk.events.isEmpty)
    }

    @Test("new days hold once they are on record, and are told once")
    func changed() {
        let desk = Desk()
        var (keeper, reload) = desk.keeper()
        desk.write(Self.settings(Self.days))
        reload.request()
        reload.request()
        #expect(keeper.look(origin: Self.origin) == RetentionRules(Self.days))
        #expect(keeper.look(origin: Self.origin) == nil)
        let event = AuditEvent.retentionChanged(origin: Self.origin, retention: Self.days.description)
        #expect(desk.events == [event])
        // The same again changes nothing.
        reload.request()
        #expect(keeper.look(origin: Self.origin) == nil)
        #expect(desk.events == [event])
    }

    @Test("days that cannot be recorded do not hold, and may be asked for again")
    func unrecorded() {
        let desk = Desk()
        var (keeper, reload) = desk.keeper()
        desk.write(Self.settings(Self.days))
        desk.isWritable.withLock { $0 = false }
        reload.request()
        #expect(keeper.look(origin: Self.origin) == nil)
        #expect(keeper.inForce == Self.settings())
        desk.isWritable.withLock { $0 = true }
        reload.request()
        #expect(keeper.look(origin: Self.origin) == RetentionRules(Self.days))
    }

    @Test("a file with mistakes leaves everything as it is, and each is recorded")
    func mistakes() throws {
        let desk = Desk()
        var (keeper, reload) = desk.keeper()
        let good = Self.settings().rendered
        let text = good.replacing("retain_access_days = 90", with: "retain_access_days = 6")
        let error = try #require(throws: SettingsError.self) {
            try AuditSettings(text: text + "\nnonsense = 1\n")
        }
        desk.file.withLock { $0 = .failure(error) }
        reload.request()
        #expect(keeper.look(origin: Self.origin) == nil)
        #expect(keeper.inForce == Self.settings())
        #expect(desk.events.count == 2)
        #expect(desk.events.allSatisfy { $0.kind == .configurationRejected })
    }

    @Test("days that no file can have are refused here too")
    func impossible() {
        let desk = Desk()
        var (keeper, reload) = desk.keeper()
        desk.write(Self.settings(AuditRetentionDays(access: 0)))
        reload.request()
        #expect(keeper.look(origin: Self.origin) == nil)
        #expect(desk.events.map(\.kind) == [.configurationRejected])
    }

    @Test("other settings wait for a restart, and the days beside them do not")
    func others() {
        let desk = Desk()
        var (keeper, reload) = desk.keeper()
        desk.write(Self.settings(Self.days, heartbeat: 77))
        reload.request()
        #expect(keeper.look(origin: Self.origin) == RetentionRules(Self.days))
        #expect(keeper.inForce == Self.settings(Self.days))
    }

    @Test("a new year's log is told the days that were changed before it began")
    func newYear() {
        let desk = Desk()
        var (keeper, reload) = desk.keeper()
        #expect(keeper.look(origin: "log.example/2027") == nil)
        #expect(desk.events.isEmpty)
        desk.write(Self.settings(Self.days))
        reload.request()
        _ = keeper.look(origin: "log.example/2027")
        _ = keeper.look(origin: "log.example/2028")
        _ = keeper.look(origin: "log.example/2028")
        let origins = ["log.example/2027", "log.example/2028"]
        #expect(
            desk.events == origins.map { .retentionChanged(origin: $0, retention: Self.days.description) }
        )
    }

    @Test("a running log takes new days and goes on")
    func running() throws {
        let service = try TestService()
        var next = service.settings
        next.retention = Self.days
        let settings = next
        let reload = SettingsReload { settings }
        try service.start(reload: reload)
        reload.request()
        func isTold() -> Bool {
            guard let records = try? service.records() else { return false }
            return records.contains { $0.name == "configuration.loaded" }
        }
        let end = ContinuousClock.now + .seconds(10)
        while !isTold(), ContinuousClock.now < end { usleep(20_000) }
        service.stop()
        let record = try #require(try service.records().last { $0.name == "configuration.loaded" })
        #expect(record.text(.retentionDays) == Self.days.description)
    }
}
