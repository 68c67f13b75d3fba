// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the way from a ticket to a connected desktop, and what is counted and limited on the way back.

internal import DaemonMessages
internal import DaemonSettings
internal import LinuxKit

/// What a session tells the connection it belongs to.
enum SessionProgress {
    case waiting
    case refused(DecisionFailure)
    case unreachable
    case connected
}

/// One opening of one desktop; the same for native clients and browsers.
final class DesktopSession {
    let ticket: TicketKey
    private(set) var grant: SessionGrant?
    private(set) var isRunning = false
    var bytesToClient: UInt64 = 0
    var bytesToDesktop: UInt64 = 0
    /// When the person last did something: bytes that the client itself sent for the desktop.
    var lastActivity: UInt64 = 0

    private let question: OpenSession
    private var connector: DesktopConnector?
    private var startedAt: UInt64 = 0
    private var connectBy = UInt64.max
    private var reauthenticateBy = UInt64.max
    private var isReported = false

    init(_ question: OpenSession) {
        self.question = question
        ticket = TicketKey(ticket: question.ticket)
    }

    // MARK: Opening

    /// Asks whether a connection with the same ticket still lives, else the control plane at once.
    func begin(_ connection: Connection, _ loop: RelayLoop) {
        if let old = loop.services.registry.connection(of: ticket), old != connection.address {
            loop.services.post(.probe(old.connection, asker: connection.address), to: old.loop)
        } else {
            ask(.none, connection, loop)
        }
    }

    /// Goes on after the old connection, the control plane or the resolver has answered.
    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) -> SessionProgress {
        switch message {
        case .predecessor(_, let predecessor):
            ask(predecessor, connection, loop)
            return .waiting
        case .sessionDecision(_, .failure(let failure)):
            return .refused(failure)
        case .sessionDecision(_, .success(let grant)):
            granted(grant, connection, loop)
            return .waiting
        case .resolved(_, let addresses):
            connector = DesktopConnector(addresses)
            return progress(connection, loop)
        default:
            return .waiting
        }
    }

    /// Looks at the connect attempts; call on their events and when `deadline` has passed.
    func progress(_ connection: Connection, _ loop: RelayLoop) -> SessionProgress {
        guard let connector else { return connectBy <= loop.now ? .unreachable : .waiting }
        switch connector.progress(connection, loop) {
        case .waiting where connectBy <= loop.now:
            connector.cancel(loop)
            self.connector = nil
            return .unreachable
        case .waiting:
            return .waiting
        case .failed:
            self.connector = nil
            return .unreachable
        case .connected(let peer, let address):
            self.connector = nil
            connected(peer, address, connection, loop)
            return .connected
        }
    }

    private func ask(_ predecessor: Predecessor, _ connection: Connection, _ loop: RelayLoop) {
        var question = question
        question.predecessor = predecessor
        loop.services.link.ask(question, for: connection.address)
    }

    private func granted(_ grant: SessionGrant, _ connection: Connection, _ loop: RelayLoop) {
        self.grant = grant
        startedAt = loop.now
        connectBy = loop.now + UInt64(max(1, loop.services.settings.connectSeconds)) * 1_000
        let previous = loop.services.registry.enter(grant.session, ticket: ticket, at: connection.address)
        if let previous { loop.services.post(.end(previous.connection, .replaced), to: previous.loop) }
        let services = loop.services
        let address = connection.address
        services.resolver.resolve(
            ResolverPool.Job(endpoints: grant.endpoints.map { ($0.host, $0.port) }) { addresses in
                services.post(.resolved(address.connection, addresses), to: address.loop)
            }
        )
    }

    private func connected(
        _ peer: PeerSocket,
        _ address: NetworkAddress,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        guard let grant else { return }
        peer.interest = .read
        connection.peer = peer
        _ = loop.watch(peer.fd, .read, .peer, of: connection)
        isRunning = true
        connectBy = .max
        lastActivity = loop.now
        if 0 < grant.reauthenticateSeconds {
            reauthenticateBy = loop.now + UInt64(grant.reauthenticateSeconds) * 1_000
        }
        loop.services.link.tell(SessionStarted(session: grant.session, connectedTo: address.description))
    }

    // MARK: Limits

    /// The next moment at which `limit` or `progress` has something to say.
    var deadline: UInt64 {
        guard isRunning else { return min(connectBy, connector?.wakesAt ?? .max) }
        return min(idleDeadline, longestDeadline, reauthenticateBy)
    }

    private var idleDeadline: UInt64 {
        guard let seconds = grant?.idleSeconds, 0 < seconds else { return .max }
        return lastActivity + UInt64(seconds) * 1_000
    }

    private var longestDeadline: UInt64 {
        guard let seconds = grant?.remainingSeconds, 0 < seconds else { return .max }
        return startedAt + UInt64(seconds) * 1_000
    }

    /// The limit that is reached, if one is.
    func limit(now: UInt64) -> SessionEndReason? {
        guard isRunning else { return nil }
        if longestDeadline <= now { return .sessionLimit }
        return idleDeadline <= now ? .idleLimit : nil
    }

    /// True once each time the client has to prove itself again.
    func isReauthenticationDue(now: UInt64) -> Bool {
        guard isRunning, reauthenticateBy <= now, let seconds = grant?.reauthenticateSeconds else {
            return false
        }
        reauthenticateBy = now + UInt64(seconds) * 1_000
        return true
    }

    // MARK: Ending

    /// Reports the end, once; releases the desktop.
    func finish(_ reason: SessionEndReason, _ connection: Connection, _ loop: RelayLoop) {
        connector?.cancel(loop)
        connector = nil
        if let peer = connection.peer {
            loop.unwatch(peer.fd)
            connection.peer = nil
            connection.backlog = Backlog()
        }
        isRunning = false
        guard let grant, !isReported else { return }
        isReported = true
        if reason == .desktopUnreachable {
            // Said apart from the end, so that the desktop's own record of being unreachable is made.
            loop.services.link.tell(SessionStarted(session: grant.session, connectedTo: ""))
        }
        // The end is queued before the registry forgets: a reconnect that finds no predecessor asks after it.
        defer { loop.services.registry.leave(grant.session, ticket: ticket, at: connection.address) }
        loop.services.link.tell(
            SessionEnded(
                session: grant.session,
                reason: reason,
                bytesToClient: bytesToClient,
                bytesToDesktop: bytesToDesktop,
                durationMilliseconds: loop.now - min(startedAt, loop.now),
                endedAt: Clock.wallMilliseconds()
            )
        )
    }

    /// A grant for a client that is no longer there.
    static func reportUnused(_ grant: SessionGrant, _ services: GateServices) {
        services.link.tell(
            SessionEnded(
                session: grant.session,
                reason: .clientGone,
                bytesToClient: 0,
                bytesToDesktop: 0,
                durationMilliseconds: 0,
                endedAt: Clock.wallMilliseconds()
            )
        )
    }
}
