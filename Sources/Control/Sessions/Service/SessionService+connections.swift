// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate reports that a session's connection stands, and how it ended.

internal import AuditEvents
package import DaemonMessages
internal import Logging

extension SessionService {
    package func sessionStarted(_ message: SessionStarted, from gate: GateID) async {
        let now = parts.now()
        let grace = holder.current.rules.graceMilliseconds
        let answered = !message.connectedTo.isEmpty
        do {
            guard owners[message.session.bytes] ?? gate == gate,
                let found = try await parts.tickets.ticket(session: message.session.bytes)
            else { return }
            _ = try await amend(found.hash) { ticket in
                let connections = max(1, ticket.session?.connections ?? 1)
                let effect = ticket.standing.receive(answered ? .connected : .unreachable)
                guard ticket.standing.state != .ended || effect == .changes else { return false }
                if answered {
                    ticket.session?.connections = connections
                    ticket.session?.connectedTo = message.connectedTo
                    ticket.session?.graceUntil = nil
                } else if effect == .changes {
                    ticket.session?.connections = 0
                    ticket.session?.graceUntil = now + grace
                }
                return true
            }
            let who = subject(person: nil, client: nil, ticket: found)
            if answered {
                await note(.sessionConnected(who, desktop: place(found), target: message.connectedTo))
            } else {
                await note(.desktopUnreachable(who, desktop: place(found)))
            }
        } catch {
            parts.logger.error("start of a session not kept: \(error)")
        }
    }

    package func sessionEnded(_ message: SessionEnded, from gate: GateID) async -> Bool {
        do {
            guard let found = try await parts.tickets.ticket(session: message.session.bytes) else {
                // Long forgotten: the end was recorded when the grace was over.
                return true
            }
            let kept = try await keepEnd(message, found, gate)
            guard kept.isNew || kept.needsRecord else { return true }
            _ = try await parts.audit.append(
                end(of: kept.ticket, reason: message.reason.word, traffic: message.traffic)
            )
            _ = try await amend(found.hash) { $0.markRecorded(message) }
            return true
        } catch {
            parts.logger.error("end of a session not recorded yet: \(error)")
            return false
        }
    }

    /// Changes the state first: whatever the audit log does, the session is over.
    private func keepEnd(
        _ message: SessionEnded,
        _ found: TicketRecord,
        _ gate: GateID
    ) async throws -> (ticket: TicketRecord, isNew: Bool, needsRecord: Bool) {
        let session = message.session.bytes
        // Another gate carries the session by now: the end is only counted.
        let isForeign = owners[session].map { $0 != gate } ?? false
        let graceUntil = parts.now() + holder.current.rules.graceMilliseconds
        var known: ConnectionEnd?
        let changed = try await amend(found.hash) { ticket in
            known = ticket.session?.ends.first { $0.isEnd(message) }
            guard known == nil, ticket.session != nil else { return false }
            ticket.add(message)
            guard !isForeign, ticket.session?.connections == 0 else { return true }
            let effect = ticket.standing.receive(message.reason.input)
            if effect == .changes, ticket.standing.state == .interrupted {
                ticket.session?.graceUntil = graceUntil
            }
            return true
        }
        if let changed {
            if changed.standing.state == .interrupted || changed.standing.state == .ended {
                if owners[session] == gate { owners[session] = nil }
                orphanedAt[session] = nil
                terminations[session] = nil
            }
            return (changed, true, true)
        }
        return (found, false, known.map { !$0.recorded } ?? false)
    }

    /// The record of an end: for good, or until the person comes back.
    func end(of ticket: TicketRecord, reason: String, traffic: AuditTraffic?) -> AuditEvent {
        let who = subject(person: nil, client: nil, ticket: ticket)
        let reason = AuditReason(code: reason)
        if ticket.standing.state == .ended {
            return .sessionEnded(who, desktop: place(ticket), reason: reason, traffic: traffic)
        }
        return .sessionInterrupted(who, desktop: place(ticket), reason: reason, traffic: traffic)
    }
}

extension ConnectionEnd {
    fileprivate func isEnd(_ message: SessionEnded) -> Bool {
        at == message.endedAt && reason == message.reason.rawValue
    }
}

extension TicketRecord {
    /// Counts a connection's end; the numbers come from the gate and may not overflow ours.
    fileprivate mutating func add(_ message: SessionEnded) {
        guard var ended = session else { return }
        ended.connections = max(0, ended.connections - 1)
        ended.bytesToClient = ended.bytesToClient.addingClamped(message.bytesToClient)
        ended.bytesToDesktop = ended.bytesToDesktop.addingClamped(message.bytesToDesktop)
        ended.ends.append(
            ConnectionEnd(at: message.endedAt, reason: message.reason.rawValue, recorded: false)
        )
        ended.ends.removeFirst(max(0, ended.ends.count - SessionRecord.rememberedEnds))
        session = ended
    }

    fileprivate mutating func markRecorded(_ message: SessionEnded) -> Bool {
        guard var ends = session?.ends, let index = ends.firstIndex(where: { $0.isEnd(message) }) else {
            return false
        }
        ends[index].recorded = true
        session?.ends = ends
        return true
    }
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        // SQLite and JSON readers know signed numbers only.
        return overflow ? UInt64(Int64.max) : Swift.min(sum, UInt64(Int64.max))
    }
}

extension SessionEnded {
    fileprivate var traffic: AuditTraffic {
        AuditTraffic(
            bytesToClient: bytesToClient,
            bytesToDesktop: bytesToDesktop,
            milliseconds: durationMilliseconds,
            endedAt: endedAt
        )
    }
}

extension SessionEndReason {
    /// Whether the person may come back within the grace.
    var input: TicketInput {
        switch self {
        // A desktop closes the line too when a native client tried a wrong password or another security
        // layer, and the client then comes back with the same ticket.
        case .clientGone, .desktopLost, .closedByDesktop, .desktopUnreachable, .gateStopping, .replaced:
            .lineBroken
        case .closedByClient, .idleLimit, .sessionLimit, .terminatedByOperator, .accessWithdrawn, .signedOut,
            .protocolViolation, .reauthenticationFailed:
            .finished
        }
    }

    /// As records show it.
    var word: String {
        switch self {
        case .closedByClient: "closed-by-client"
        case .clientGone: "client-gone"
        case .closedByDesktop: "closed-by-desktop"
        case .desktopLost: "desktop-lost"
        case .idleLimit: "idle-limit"
        case .sessionLimit: "session-limit"
        case .terminatedByOperator: "terminated-by-operator"
        case .accessWithdrawn: "access-withdrawn"
        case .signedOut: "signed-out"
        case .replaced: "replaced"
        case .desktopUnreachable: "desktop-unreachable"
        case .protocolViolation: "protocol-violation"
        case .gateStopping: "gate-stopping"
        case .reauthenticationFailed: "reauthentication-failed"
        }
    }
}
