// SPDX-License-Identifier: EUPL-1.2
// Torhaus: allowed redirections as the flags a native client understands.

/// HTTP_TUNNEL_REDIR flags ([MS-TSGU] 2.2.5.3.6): they say what the client must not redirect.
///
/// Advisory: what passes inside the client's own TLS to the desktop is for the desktop's policy to hold.
enum RedirectionFlags {
    private static let disableAll: UInt32 = 0x4000_0000
    private static let disableDrive: UInt32 = 0x0000_0001
    private static let disablePrinter: UInt32 = 0x0000_0002
    private static let disablePort: UInt32 = 0x0000_0004
    private static let disableClipboard: UInt32 = 0x0000_0008
    private static let disablePlugAndPlay: UInt32 = 0x0000_0010

    /// ENABLE_ALL is never set: clients read it as "ignore the other bits".
    static func flags(allowed: Set<Redirection>) -> UInt32 {
        guard !allowed.isEmpty else { return disableAll }
        // No rule allows arbitrary plug-and-play devices, so this stays off.
        var flags = disablePlugAndPlay
        if !allowed.contains(.drive) { flags |= disableDrive }
        if !allowed.contains(.printer) { flags |= disablePrinter }
        if !allowed.contains(.port) { flags |= disablePort }
        if !allowed.contains(.clipboard) { flags |= disableClipboard }
        return flags
    }
}
