// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a small county with a service, a gate and a clock, for the tests of the service.

import AccessPolicy
import AuditEvents
import DaemonMessages
import Logging
import Synchronization
import Testing

@testable import Sessions

/// Everything a test of the service needs.
final class County: Sendable {
    let store = MemoryStore()
    let audit = MemoryAudit()
    /// Tuesday 24 November 2026, 09:00 in Berlin.
    let clock = ManualClock(1_795_507_200_000)
    let gate = RecordingGate()
    let holder: RulesHolder
    let service: SessionService

    /// What the look-up of groups answers; nobody when empty.
    let groups = ScriptedGroups()

    init(
        _ change: (inout SessionRules) -> Void = { _ in },
        policy: PolicyInput = policy,
        basic: BasicSignIn? = nil
    ) {
        var rules = SessionRules(version: "v1", directory: Self.directory)
        change(&rules)
        holder = RulesHolder(rules, decider: PolicyAccessDecider.of(policy, rules))
        let groups = groups
        let clock = clock
        service = SessionService(
            parts: SessionParts(
                tickets: store,
                reasons: store,
                webSessions: store,
                audit: audit,
                sha256: { $0 + Array($0.reversed()) },
                now: { clock.now },
                random: CountingRandom(),
                basicSignIn: basic,
                knowsUser: { $0 == "erika" },
                groups: { try groups.answer($0) },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ),
            rules: holder
        )
    }

    /// The same county after a restart of the control plane: a new service, the same store.
    func restarted() -> SessionService {
        let clock = clock
        return SessionService(
            parts: SessionParts(
                tickets: store,
                reasons: store,
                webSessions: store,
                audit: audit,
                sha256: { $0 + Array($0.reversed()) },
                now: { clock.now },
                random: CountingRandom(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ),
            rules: holder
        )
    }

    // MARK: People and places

    static let erika = SignedInPerson(
        user: "erika",
        displayName: "Erika Mustermann",
        groups: ["gemeinde-rhoenblick", "rb-buero"],
        secondFactor: .totp
    )
    static let stranger = SignedInPerson(
        user: "fremd",
        displayName: "",
        groups: ["users"],
        secondFactor: .totp
    )
    static let web = WebSessionID(value: "w1")

    static let directory = DesktopDirectory(
        desktops: [
            desktop(
                "talheim",
                "Talheim",
                "amt",
                "th-01",
                "Arbeitsplatz 1"
            ),
            desktop("rhoenblick", "Rhönblick", "buero", "rb-10", "Arbeitsplatz 10"),
            desktop("rhoenblick", "Rhönblick", "buero", "rb-02", "Arbeitsplatz 2"),
            desktop("rhoenblick", "Rhönblick", "kasse", "rk-01", "Kasse"),
            desktop(
                "rhoenblick",
                "Rhönblick",
                "abend",
                "ra-01",
                "Abenddienst"
            ),
        ],
        municipalities: [
            .init(name: "rhoenblick", groups: ["gemeinde-rhoenblick"]),
            .init(name: "talheim", groups: ["gemeinde-talheim"]),
        ]
    )

    static func desktop(
        _ municipality: String,
        _ title: String,
        _ pool: String,
        _ name: String,
        _ label: String
    ) -> DesktopEntry {
        DesktopEntry(
            id: "\(municipality)/\(pool)/\(name)",
            title: label,
            municipality: municipality,
            municipalityTitle: title,
            pool: pool,
            poolTitle: pool,
            name: name,
            label: "\(name).desktops.example",
            rdp: DesktopEndpoint(host: "10.20.1.11", port: 3390),
            vnc: DesktopEndpoint(host: "10.20.1.11", port: 5901)
        )
    }

    static func client(
        _ last: UInt8 = 7,
        transport: ClientTransport = .gatewayWebSocket,
        network: UInt8 = 2
    ) throws -> ClientContext {
        let address = [UInt8](repeating: 0, count: 10) + [255, 255, 192, 0, network, last]
        return ClientContext(
            address: try #require(ClientAddress(bytes: address, port: 50_000)),
            correlation: try #require(CorrelationID(bytes: [UInt8](repeating: last, count: 16))),
            transport: transport
        )
    }

    // MARK: Steps

    func ticket(
        _ desktop: String = "rhoenblick/buero/rb-10",
        kind: OpeningKind = .client,
        person: SignedInPerson = erika
    ) async throws -> String {
        try await service.issueTicket(
            for: person,
            web: Self.web,
            desktop: desktop,
            kind: kind,
            client: Self.client(transport: .browser)
        ).text
    }

    func connectGate(_ id: GateID = GateID(1), live: [SessionID] = []) async {
        let gate = gate
        await service.gateConnected(
            id,
            hello: GateHello(version: "1.0", liveSessions: live),
            send: { gate.note($0) }
        )
    }

    /// Puts other rules in force, as a reload does.
    func reload(_ policy: PolicyInput, version: String = "v2") {
        var rules = holder.current.rules
        rules.version = version
        holder.replace(rules, decider: PolicyAccessDecider.of(policy, rules))
    }

    func open(
        _ ticket: String,
        from client: ClientContext? = nil,
        name: String = "rb-10.desktops.example",
        port: UInt16 = 3389,
        predecessor: Predecessor = .none,
        gate: GateID = GateID(1)
    ) async throws -> GateAnswer<SessionGrant> {
        await service.openSession(
            OpenSession(
                client: try client ?? Self.client(),
                ticket: Array(ticket.utf8),
                desktopProtocol: .rdp,
                requestedNames: [name],
                requestedPort: port,
                predecessor: predecessor
            ),
            from: gate
        )
    }

    /// Opens a session and lets the desktop answer.
    func connected(_ ticket: String) async throws -> SessionGrant {
        let grant = try granted(try await open(ticket))
        await service.sessionStarted(
            SessionStarted(session: grant.session, connectedTo: "10.20.1.11:3390"),
            from: GateID(1)
        )
        return grant
    }

    func end(_ session: SessionID, _ reason: SessionEndReason, at: UInt64? = nil) -> SessionEnded {
        SessionEnded(
            session: session,
            reason: reason,
            bytesToClient: 100,
            bytesToDesktop: 10,
            durationMilliseconds: 1000,
            endedAt: at ?? clock.now
        )
    }

    func state() async throws -> TicketStanding? { store.allTickets.first?.standing }
}

/// The grant, or a failed test.
func granted<Grant>(_ answer: GateAnswer<Grant>) throws -> Grant {
    switch answer {
    case .granted(let grant): return grant
    case .refused(let refusal):
        Issue.record("refused: \(refusal.code) \(refusal.text)")
        throw StoreIsDown()
    }
}

extension GateAnswer {
    /// The refusal's code, nil for grants.
    var code: RefusalCode? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }
}

/// What a gate was told.
final class RecordingGate: Sendable {
    private let state = Mutex<[ControlToGate]>([])

    var messages: [ControlToGate] { state.withLock { $0 } }

    /// Only the ends.
    var ends: [ControlToGate] {
        messages.filter { if case .terminate = $0 { true } else { false } }
    }

    /// Only the texts for people.
    var texts: [String] {
        messages.compactMap { if case .serviceMessage(_, let text) = $0 { text } else { nil } }
    }

    func note(_ message: ControlToGate) { state.withLock { $0.append(message) } }
}

/// What NSS says of people's groups.
final class ScriptedGroups: Sendable {
    private let state = Mutex<(names: [String: [String]], asked: Int)>(([:], 0))

    var asked: Int { state.withLock { $0.asked } }

    func set(_ user: String, _ names: [String]) { state.withLock { $0.names[user] = names } }

    /// Throws for people nothing was said of, as when the service is away.
    func answer(_ user: String) throws -> [String]? {
        let names = state.withLock { state in
            state.asked += 1
            return state.names[user]
        }
        guard let names else { throw StoreIsDown() }
        return names
    }
}
