// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the one place where tickets, rules, gates and the audit log meet.

package import AuditEvents
package import DaemonMessages
package import Logging

/// Basic credentials answered without a person: user, secret, client.
package typealias BasicSignIn = @Sendable (String, [UInt8], ClientContext) async -> BasicOutcome

/// What a conversation with Basic credentials came to.
package struct BasicOutcome: Sendable {
    /// Who may come in; nil when the credentials are wrong, or not enough.
    package var person: SignedInPerson?
    /// Whose expired password was changed on the way, whether or not she may come in.
    package var changed: SignedInPerson?

    /// Nobody, and nothing changed, unless it is said.
    package init(person: SignedInPerson? = nil, changed: SignedInPerson? = nil) {
        self.person = person
        self.changed = changed
    }
}

/// What the service is made of.
package struct SessionParts: Sendable {
    package var tickets: any TicketStore
    package var reasons: any ReasonStore
    package var webSessions: any WebSessionStore
    package var audit: any AuditTrail
    package var sha256: TicketHash
    /// Milliseconds since 1970.
    package var now: @Sendable () -> UInt64
    package var random: any RandomSource
    /// Nil when Basic is not wired at all.
    package var basicSignIn: BasicSignIn?
    /// Whether a name is a user's, so that failed sign-ins may name her; a wrong name is often a password.
    package var knowsUser: @Sendable (String) async -> Bool
    /// The NSS groups a user is in now, nil for no such user; throws when that cannot be found out.
    package var groups: (@Sendable (String) async throws -> [String]?)?
    package var logger: Logger

    package init(
        tickets: any TicketStore,
        reasons: any ReasonStore,
        webSessions: any WebSessionStore,
        audit: any AuditTrail,
        sha256: @escaping TicketHash,
        now: @escaping @Sendable () -> UInt64,
        random: any RandomSource = SystemRandomSource(),
        basicSignIn: BasicSignIn? = nil,
        knowsUser: @escaping @Sendable (String) async -> Bool = { _ in false },
        groups: (@Sendable (String) async throws -> [String]?)? = nil,
        logger: Logger
    ) {
        self.tickets = tickets
        self.reasons = reasons
        self.webSessions = webSessions
        self.audit = audit
        self.sha256 = sha256
        self.now = now
        self.random = random
        self.basicSignIn = basicSignIn
        self.knowsUser = knowsUser
        self.groups = groups
        self.logger = logger
    }
}

/// Issues tickets, opens sessions with them, and follows sessions to their end.
///
/// What must survive a restart is in the store, and every change there says which version it saw; the actor
/// itself only remembers which gate carries which session. Its methods may interleave at every `await`.
package actor SessionService {
    let parts: SessionParts
    let holder: RulesHolder
    /// Gates that are connected now.
    var gates: [GateID: GateLine] = [:]
    /// Which connected gate carries a session, by the session's bytes.
    var owners: [[UInt8]: GateID] = [:]
    /// Since when a running session has had no gate.
    var orphanedAt: [[UInt8]: UInt64] = [:]
    /// Web sessions that ended, so that a ticket whose making was under way does not outlive them.
    var endedWebs: [WebSessionID: EndedWeb] = [:]
    /// Sessions that must end: their gate is told again and again until they do.
    var terminations: [[UInt8]: TerminationReason] = [:]
    /// When a running session last kept its web session alive.
    var touchedAt: [WebSessionID: UInt64] = [:]
    /// What was found out about running sessions' right to go on.
    var watches: [[UInt8]: SessionWatch] = [:]
    /// Everybody with a running session, by user name.
    var atWork: [String: SignedInPerson] = [:]
    /// The groups people were in when they were last looked up.
    var lookedUp: [String: LookedUpGroups] = [:]
    /// Rules that could not be evaluated, to be recorded with the next tick, and those that have been.
    var faults: [PolicyFaultNote] = []
    var recordedFaults: Set<PolicyFaultNote> = []
    var checkedAt: UInt64 = 0
    /// When the next running session has to be looked at.
    var checkDueAt: UInt64 = 0
    /// The rules that all running sessions were looked at with.
    var checkedGeneration: UInt64 = 0
    var purgedAt: UInt64 = 0

    /// A connected gate.
    struct GateLine {
        let version: String
        let send: @Sendable (ControlToGate) -> Void
    }

    struct EndedWeb {
        let at: UInt64
        /// All of its tickets have been revoked in the store.
        var revoked: Bool
    }

    package init(parts: SessionParts, rules: RulesHolder) {
        self.parts = parts
        self.holder = rules
    }

    // MARK: For every part of the service

    /// Tries for one change before giving up; losing this often means that something loops.
    static let attempts = 16

    /// Reads, changes and stores a ticket, again if somebody interferes; nil when `change` declines.
    func amend(
        _ hash: [UInt8],
        _ change: (inout TicketRecord) -> Bool
    ) async throws -> TicketRecord? {
        for _ in 0..<Self.attempts {
            guard var record = try await parts.tickets.ticket(hash: hash) else { return nil }
            guard change(&record) else { return nil }
            if try await parts.tickets.replace(record) {
                record.version += 1
                return record
            }
        }
        throw SessionError.contended
    }

    /// Records what has happened anyway; what must not happen unrecorded calls `append` itself.
    func note(_ event: AuditEvent) async {
        do {
            _ = try await parts.audit.append(event)
        } catch {
            parts.logger.error("not recorded: \(event.code) \(event.name): \(error.reason)")
        }
    }

    /// Tells the gate that carries a session; false when none does.
    func tellOwner(of session: [UInt8], _ message: ControlToGate) -> Bool {
        guard let owner = owners[session], let gate = gates[owner] else { return false }
        gate.send(message)
        return true
    }

    func desktop(of record: TicketRecord) -> DesktopEntry? {
        record.desktop.flatMap { holder.current.rules.directory.desktop($0) }
    }
}

/// Why the service could not do something, where no person is told.
package enum SessionError: Error, Sendable, Hashable {
    /// Others changed the same ticket all the time.
    case contended
    /// The random source gave the wrong number of bytes.
    case noRandomness
}
