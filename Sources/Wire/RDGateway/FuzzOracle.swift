// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for any bytes. The fuzzer and the stored findings of the ordinary tests run the
// same.

import ByteCoding

/// Runs everything here on one input and traps when something does not hold.
package enum RDGatewayOracle {
    /// The first byte chooses the tunnel and its owner's answers, the rest is what the client sends.
    package static func run(_ input: [UInt8]) {
        let choices = input.first ?? 0
        let stream = [UInt8](input.dropFirst())
        checkScanner(stream, allowsData: choices & 1 != 0)
        checkPackets(stream)
        checkTunnel(stream, choices)
    }

    // MARK: Scanner

    /// Longer than any header, so that some headers are cut and some are not.
    private static let longestPiece = 24

    /// The packets of a stream, payload joined, and whether it ended in an error.
    private struct Scan: Equatable {
        var packets: [RawPacket] = []
        var error: PacketError?

        mutating func add(payload: [UInt8]) {
            guard !payload.isEmpty else { return }
            if let last = packets.indices.last, packets[last].type == .data {
                packets[last].body += payload
            } else {
                packets.append(RawPacket(.data, body: payload))
            }
        }
    }

    /// A stream gives the same packets however it is cut.
    private static func checkScanner(_ stream: [UInt8], allowsData: Bool) {
        var numbers = RepeatableNumbers(hashing: stream)
        let whole = scan(stream, cuts: [stream.count], allowsData: allowsData)
        for longest in [1, longestPiece] {
            let pieces = scan(
                stream,
                cuts: numbers.cuts(of: stream.count, longest: longest),
                allowsData: allowsData
            )
            precondition(whole == pieces, "a cut changed what was scanned")
        }
    }

    private static func scan(_ stream: [UInt8], cuts: [Int], allowsData: Bool) -> Scan {
        var scanner = PacketScanner(allowsData: allowsData)
        var found = Scan()
        var start = 0
        for cut in cuts where found.error == nil {
            let part = [UInt8](stream[start..<cut])
            start = cut
            do throws(PacketError) {
                try scan(part, &scanner, into: &found)
            } catch {
                found.error = error
            }
        }
        return found
    }

    private static func scan(
        _ part: [UInt8],
        _ scanner: inout PacketScanner,
        into found: inout Scan
    ) throws(PacketError) {
        var offset = 0
        while true {
            switch try next(&scanner, part, from: offset) {
            case .needMore:
                return
            case .dataPayload(let range):
                precondition(offset <= range.lowerBound && !range.isEmpty, "payload out of place")
                found.add(payload: [UInt8](part[range]))
                offset = range.upperBound
            case .packet(let packet, let consumed):
                precondition(offset < consumed, "a packet out of nothing")
                found.packets.append(packet)
                offset = consumed
            }
        }
    }

    private static func next(
        _ scanner: inout PacketScanner,
        _ bytes: [UInt8],
        from offset: Int
    ) throws(PacketError) -> ScanEvent {
        try scanner.next(in: bytes.rawSpan, from: offset, to: bytes.count)
    }

    // MARK: Packets

    /// What can be read can be written, and reads as the same.
    private static func checkPackets(_ body: [UInt8]) {
        check(HandshakeRequest.self, body)
        check(HandshakeResponse.self, body)
        check(ExtendedAuthenticationMessage.self, body)
        check(TunnelCreate.self, body)
        check(TunnelResponse.self, body)
        check(TunnelAuthorization.self, body)
        check(TunnelAuthorizationResponse.self, body)
        check(ChannelCreate.self, body)
        check(ChannelResponse.self, body)
        check(DataPacket.self, body)
        check(ServiceMessage.self, body)
        check(ReauthenticationMessage.self, body)
        check(KeepAlive.self, body)
        check(CloseChannel.self, body)
        check(CloseChannelResponse.self, body)
    }

    private static func check<Packet: GatewayPacket>(_ type: Packet.Type, _ body: [UInt8]) {
        guard let packet = try? Packet(body: body) else { return }
        let again = try? Packet(body: [UInt8](packet.encoded().dropFirst(PacketHeader.size)))
        precondition(again == packet, "a packet changed on its way")
    }

    // MARK: Tunnel

    /// The machine takes anything, sends only whole packets, and is silent after its end.
    private static func checkTunnel(_ stream: [UInt8], _ choices: UInt8) {
        var tunnel = Tunnel(
            TunnelConfiguration(authentication: choices & 2 == 0 ? .cookie : .header, tunnelID: 7)
        )
        var scanner = PacketScanner()
        var offset = 0
        while let event = try? next(&scanner, stream, from: offset) {
            switch event {
            case .needMore:
                return
            case .dataPayload(let range):
                precondition(tunnel.dataPassage != .refused, "payload without a channel")
                offset = range.upperBound
            case .packet(let packet, let consumed):
                drive(&tunnel, packet, choices)
                offset = consumed
            }
            scanner.allowsData = tunnel.dataPassage != .refused
        }
    }

    private static func drive(_ tunnel: inout Tunnel, _ packet: RawPacket, _ choices: UInt8) {
        let wasClosed = tunnel.phase == .closed
        var pending = tunnel.receive(packet)
        precondition(!wasClosed || pending.isEmpty, "a closed tunnel acted")
        while !pending.isEmpty {
            let action = pending.removeFirst()
            switch action {
            case .send(let bytes):
                checkOnePacket(bytes)
            case .authorizeTunnel, .reauthenticate:
                let refused = choices & 4 != 0
                pending +=
                    refused ? tunnel.tunnelRefused(.cookieAccessDenied) : tunnel.tunnelAuthorized(terms)
            case .openChannel(let names, _, _):
                precondition(!names.isEmpty, "a channel without a name")
                let refused = choices & 8 != 0
                pending += refused ? tunnel.channelRefused(.desktopConnectFailed) : tunnel.channelOpened()
            case .startRelay:
                pending += tunnel.serviceMessage("Wartung um 18 Uhr") + tunnel.keepAlive()
                pending += tunnel.requestReauthentication(context: 1)
            case .disconnect, .closeAcknowledged:
                precondition(tunnel.phase == .closed && pending.isEmpty, "actions after the end")
            case .reauthenticated:
                precondition(tunnel.phase == .reauthenticated)
            case .ignored:
                break
            }
        }
    }

    private static let terms = TunnelTerms(redirection: .disableAll, idleMinutes: 30, consentText: "Ja?")

    private static func checkOnePacket(_ bytes: [UInt8]) {
        var scanner = PacketScanner()
        guard case .packet(let packet, bytes.count)? = try? next(&scanner, bytes, from: 0), packet.type != nil
        else { preconditionFailure("sent something that is not one packet") }
    }
}
