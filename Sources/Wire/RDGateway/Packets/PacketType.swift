// SPDX-License-Identifier: EUPL-1.2
// Torhaus: MS-TSGU over HTTP, the protocol of Remote Desktop clients at a gateway: its packets and the
// server's side of a tunnel. Bytes go in, packets, bytes and things to do come out; nothing here touches a
// socket.

/// What a packet is: HTTP_PACKET_TYPE ([MS-TSGU] 2.2.5.3.3).
package enum PacketType: UInt16, Hashable, Sendable, CaseIterable {
    case handshakeRequest = 0x01
    case handshakeResponse = 0x02
    case extendedAuthentication = 0x03
    case tunnelCreate = 0x04
    case tunnelResponse = 0x05
    case tunnelAuthorization = 0x06
    case tunnelAuthorizationResponse = 0x07
    case channelCreate = 0x08
    case channelResponse = 0x09
    case data = 0x0A
    case serviceMessage = 0x0B
    case reauthentication = 0x0C
    case keepAlive = 0x0D
    case closeChannel = 0x10
    case closeChannelResponse = 0x11
}
