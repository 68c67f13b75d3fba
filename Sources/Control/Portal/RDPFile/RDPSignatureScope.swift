// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which lines of an .rdp file a signature covers, and how their text is put together.

/// The part of an .rdp file that is signed.
struct RDPSignatureScope: Sendable, Hashable {
    /// The covered lines, in the order that the signature prescribes.
    let lines: [RDPLine]
    /// Their names, as `signscope` lists them.
    let names: [String]

    init(of file: [RDPLine]) {
        var lines: [RDPLine] = []
        var names: [String] = []
        for (key, name) in Self.known {
            guard let line = file.first(where: { $0.key == key }) else { continue }
            lines.append(line)
            names.append(name)
        }
        self.lines = lines
        self.names = names
    }

    /// The line that names the scope.
    var line: RDPLine { RDPLine("signscope", names.joined(separator: ",")) }

    /// The bytes to sign: the covered lines, the scope line and a NUL, as UTF-16LE without byte order mark.
    var signedBytes: [UInt8] {
        let text = (lines + [line]).map { $0.text + "\r\n" }.joined() + "\0"
        return RDPText.utf16LittleEndian(text)
    }

    /// Key and scope name, in the order of the Windows signing tool: a wrong order makes a client call the
    /// file altered.
    ///
    /// `gatewayaccesstoken` and `username` are not among them.
    static let known: [(key: String, name: String)] = [
        ("full address", "Full Address"),
        ("alternate full address", "Alternate Full Address"),
        ("pcb", "PCB"),
        ("use redirection server name", "Use Redirection Server Name"),
        ("server port", "Server Port"),
        ("negotiate security layer", "Negotiate Security Layer"),
        ("enablecredsspsupport", "EnableCredSspSupport"),
        ("disableconnectionsharing", "DisableConnectionSharing"),
        ("autoreconnection enabled", "AutoReconnection Enabled"),
        ("gatewayhostname", "GatewayHostname"),
        ("gatewayusagemethod", "GatewayUsageMethod"),
        ("gatewayprofileusagemethod", "GatewayProfileUsageMethod"),
        ("gatewaycredentialssource", "GatewayCredentialsSource"),
        ("support url", "Support URL"),
        ("promptcredentialonce", "PromptCredentialOnce"),
        ("require pre-authentication", "Require pre-authentication"),
        ("pre-authentication server address", "Pre-authentication server address"),
        ("alternate shell", "Alternate Shell"),
        ("shell working directory", "Shell Working Directory"),
        ("remoteapplicationprogram", "RemoteApplicationProgram"),
        ("remoteapplicationexpandworkingdir", "RemoteApplicationExpandWorkingdir"),
        ("remoteapplicationmode", "RemoteApplicationMode"),
        ("remoteapplicationguid", "RemoteApplicationGuid"),
        ("remoteapplicationname", "RemoteApplicationName"),
        ("remoteapplicationicon", "RemoteApplicationIcon"),
        ("remoteapplicationfile", "RemoteApplicationFile"),
        ("remoteapplicationfileextensions", "RemoteApplicationFileExtensions"),
        ("remoteapplicationcmdline", "RemoteApplicationCmdLine"),
        ("remoteapplicationexpandcmdline", "RemoteApplicationExpandCmdLine"),
        ("prompt for credentials", "Prompt For Credentials"),
        ("authentication level", "Authentication Level"),
        ("audiomode", "AudioMode"),
        ("redirectdrives", "RedirectDrives"),
        ("redirectprinters", "RedirectPrinters"),
        ("redirectcomports", "RedirectCOMPorts"),
        ("redirectsmartcards", "RedirectSmartCards"),
        ("redirectposdevices", "RedirectPOSDevices"),
        ("redirectclipboard", "RedirectClipboard"),
        ("devicestoredirect", "DevicesToRedirect"),
        ("drivestoredirect", "DrivesToRedirect"),
        ("loadbalanceinfo", "LoadBalanceInfo"),
        ("redirectdirectx", "RedirectDirectX"),
        ("rdgiskdcproxy", "RDGIsKDCProxy"),
        ("kdcproxyname", "KDCProxyName"),
        ("eventloguploadaddress", "EventLogUploadAddress"),
    ]
}
