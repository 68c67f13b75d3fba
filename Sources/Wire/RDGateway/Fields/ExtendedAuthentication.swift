// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how a client proves itself inside the tunnel.

/// HTTP_EXTENDED_AUTH ([MS-TSGU] 2.2.5.3.2), in the handshake; empty is HTTP_EXTENDED_AUTH_NONE.
package struct ExtendedAuthentication: OptionSet, Hashable, Sendable {
    /// HTTP_EXTENDED_AUTH_SC: smart card.
    package static let smartCard = ExtendedAuthentication(rawValue: 0x1)
    /// HTTP_EXTENDED_AUTH_PAA: the cookie in TUNNEL_CREATE; the only one we agree to.
    package static let cookie = ExtendedAuthentication(rawValue: 0x2)
    /// HTTP_EXTENDED_AUTH_SSPI_NTLM.
    package static let ntlm = ExtendedAuthentication(rawValue: 0x4)
    /// Not in the specification: FreeRDP 3 sends it for HTTP Bearer.
    package static let bearer = ExtendedAuthentication(rawValue: 0x8)

    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }
}
