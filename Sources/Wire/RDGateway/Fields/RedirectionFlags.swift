// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a client is asked not to redirect.

/// HTTP_TUNNEL_REDIR_FLAGS ([MS-TSGU] 2.2.5.3.7), in TUNNEL_AUTH_RESPONSE; empty disables nothing.
///
/// `enableAll` wins over `disableAll`, which wins over the rest. They are a request to the client: what runs
/// inside the session is encrypted from end to end, so the gate cannot enforce them and the desktop has to.
package struct RedirectionFlags: OptionSet, Hashable, Sendable {
    /// HTTP_TUNNEL_REDIR_ENABLE_ALL.
    package static let enableAll = RedirectionFlags(rawValue: 0x8000_0000)
    /// HTTP_TUNNEL_REDIR_DISABLE_ALL.
    package static let disableAll = RedirectionFlags(rawValue: 0x4000_0000)
    /// HTTP_TUNNEL_REDIR_DISABLE_DRIVE.
    package static let disableDrives = RedirectionFlags(rawValue: 0x1)
    /// HTTP_TUNNEL_REDIR_DISABLE_PRINTER.
    package static let disablePrinters = RedirectionFlags(rawValue: 0x2)
    /// HTTP_TUNNEL_REDIR_DISABLE_PORT.
    package static let disablePorts = RedirectionFlags(rawValue: 0x4)
    /// HTTP_TUNNEL_REDIR_DISABLE_CLIPBOARD.
    package static let disableClipboard = RedirectionFlags(rawValue: 0x8)
    /// HTTP_TUNNEL_REDIR_DISABLE_PNP.
    package static let disablePlugAndPlay = RedirectionFlags(rawValue: 0x10)

    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }
}
