// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the service over the real store, with a restart between any two steps.

import AccessPolicy
import AuditEvents
import DaemonMessages
import Logging
import Sessions
import Synchronization
import Testing

@testable import Store

@Suite struct RestartTests {
    /// One life of the control plane: what it opens is closed before the next one begins.
    struct Life {
        let store: SQLiteStore
        let service: SessionService

        init(_ directory: TemporaryDirectory, _ clock: Clock, _ log: KeptTrail) async throws {
            let now: @Sendable () -> UInt64 = { clock.now }
            store = try SQLiteStore(path: directory.file("torhaus.db"), now: now)
            service = SessionService(
                parts: SessionParts(
                    tickets: store,
                    reasons: store,
                    webSessions: store,
                    audit: log,
                    sha256: { $0 + Array($0.reversed()) },
                    now: now,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                ),
                rules: try RestartTests.rules()
            )
        }
    }

    final class Clock: Sendable {
        private let milliseconds = Mutex<UInt64>(1_795_507_200_000)
        var now: UInt64 { milliseconds.withLock { $0 } }
        func advance(seconds: UInt64) { milliseconds.withLock { $0 += seconds * 1000 } }
    }

    static let directory = DesktopDirectory(
        desktops: [
            DesktopEntry(
                id: "a/b/c-01",
                title: "C",
                municipality: "a",
                municipalityTitle: "A",
                pool: "b",
                poolTitle: "B",
                name: "c-01",
                label: "c-01.example",
                rdp: DesktopEndpoint(host: "192.0.2.1", port: 3389)
            )
        ],
        municipalities: [.init(name: "a", groups: ["staff"])]
    )
    /// The staff may open the one desktop.
    private static func rules() throws -> RulesHolder {
        let pool = PolicyPool(name: "b", title: "B", groups: ["staff"], desktops: ["a/b/c-01"])
        let municipality = PolicyMunicipality(name: "a", title: "A", groups: ["staff"], pools: [pool])
        let policy = try AccessPolicySet(PolicyInput(municipalities: [municipality])) { "\($0.count)" }
        let rules = SessionRules(directory: directory)
        return RulesHolder(rules, decider: PolicyAccessDecider(policy, rules))
    }

    static let person = SignedInPerson(user: "erika", displayName: "", groups: ["staff"], secondFactor: .totp)

    private static func client() throws -> ClientContext {
        ClientContext(
            address: try #require(ClientAddress(bytes: [UInt8](repeating: 0, count: 16), port: 1)),
            correlation: try #require(CorrelationID(bytes: [UInt8](repeating: 1, count: 16))),
            transport: .gatewayWebSocket
        )
    }

    private static func ticket(_ life: Life) async throws -> String {
        try await life.service.issueTicket(
            for: person,
            web: WebSessionID(value: "w"),
            desktop: "a/b/c-01",
            kind: .client,
            client: client()
        ).text
    }

    private static func open(_ life: Life, _ ticket: String) async throws -> GateAnswer<SessionGrant> {
        await life.service.openSession(
            OpenSession(
                client: try client(),
                ticket: Array(ticket.utf8),
                desktopProtocol: .rdp,
                requestedNames: ["c-01.example"],
                requestedPort: 3389,
                predecessor: .none
            ),
            from: GateID(1)
        )
    }

    private static func greet(_ life: Life, _ live: [SessionID]) async {
        await life.service.gateConnected(
            GateID(1),
            hello: GateHello(version: "1", liveSessions: live),
            send: { _ in }
        )
    }

    @Test("no ticket is revived, lost or used twice by restarts between all steps")
    func restarts() async throws {
        let directory = try TemporaryDirectory()
        let clock = Clock()
        let log = KeptTrail()
        func nextLife() async throws -> Life { try await Life(directory, clock, log) }

        let text = try await { try await Self.ticket(try await nextLife()) }()
        let session =
            try await {
                let life = try await nextLife()
                guard case .granted(let grant) = try await Self.open(life, text) else {
                    Issue.record("an unused ticket was lost by a restart")
                    return nil
                }
                return grant.session
            }() as SessionID?
        let opened = try #require(session)

        // The gate carries the session over the next restart: the ticket stays in use.
        try await {
            let life = try await nextLife()
            await Self.greet(life, [opened])
            guard case .refused(let refusal) = try await Self.open(life, text) else {
                Issue.record("a ticket in use opened a second session after a restart")
                return
            }
            #expect(refusal.code == .alreadyConnected)
            #expect(
                try await life.service.why(refusal.reference, by: ActingOperator(account: "op"))?.reason
                    == "already-connected"
            )
        }()

        // The gate does not carry it over the one after: it resumes, as the same session.
        try await {
            let life = try await nextLife()
            await Self.greet(life, [])
            guard case .granted(let grant) = try await Self.open(life, text) else {
                Issue.record("a session that lost its gate could not be resumed")
                return
            }
            #expect(grant.resumes && grant.session == opened)
            let end = SessionEnded(
                session: opened,
                reason: .closedByClient,
                bytesToClient: 1,
                bytesToDesktop: 1,
                durationMilliseconds: 1,
                endedAt: clock.now
            )
            #expect(await life.service.sessionEnded(end, from: GateID(1)))
        }()

        try await {
            let life = try await nextLife()
            guard case .refused(let refusal) = try await Self.open(life, text) else {
                Issue.record("an ended ticket was revived by a restart")
                return
            }
            #expect(refusal.code == .ticketInvalid)
        }()

        // The log outlives every life of the control plane.
        #expect(log.names.count { $0 == "session.opened" } == 1)
        #expect(log.names.count { $0 == "session.ended" } == 1)
    }
}

/// Stands for the audit log, which is another process.
final class KeptTrail: AuditTrail {
    private let events = Mutex([AuditEvent]())

    var names: [String] { events.withLock { $0.map(\.name) } }

    func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt {
        AuditReceipt(
            index: events.withLock { events in
                events.append(event)
                return UInt64(events.count - 1)
            }
        )
    }
}
