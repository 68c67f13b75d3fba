// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a running session's right to go on: asked again when rules, groups or the hour change, with a warning before it closes.

internal import AuditEvents
internal import DaemonMessages

/// What is known about one running session; good until something changes or its time is over.
struct SessionWatch {
    let generation: UInt64
    let groups: [String]
    let client: AccessClient
    let desktop: DesktopEntry?
    let longestSeconds: UInt32
    /// When the hours of the rules will end the session, milliseconds since 1970; nil as far as is known.
    let closesAt: UInt64?
    /// Milliseconds since 1970.
    let askAgainAt: UInt64
    /// How many of the warnings before `closesAt` were given.
    var warnings = 0

    /// Minutes before the end at which people are warned.
    static let warningMinutes: [UInt64] = [15, 2]
    private static let minute: UInt64 = 60_000

    /// How many warnings are due by now.
    func dueWarnings(_ now: UInt64) -> Int {
        guard let closesAt, now < closesAt else { return 0 }
        return Self.warningMinutes.count { closesAt - now <= $0 * Self.minute }
    }

    /// The next moment at which there is something to do.
    func dueAt() -> UInt64 {
        guard let closesAt, warnings < Self.warningMinutes.count else { return askAgainAt }
        let early = Self.warningMinutes[warnings] * Self.minute
        return min(askAgainAt, closesAt - min(closesAt, early))
    }
}

extension SessionService {
    /// How far ahead closing hours are looked for.
    private static let outlookMilliseconds: UInt64 = 1_800_000
    /// How often they are looked for: what closes is seen at least 15 minutes before.
    private static let askAgainMilliseconds: UInt64 = 900_000

    /// Rules, hours, groups and limits hold during a session too.
    func checkAccess(
        _ ticket: TicketRecord,
        _ session: SessionRecord,
        _ id: SessionID,
        _ now: UInt64
    ) async {
        do {
            var watch = try watch(ticket, session, now)
            warn(&watch, ticket, id, now)
            watches[session.id] = watch
            checkDueAt = min(checkDueAt, watch.dueAt())
            let limit = (UInt64(watch.longestSeconds) + Self.limitSlackSeconds) * 1000
            if 0 < watch.longestSeconds, session.openedAt + limit <= now {
                _ = tellOwner(of: session.id, .terminate(id, reason: .sessionLimit))
            }
        } catch {
            watches[session.id] = nil
            if terminations[session.id] == nil { await withdraw(error, ticket, id) }
        }
        if let reason = terminations[session.id] {
            _ = tellOwner(of: session.id, .terminate(id, reason: reason))
        }
    }

    // MARK: Asking

    /// Asks the rules, unless nothing can have changed; throws the refusal.
    private func watch(
        _ ticket: TicketRecord,
        _ session: SessionRecord,
        _ now: UInt64
    ) throws -> SessionWatch {
        let inForce = holder.current
        let (desktop, client) = (desktop(of: ticket), ticket.client)
        let groups = current(ticket.person).groups
        let known = watches[session.id]
        if let known, known.generation == inForce.generation, known.groups == groups, known.client == client,
            known.desktop == desktop, now < known.askAgainAt
        {
            return known
        }
        let access = try decide(.keepSession, ticket.person, desktop, client, ticket: ticket)
        let request = request(
            .keepSession,
            ticket.person,
            desktop,
            client,
            openedAt: session.openedAt
        )
        var closesAt: UInt64?
        var askAgainAt = now + Self.askAgainMilliseconds
        switch inForce.decider.outlook(request, within: Self.outlookMilliseconds) {
        case .lasts: break
        case .changes(let at): askAgainAt = min(askAgainAt, at)
        case .closes(let at):
            closesAt = at
            askAgainAt = min(askAgainAt, at)
        }
        return SessionWatch(
            generation: inForce.generation,
            groups: groups,
            client: client,
            desktop: desktop,
            longestSeconds: access.obligations.longestSeconds,
            closesAt: closesAt,
            askAgainAt: askAgainAt,
            // Looking again is no reason to warn again of the same end.
            warnings: known?.closesAt == closesAt ? known?.warnings ?? 0 : 0
        )
    }

    // MARK: Telling

    /// Tells the person that the hours end; a warning that no gate could pass on is tried again.
    ///
    // GAP: the page of a session in the browser has no way to show it; there the end comes without a warning.
    private func warn(_ watch: inout SessionWatch, _ ticket: TicketRecord, _ id: SessionID, _ now: UInt64) {
        let due = watch.dueWarnings(now)
        guard watch.warnings < due, let closesAt = watch.closesAt else { return }
        let text = ClosingWarning.german(
            desktop: watch.desktop?.title ?? "",
            closesAt: closesAt,
            now: now
        )
        if tellOwner(of: id.bytes, .serviceMessage(id, text: text)) { watch.warnings = due }
    }

    /// The rules do not allow the session any more: it is recorded why, and the person reads it.
    private func withdraw(_ error: any Error, _ ticket: TicketRecord, _ id: SessionID) async {
        let denial = (error as? Denied)?.denial
        // What the clock ended is a limit like others; the rest was taken away.
        let isClosing = denial?.reason == AccessDenial.outsideHours
        terminations[id.bytes] = isClosing ? .sessionLimit : .accessWithdrawn
        let refusal = await refuse(error, .openSession, client: nil)
        let text = "\(refusal.text.german) Kennung: \(refusal.reference)"
        _ = tellOwner(of: id.bytes, .serviceMessage(id, text: text))
        _ = try? await amend(ticket.hash) { $0.standing.receive(.revoked) == .changes }
    }
}
