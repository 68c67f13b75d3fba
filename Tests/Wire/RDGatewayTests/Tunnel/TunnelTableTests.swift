// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every type of packet in every state of a tunnel.

import RDGateway
import Testing

/// What a packet does in a state.
private enum Outcome: Character {
    /// Nothing, and the state stays.
    case nothing = "."
    /// What `TunnelTableTests.accepted` says.
    case accepted = "A"
    /// Its own response with E_PROXY_INTERNALERROR, then the end.
    case refused = "R"
    /// The end: there is no response to it.
    case ended = "X"
    /// The end: only servers send it.
    case serverPacket = "S"
    /// CLOSE_CHANNEL_RESPONSE, then the end.
    case closed = "C"
    /// The end that was waited for.
    case acknowledged = "K"
    /// Passed over.
    case ignored = "i"
}

/// A line of the table.
private struct Row: Sendable {
    let name: String
    let type: UInt16
    let outcomes: [Outcome]

    init(_ line: Substring) {
        let words = line.split(separator: " ")
        type = fitting(UInt16(words[0], radix: 16))
        name = String(words[1])
        outcomes = words[2...].map { fitting(Outcome(rawValue: Character(String($0)))) }
    }
}

@Suite("Every packet in every state")
struct TunnelTableTests {
    private static let rows = """
        # type                       ini han gra cre aut cha ope rea clo end
        01 HANDSHAKE_REQUEST          A   R   R   R   R   R   R   R   R   .
        02 HANDSHAKE_RESPONSE         S   S   S   S   S   S   S   S   S   .
        03 EXTENDED_AUTH_MSG          R   R   R   R   R   R   R   R   R   .
        04 TUNNEL_CREATE              R   A   R   R   R   R   R   R   R   .
        05 TUNNEL_RESPONSE            S   S   S   S   S   S   S   S   S   .
        06 TUNNEL_AUTH                R   R   R   A   R   R   R   R   R   .
        07 TUNNEL_AUTH_RESPONSE       S   S   S   S   S   S   S   S   S   .
        08 CHANNEL_CREATE             R   R   R   R   A   R   R   R   R   .
        09 CHANNEL_RESPONSE           S   S   S   S   S   S   S   S   S   .
        0A DATA                       X   X   X   X   X   X   X   X   .   .
        0B SERVICE_MESSAGE            S   S   S   S   S   S   S   S   S   .
        0C REAUTH_MESSAGE             S   S   S   S   S   S   S   S   S   .
        0D KEEPALIVE                  .   .   .   .   .   .   .   .   .   .
        0E unknown                    i   i   i   i   i   i   i   i   i   .
        10 CLOSE_CHANNEL              R   C   C   C   C   C   C   C   C   .
        11 CLOSE_CHANNEL_RESPONSE     X   X   X   X   X   X   X   X   K   .
        FFFF unknown                  i   i   i   i   i   i   i   i   i   .
        """.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { Row($0) }

    /// A correct packet of each type, as a client would send it to a tunnel at `Tunnel.at`.
    private static func packet(_ type: UInt16) -> RawPacket {
        switch PacketType(rawValue: type) {
        case .channelCreate: Tunnel.desktop
        case .data: RawPacket(.data)
        case nil: RawPacket(rawType: type, body: [1, 2, 3])
        case let known: raw(fitting(GoldenPacket.all.first { raw($0.bytes).type == known }).bytes)
        }
    }

    /// The response of each request with E_PROXY_INTERNALERROR, byte by byte.
    private static let refusals: [UInt16: [UInt8]] = [
        0x01: hex("02 00 00 00 12 00 00 00 | d8 59 07 80 | 01 00 | 00 00 | 00 00"),
        0x03: hex("03 00 00 00 0e 00 00 00 | d8 59 07 80 | 00 00"),
        0x04: hex("05 00 00 00 12 00 00 00 | 01 00 | d8 59 07 80 | 00 00 | 00 00"),
        0x06: hex("07 00 00 00 10 00 00 00 | d8 59 07 80 | 00 00 | 00 00"),
        0x08: hex("09 00 00 00 10 00 00 00 | d8 59 07 80 | 00 00 | 00 00"),
        0x10: hex("11 00 00 00 0c 00 00 00 | d8 59 07 80"),
    ]

    /// What the four requests do where they are expected, and where they lead.
    private static let accepted: [UInt16: (next: TunnelPhase, actions: [TunnelAction])] = [
        0x01: (
            .handshaken,
            [.send(hex("02 00 00 00 12 00 00 00 | 00 00 00 00 | 01 00 | 00 00 | 02 00"))]
        ),
        0x04: (
            .awaitingGrant,
            [
                .authorizeTunnel(
                    cookie: TunnelCookie(utf8: Array("SECRET-TOKEN".utf8)),
                    capabilities: [.quarantine, .consent, .serviceMessage]
                )
            ]
        ),
        0x06: (
            .tunnelAuthorized,
            [.send(hex("07 00 00 00 18 00 00 00 | 00 00 00 00 | 03 00 | 00 00 | 00 00 00 00 | 1e 00 00 00"))]
        ),
        0x08: (.awaitingChannel, [.openChannel(names: ["rb-01"], port: 3389, clientName: "vm")]),
    ]

    private static let closeResponse = hex("11 00 00 00 0c 00 00 00 | 00 00 00 00")

    @Test("does what the table says", arguments: TunnelPhase.allCases)
    func table(phase: TunnelPhase) throws {
        let column = try #require(TunnelPhase.allCases.firstIndex(of: phase))
        for row in Self.rows {
            try #require(row.outcomes.count == TunnelPhase.allCases.count, "\(row.name)")
            var tunnel = Tunnel.at(phase)
            let actions = tunnel.receive(Self.packet(row.type))
            let expected = try Self.expected(row.outcomes[column], row.type, phase)
            #expect(actions == expected.actions, "\(row.name) in \(phase)")
            #expect(tunnel.phase == expected.next, "\(row.name) in \(phase)")
        }
    }

    @Test("leaves no type out")
    func complete() {
        let known = Self.rows.compactMap { PacketType(rawValue: $0.type) }
        #expect(Set(known) == Set(PacketType.allCases))
    }

    @Test("answers a broken body where the packet itself would be right", arguments: TunnelPhase.allCases)
    func broken(phase: TunnelPhase) throws {
        let column = try #require(TunnelPhase.allCases.firstIndex(of: phase))
        for row in Self.rows where [.accepted, .closed, .acknowledged].contains(row.outcomes[column]) {
            let type = try #require(PacketType(rawValue: row.type))
            var packet = Self.packet(row.type)
            packet.body.append(0)
            var tunnel = Tunnel.at(phase)
            let answer = Self.refusals[row.type].map { [TunnelAction.send($0)] } ?? []
            let actions = tunnel.receive(packet)
            #expect(actions == answer + [.disconnect(.malformed(type))], "\(row.name) in \(phase)")
            #expect(tunnel.phase == .closed)
        }
    }

    private static func expected(
        _ outcome: Outcome,
        _ type: UInt16,
        _ phase: TunnelPhase
    ) throws -> (next: TunnelPhase, actions: [TunnelAction]) {
        switch outcome {
        case .nothing:
            return (phase, [])
        case .ignored:
            return (phase, [.ignored(type: type)])
        case .acknowledged:
            return (.closed, [.closeAcknowledged])
        case .accepted:
            return try #require(accepted[type])
        case .closed:
            return (.closed, [.send(closeResponse), .disconnect(.closedByClient)])
        case .refused:
            let known = try #require(PacketType(rawValue: type))
            let answer = try #require(refusals[type])
            return (.closed, [.send(answer), .disconnect(.wrongState(known))])
        case .ended:
            return (.closed, [.disconnect(.wrongState(try #require(PacketType(rawValue: type))))])
        case .serverPacket:
            return (.closed, [.disconnect(.serverPacket(try #require(PacketType(rawValue: type))))])
        }
    }
}
