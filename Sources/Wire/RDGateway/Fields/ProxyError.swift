// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the reasons a client can be given.

/// Return codes of the protocol in HRESULT form ([MS-TSGU] 2.2.6).
///
/// The specification writes some of them as the low word only. FreeRDP 2 takes anything without bit 31 as
/// success and then fails much later with a transport error, so every one of them is sent with it.
package enum ProxyError: UInt32, Error, Hashable, Sendable, CaseIterable {
    /// E_PROXY_INTERNALERROR: a packet in the wrong state, or a fault of ours.
    case internalError = 0x8007_59D8
    /// E_PROXY_RAP_ACCESSDENIED, in CHANNEL_RESPONSE: this person may not open this desktop.
    case resourceAccessDenied = 0x8007_59DA
    /// E_PROXY_NAP_ACCESSDENIED, in TUNNEL_AUTH_RESPONSE: this person may not use the gateway.
    case gatewayAccessDenied = 0x8007_59DB
    /// E_PROXY_TS_CONNECTFAILED, in CHANNEL_RESPONSE: the desktop does not answer.
    case desktopConnectFailed = 0x8007_59DD
    /// E_PROXY_ALREADYDISCONNECTED.
    case alreadyDisconnected = 0x8007_59DF
    /// E_PROXY_MAXCONNECTIONSREACHED, in the tunnel's responses.
    case maximumConnectionsReached = 0x8007_59E6
    /// E_PROXY_NOTSUPPORTED: an operation that does not exist here.
    case notSupported = 0x8007_59E8
    /// E_PROXY_CAPABILITYMISMATCH, in the handshake's and tunnel's responses.
    case capabilityMismatch = 0x8007_59E9
    /// E_PROXY_QUARANTINE_ACCESSDENIED.
    case quarantineAccessDenied = 0x8007_59ED
    /// E_PROXY_NOCERTAVAILABLE.
    case noCertificateAvailable = 0x8007_59EE
    /// E_PROXY_SESSIONTIMEOUT, in CLOSE_CHANNEL: idle, or at the longest time.
    case sessionTimeout = 0x8007_59F6
    /// E_PROXY_COOKIE_BADPACKET, in TUNNEL_RESPONSE: no cookie, or one that is no text.
    case cookieBadPacket = 0x8007_59F7
    /// E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED, in TUNNEL_RESPONSE: unknown, expired or used.
    case cookieAccessDenied = 0x8007_59F8
    /// E_PROXY_UNSUPPORTED_AUTHENTICATION_METHOD, in HANDSHAKE_RESPONSE.
    case unsupportedAuthenticationMethod = 0x8007_59F9
    /// E_PROXY_REAUTH_AUTHN_FAILED.
    case reauthenticationFailed = 0x8007_59FA
    /// E_PROXY_REAUTH_CAP_FAILED.
    case reauthenticationConnectionPolicyFailed = 0x8007_59FB
    /// E_PROXY_REAUTH_RAP_FAILED.
    case reauthenticationResourcePolicyFailed = 0x8007_59FC
    /// E_PROXY_SDR_NOT_SUPPORTED_BY_TS.
    case redirectionNotSupportedByDesktop = 0x8007_59FD
    /// E_PROXY_REAUTH_NAP_FAILED.
    case reauthenticationGatewayAccessFailed = 0x8007_5A00
    /// ERROR_CONNECTION_ABORTED, in CLOSE_CHANNEL: an operator ended the session.
    case connectionAborted = 0x8007_04D4
    /// ERROR_GRACEFUL_DISCONNECT, in CLOSE_CHANNEL: the desktop ended the session.
    case gracefulDisconnect = 0x8007_04CA
    /// ERROR_ACCESS_DENIED.
    case accessDenied = 0x8007_0005
    /// SEC_E_LOGON_DENIED, in the extended authentication.
    case logonDenied = 0x8009_030C
}
