// SPDX-License-Identifier: EUPL-1.2
// Torhaus: packets as they stand on the wire.

import RDGateway
import Testing

/// A packet, its bytes, and where they are from.
struct GoldenPacket: CustomTestStringConvertible, Sendable {
    let name: String
    let packet: any GatewayPacket
    let bytes: [UInt8]

    var testDescription: String { name }

    init(_ name: String, _ packet: any GatewayPacket, _ text: String) {
        self.name = name
        self.packet = packet
        bytes = hex(text)
    }

    /// The opening of a session by xfreerdp 2.11.7 with a cookie, both directions, captured.
    static let captured = [
        GoldenPacket(
            "HANDSHAKE_REQUEST",
            HandshakeRequest(authentication: .cookie),
            "01 00 00 00 0e 00 00 00 | 01 00 | 00 00 | 02 00  # 1.0, clientVersion 0, PAA"
        ),
        GoldenPacket(
            "HANDSHAKE_RESPONSE",
            HandshakeResponse(authentication: .cookie),
            "02 00 00 00 12 00 00 00 | 00 00 00 00 | 01 00 | 00 00 | 02 00"
        ),
        GoldenPacket(
            "TUNNEL_CREATE",
            TunnelCreate(
                capabilities: [.quarantine, .consent, .serviceMessage],
                cookie: blob(utf16("SECRET-TOKEN"))
            ),
            """
            04 00 00 00 2c 00 00 00 | 0d 00 00 00 | 01 00 | 00 00  # fields: cookie
            1a 00 | 53 00 45 00 43 00 52 00 45 00 54 00 2d 00 54 00 4f 00 4b 00 45 00 4e 00 00 00
            """
        ),
        GoldenPacket(
            "TUNNEL_RESPONSE",
            TunnelResponse(tunnelID: 10, capabilities: [.idleTimeout, .serviceMessage]),
            "05 00 00 00 1a 00 00 00 | 01 00 | 00 00 00 00 | 03 00 | 00 00 | 0a 00 00 00 | 0a 00 00 00"
        ),
        GoldenPacket(
            "TUNNEL_AUTH",
            TunnelAuthorization(clientName: text("vm")),
            "06 00 00 00 12 00 00 00 | 00 00 | 06 00 | 76 00 6d 00 00 00"
        ),
        GoldenPacket(
            "TUNNEL_AUTH_RESPONSE",
            TunnelAuthorizationResponse(redirection: [], idleMinutes: 30),
            "07 00 00 00 18 00 00 00 | 00 00 00 00 | 03 00 | 00 00 | 00 00 00 00 | 1e 00 00 00"
        ),
        GoldenPacket(
            "CHANNEL_CREATE",
            channel("127.0.0.1", port: 13_390),
            """
            08 00 00 00 24 00 00 00 | 01 | 00 | 4e 34 | 03 00
            14 00 | 31 00 32 00 37 00 2e 00 30 00 2e 00 30 00 2e 00 31 00 00 00
            """
        ),
        GoldenPacket(
            "CHANNEL_RESPONSE",
            ChannelResponse(channelID: 1),
            "09 00 00 00 14 00 00 00 | 00 00 00 00 | 01 00 | 00 00 | 01 00 00 00"
        ),
    ]

    /// From the packet table of the specification, section 2.2.10, with every optional field.
    static let specified = [
        GoldenPacket(
            "EXTENDED_AUTH_MSG",
            ExtendedAuthenticationMessage(status: .success, blob: blob([0x4E, 0x54])),
            "03 00 00 00 10 00 00 00 | 00 00 00 00 | 02 00 | 4e 54"
        ),
        GoldenPacket(
            "TUNNEL_CREATE without a cookie",
            TunnelCreate(capabilities: .quarantine),
            "04 00 00 00 10 00 00 00 | 01 00 00 00 | 00 00 | 00 00"
        ),
        GoldenPacket(
            "TUNNEL_CREATE of a reauthentication",
            TunnelCreate(
                capabilities: .reauthentication,
                reauthenticationContext: 0x8877_6655_4433_2211,
                cookie: blob(utf16("T"))
            ),
            """
            04 00 00 00 1e 00 00 00 | 10 00 00 00 | 03 00 | 00 00
            11 22 33 44 55 66 77 88  # the context comes before the cookie
            04 00 | 54 00 00 00
            """
        ),
        GoldenPacket(
            "TUNNEL_RESPONSE with an error",
            TunnelResponse(status: HResult(.cookieAccessDenied)),
            "05 00 00 00 12 00 00 00 | 01 00 | f8 59 07 80 | 00 00 | 00 00"
        ),
        GoldenPacket(
            "TUNNEL_RESPONSE with all fields",
            TunnelResponse(
                tunnelID: 10,
                capabilities: .consent,
                healthRequest: .init(nonceLow: 1, nonceHigh: 2, certificate: text("C")),
                consent: text("Ja?")
            ),
            """
            05 00 00 00 3a 00 00 00 | 01 00 | 00 00 00 00 | 17 00 | 00 00 | 0a 00 00 00 | 04 00 00 00
            01 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 | 04 00 43 00 00 00
            08 00 | 4a 00 61 00 3f 00 00 00
            """
        ),
        GoldenPacket(
            "TUNNEL_AUTH with a statement of health",
            TunnelAuthorization(clientName: text("a", terminated: false), statementOfHealth: blob([7])),
            "06 00 00 00 11 00 00 00 | 01 00 | 02 00 | 61 00 | 01 00 | 07"
        ),
        GoldenPacket(
            "TUNNEL_AUTH_RESPONSE with all fields",
            TunnelAuthorizationResponse(
                redirection: [.disableDrives, .disableClipboard],
                idleMinutes: 0,
                statementOfHealth: blob([7, 8])
            ),
            "07 00 00 00 1c 00 00 00 | 00 00 00 00 | 07 00 | 00 00 | 09 00 00 00 | 00 00 00 00 | 02 00 07 08"
        ),
        GoldenPacket(
            "TUNNEL_AUTH_RESPONSE with an error",
            TunnelAuthorizationResponse(status: HResult(.gatewayAccessDenied)),
            "07 00 00 00 10 00 00 00 | db 59 07 80 | 00 00 | 00 00"
        ),
        GoldenPacket(
            "CHANNEL_CREATE with an alternate name",
            channel("a", "b", alternates: ["c"], port: 3389),
            """
            08 00 00 00 20 00 00 00 | 02 | 01 | 3d 0d | 03 00
            04 00 61 00 00 00 | 04 00 62 00 00 00 | 04 00 63 00 00 00
            """
        ),
        GoldenPacket(
            "CHANNEL_RESPONSE with an error",
            ChannelResponse(status: HResult(.resourceAccessDenied)),
            "09 00 00 00 10 00 00 00 | da 59 07 80 | 00 00 | 00 00"
        ),
        GoldenPacket(
            "CHANNEL_RESPONSE with all fields",
            ChannelResponse(channelID: 1, datagramPort: 3391, datagramCookie: blob([9])),
            """
            09 00 00 00 19 00 00 00 | 00 00 00 00 | 07 00 | 00 00 | 01 00 00 00
            3f 0d | 01 00 09  # the port comes before the cookie
            """
        ),
        GoldenPacket(
            "DATA",
            DataPacket(payload: blob([3, 0, 0, 0x13])),
            "0a 00 00 00 0e 00 00 00 | 04 00 | 03 00 00 13"
        ),
        GoldenPacket(
            "SERVICE_MESSAGE",
            ServiceMessage(text: text("Hi")),
            "0b 00 00 00 10 00 00 00 | 06 00 | 48 00 69 00 00 00"
        ),
        GoldenPacket(
            "REAUTH_MESSAGE",
            ReauthenticationMessage(context: 0x0102_0304_0506_0708),
            "0c 00 00 00 10 00 00 00 | 08 07 06 05 04 03 02 01"
        ),
        GoldenPacket("KEEPALIVE", KeepAlive(), "0d 00 00 00 08 00 00 00"),
        GoldenPacket(
            "CLOSE_CHANNEL",
            CloseChannel(status: HResult(.sessionTimeout)),
            "10 00 00 00 0c 00 00 00 | f6 59 07 80"
        ),
        GoldenPacket(
            "CLOSE_CHANNEL_RESPONSE",
            CloseChannelResponse(),
            "11 00 00 00 0c 00 00 00 | 00 00 00 00"
        ),
    ]

    static let all = captured + specified
}
