// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what each side says it can do.

/// HTTP_CAPABILITY_TYPE ([MS-TSGU] 2.2.5.3.9), in TUNNEL_CREATE and TUNNEL_RESPONSE.
package struct Capabilities: OptionSet, Hashable, Sendable {
    /// HTTP_CAPABILITY_TYPE_QUAR_SOH: statements of health.
    package static let quarantine = Capabilities(rawValue: 0x1)
    /// HTTP_CAPABILITY_IDLE_TIMEOUT.
    package static let idleTimeout = Capabilities(rawValue: 0x2)
    /// HTTP_CAPABILITY_MESSAGING_CONSENT_SIGN: can show a text and ask for consent.
    package static let consent = Capabilities(rawValue: 0x4)
    /// HTTP_CAPABILITY_MESSAGING_SERVICE_MSG: can show a text during the session.
    package static let serviceMessage = Capabilities(rawValue: 0x8)
    /// HTTP_CAPABILITY_REAUTH.
    package static let reauthentication = Capabilities(rawValue: 0x10)
    /// HTTP_CAPABILITY_UDP_TRANSPORT.
    package static let datagrams = Capabilities(rawValue: 0x20)

    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }
}
