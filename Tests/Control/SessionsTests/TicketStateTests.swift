// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what every input does to every standing, written out in full.

import DaemonMessages
import Testing

@testable import Sessions

@Suite struct TicketStateTests {
    /// One row of the table: a standing, and for every input what becomes of it.
    struct Row: CustomTestStringConvertible, Sendable {
        let from: TicketStanding
        let steps: [(input: TicketInput, to: TicketStanding, effect: TicketEffect)]
        var testDescription: String { "\(from.state)\(from.revoked ? ", revoked" : "")" }
    }

    static let issued = TicketStanding(.issued)
    static let opened = TicketStanding(.opened)
    static let connected = TicketStanding(.connected)
    static let interrupted = TicketStanding(.interrupted)
    static let ended = TicketStanding(.ended)
    static let openedRevoked = TicketStanding(.opened, revoked: true)
    static let connectedRevoked = TicketStanding(.connected, revoked: true)

    static let table: [Row] = [
        Row(
            from: issued,
            steps: [
                (.presented(.none), opened, .opens),
                (.presented(.alive), issued, .refused(.alreadyConnected)),
                (.presented(.broken), opened, .opens),
                (.connected, issued, .nothing),
                (.unreachable, issued, .nothing),
                (.lineBroken, issued, .nothing),
                (.finished, issued, .nothing),
                (.lapsed, ended, .changes),
                (.alive, issued, .nothing),
                (.revoked, ended, .changes),
            ]
        ),
        Row(
            from: opened,
            steps: [
                (.presented(.none), opened, .refused(.alreadyConnected)),
                (.presented(.alive), opened, .refused(.alreadyConnected)),
                (.presented(.broken), opened, .resumes),
                (.connected, connected, .changes),
                (.unreachable, interrupted, .changes),
                (.lineBroken, interrupted, .changes),
                (.finished, ended, .changes),
                (.lapsed, opened, .nothing),
                (.alive, connected, .changes),
                (.revoked, openedRevoked, .changes),
            ]
        ),
        Row(
            from: connected,
            steps: [
                (.presented(.none), connected, .refused(.alreadyConnected)),
                (.presented(.alive), connected, .refused(.alreadyConnected)),
                (.presented(.broken), opened, .resumes),
                (.connected, connected, .nothing),
                (.unreachable, interrupted, .changes),
                (.lineBroken, interrupted, .changes),
                (.finished, ended, .changes),
                (.lapsed, connected, .nothing),
                (.alive, connected, .nothing),
                (.revoked, connectedRevoked, .changes),
            ]
        ),
        Row(
            from: interrupted,
            steps: [
                (.presented(.none), opened, .resumes),
                (.presented(.alive), interrupted, .refused(.alreadyConnected)),
                (.presented(.broken), opened, .resumes),
                (.connected, connected, .changes),
                (.unreachable, interrupted, .nothing),
                (.lineBroken, interrupted, .nothing),
                (.finished, ended, .changes),
                (.lapsed, ended, .changes),
                (.alive, connected, .changes),
                (.revoked, ended, .changes),
            ]
        ),
        Row(
            from: openedRevoked,
            steps: [
                (.presented(.none), openedRevoked, .refused(.ticketInvalid)),
                (.presented(.alive), openedRevoked, .refused(.ticketInvalid)),
                (.presented(.broken), openedRevoked, .refused(.ticketInvalid)),
                (.connected, connectedRevoked, .changes),
                (.unreachable, ended, .changes),
                (.lineBroken, ended, .changes),
                (.finished, ended, .changes),
                (.lapsed, openedRevoked, .nothing),
                (.alive, connectedRevoked, .changes),
                (.revoked, openedRevoked, .nothing),
            ]
        ),
        Row(
            from: connectedRevoked,
            steps: [
                (.presented(.none), connectedRevoked, .refused(.ticketInvalid)),
                (.presented(.alive), connectedRevoked, .refused(.ticketInvalid)),
                (.presented(.broken), connectedRevoked, .refused(.ticketInvalid)),
                (.connected, connectedRevoked, .nothing),
                (.unreachable, ended, .changes),
                (.lineBroken, ended, .changes),
                (.finished, ended, .changes),
                (.lapsed, connectedRevoked, .nothing),
                (.alive, connectedRevoked, .nothing),
                (.revoked, connectedRevoked, .nothing),
            ]
        ),
        Row(
            from: ended,
            steps: TicketInput.allCases.map { input in
                if case .presented = input {
                    (input, ended, .refused(.ticketInvalid))
                } else {
                    (input, ended, .nothing)
                }
            }
        ),
    ]

    @Test("does exactly what the table says", arguments: table)
    func follows(_ row: Row) {
        #expect(Set(row.steps.map(\.input)) == Set(TicketInput.allCases), "the row is complete")
        for step in row.steps {
            var standing = row.from
            #expect(standing.receive(step.input) == step.effect, "\(step.input)")
            #expect(standing == step.to, "\(step.input)")
        }
    }

    @Test("the table has a row for every standing that can occur")
    func tableIsComplete() {
        #expect(Set(Self.table.map(\.from.state)) == Set(TicketState.allCases))
        var seen: Set<TicketStanding> = [Self.issued]
        var open = [Self.issued]
        while let standing = open.popLast() {
            for input in TicketInput.allCases {
                var next = standing
                _ = next.receive(input)
                if seen.insert(next).inserted { open.append(next) }
            }
        }
        #expect(seen == Set(Self.table.map(\.from)))
    }

    @Test("no input brings an ended ticket back, and no session begins twice")
    func neverRevived() {
        for row in Self.table {
            for step in row.steps {
                if row.from.state == .ended { #expect(step.to.state == .ended) }
                if step.effect == .opens { #expect(row.from.state == .issued) }
            }
        }
    }
}
