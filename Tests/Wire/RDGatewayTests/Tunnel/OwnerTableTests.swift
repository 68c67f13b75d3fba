// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything an owner may ask of a tunnel, in every state.

import RDGateway
import Testing

/// Something the owner does.
private struct OwnerCall: CustomTestStringConvertible, Sendable {
    let name: String
    let perform: @Sendable (inout Tunnel) -> [TunnelAction]
    /// What it does in the states named; nothing in all others.
    let effects: [TunnelPhase: (next: TunnelPhase, actions: [TunnelAction])]

    var testDescription: String { name }
}

@Suite("Every call in every state")
struct OwnerTableTests {
    private static let tunnelTimeout = hex(
        "05 00 00 00 12 00 00 00 | 01 00 | f6 59 07 80 | 00 00 | 00 00"
    )
    private static let channelTimeout = hex("09 00 00 00 10 00 00 00 | f6 59 07 80 | 00 00 | 00 00")
    private static let closeTimeout = hex("10 00 00 00 0c 00 00 00 | f6 59 07 80")
    private static let justEnd: (next: TunnelPhase, actions: [TunnelAction]) = (
        .closed, [.disconnect(.refused(.sessionTimeout))]
    )

    private static let calls = [
        OwnerCall(
            name: "tunnelAuthorized",
            perform: { $0.tunnelAuthorized(TunnelTerms(consentText: "Ja?")) },
            effects: [
                .awaitingGrant: (
                    .tunnelCreated,
                    [
                        .send(
                            hex(
                                """
                                05 00 00 00 24 00 00 00 | 01 00 | 00 00 00 00 | 13 00 | 00 00
                                0a 00 00 00 | 1e 00 00 00 | 08 00 | 4a 00 61 00 3f 00 00 00
                                """
                            )
                        )
                    ]
                )
            ]
        ),
        OwnerCall(
            name: "tunnelRefused",
            perform: { $0.tunnelRefused(.sessionTimeout) },
            effects: [
                .awaitingGrant: (
                    .closed, [.send(tunnelTimeout), .disconnect(.refused(.sessionTimeout))]
                )
            ]
        ),
        OwnerCall(
            name: "channelOpened",
            perform: { $0.channelOpened(channelID: 1) },
            effects: [
                .awaitingChannel: (
                    .channelOpen,
                    [
                        .send(hex("09 00 00 00 14 00 00 00 | 00 00 00 00 | 01 00 | 00 00 | 01 00 00 00")),
                        .startRelay,
                    ]
                )
            ]
        ),
        OwnerCall(
            name: "channelRefused",
            perform: { $0.channelRefused(.sessionTimeout) },
            effects: [
                .awaitingChannel: (
                    .closed, [.send(channelTimeout), .disconnect(.refused(.sessionTimeout))]
                )
            ]
        ),
        OwnerCall(
            name: "closeChannel",
            perform: { $0.closeChannel(.sessionTimeout) },
            effects: [
                .initial: justEnd,
                .handshaken: justEnd,
                .awaitingGrant: (
                    .closed, [.send(tunnelTimeout), .disconnect(.refused(.sessionTimeout))]
                ),
                .tunnelCreated: justEnd,
                .tunnelAuthorized: justEnd,
                .awaitingChannel: (
                    .closed, [.send(channelTimeout), .disconnect(.refused(.sessionTimeout))]
                ),
                .channelOpen: (.closing, [.send(closeTimeout)]),
                .reauthenticated: (.closing, [.send(closeTimeout)]),
            ]
        ),
        OwnerCall(
            name: "serviceMessage",
            perform: { $0.serviceMessage("Hi") },
            effects: [
                .channelOpen: (
                    .channelOpen,
                    [.send(hex("0b 00 00 00 10 00 00 00 | 06 00 | 48 00 69 00 00 00"))]
                )
            ]
        ),
        OwnerCall(
            name: "requestReauthentication",
            perform: { $0.requestReauthentication(context: 9) },
            effects: [
                .channelOpen: (
                    .channelOpen, [.send(hex("0c 00 00 00 10 00 00 00 | 09 00 00 00 00 00 00 00"))]
                )
            ]
        ),
        OwnerCall(
            name: "keepAlive",
            perform: { $0.keepAlive() },
            effects: [.channelOpen: (.channelOpen, [.send(hex("0d 00 00 00 08 00 00 00"))])]
        ),
    ]

    @Test("does what the table says", arguments: calls)
    private func table(call: OwnerCall) {
        for phase in TunnelPhase.allCases {
            var tunnel = Tunnel.at(phase)
            let actions = call.perform(&tunnel)
            let expected = call.effects[phase] ?? (next: phase, actions: [])
            #expect(actions == expected.actions, "in \(phase)")
            #expect(tunnel.phase == expected.next, "in \(phase)")
        }
    }

    @Test("the end of the connection ends every state", arguments: TunnelPhase.allCases)
    func clientClosed(phase: TunnelPhase) {
        var tunnel = Tunnel.at(phase)
        tunnel.clientClosed()
        #expect(tunnel.phase == .closed)
    }

    @Test("DATA passes only while the channel is open, and is dropped at the end")
    func passage() {
        for phase in TunnelPhase.allCases {
            let expected: DataPassage =
                switch phase {
                case .channelOpen: .relayed
                case .closing, .closed: .dropped
                default: .refused
                }
            #expect(Tunnel.at(phase).dataPassage == expected, "in \(phase)")
        }
    }
}
