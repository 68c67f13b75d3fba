// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a person's own client needs to know to open one desktop through the gate.

import Sessions

/// The facts an .rdp file is made of.
struct RDPConnection: Sendable, Hashable {
    /// The desktop's label or DNS name.
    var address: String
    var port: UInt16
    /// The gate's public name.
    var gate: String
    var gatePort: UInt16
    /// The ticket's text; it is not part of what is signed.
    var ticket: String
    var redirections: Set<Redirection>
    /// The account to suggest at the desktop, or empty.
    var account: String

    /// The port that clients assume for RDP.
    static let usualPort: UInt16 = 3389
    /// The port that clients assume for a gateway.
    static let usualGatePort: UInt16 = 443

    /// The file's lines, unsigned.
    var lines: [RDPLine] {
        let full = Self.joined(address, port, unless: Self.usualPort)
        var lines = [
            RDPLine("full address", full),
            // Without it, another address could be slipped in after signing.
            RDPLine("alternate full address", full),
            RDPLine("gatewayhostname", Self.joined(gate, gatePort, unless: Self.usualGatePort)),
            RDPLine("gatewayusagemethod", 1),
            RDPLine("gatewayprofileusagemethod", 1),
            RDPLine("gatewaycredentialssource", 5),
            RDPLine("gatewayaccesstoken", ticket),
            // The gate takes the ticket, the desktop its own account: asking once would send one to both.
            RDPLine("promptcredentialonce", false),
            RDPLine("prompt for credentials", false),
            RDPLine("authentication level", 2),
            RDPLine("enablecredsspsupport", true),
            RDPLine("negotiate security layer", true),
            RDPLine("autoreconnection enabled", true),
            // Empty and signed: nothing can be started in place of the desktop.
            RDPLine("alternate shell", ""),
            RDPLine("shell working directory", ""),
            RDPLine("remoteapplicationmode", false),
        ]
        lines += picture + redirectionLines
        if !account.isEmpty { lines.append(RDPLine("username", account)) }
        return lines
    }

    private var picture: [RDPLine] {
        [
            RDPLine("screen mode id", 2),
            RDPLine("use multimon", false),
            RDPLine("dynamic resolution", true),
            RDPLine("allow font smoothing", true),
            RDPLine("compression", true),
            RDPLine("displayconnectionbar", true),
            RDPLine("keyboardhook", 2),
        ]
    }

    /// Each redirection is written either way: what is not written, a client decides alone.
    private var redirectionLines: [RDPLine] {
        let drives = redirections.contains(.drive)
        return [
            RDPLine("redirectclipboard", redirections.contains(.clipboard)),
            RDPLine("redirectprinters", redirections.contains(.printer)),
            RDPLine("redirectdrives", drives),
            RDPLine("drivestoredirect", drives ? "*" : ""),
            RDPLine("redirectsmartcards", redirections.contains(.smartcard)),
            RDPLine("redirectwebauthn", redirections.contains(.webauthn)),
            RDPLine("redirectcomports", redirections.contains(.port)),
            RDPLine("redirectposdevices", false),
            RDPLine("devicestoredirect", ""),
            RDPLine("camerastoredirect", ""),
            RDPLine("usbdevicestoredirect", ""),
            // 0 plays here, 2 does not play at all.
            RDPLine("audiomode", redirections.contains(.audio) ? 0 : 2),
            RDPLine("audiocapturemode", redirections.contains(.microphone)),
        ]
    }

    private static func joined(_ name: String, _ port: UInt16, unless usual: UInt16) -> String {
        port == usual ? name : "\(name):\(port)"
    }
}
