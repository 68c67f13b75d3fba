// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the PROXY header that tells the portal who its client is.

internal import DaemonMessages
internal import LinuxKit
internal import OpenSSLKit
internal import ProxyProtocol

enum PortalHeader {
    /// Nil when the client's address or its handshake has no form on the wire, which does not happen.
    static func encoded(_ line: ClientLine) -> [UInt8]? {
        let local = StreamSocket.localAddress(of: line.tls.descriptor)
        guard let local, let negotiated = line.tls.negotiated,
            let source = ProxyEndpoint(address: line.address.bytes, port: line.address.port),
            let destination = ProxyEndpoint(address: local.bytes, port: local.port)
        else { return nil }
        var tls = ProxyTLS(version: negotiated.version)
        var certificate: [UInt8]?
        switch negotiated.client {
        case .notRequested, .absent:
            break
        case .verified(let client):
            tls = ProxyTLS(
                version: negotiated.version,
                clientCertificatePresented: true,
                verified: true,
                commonName: client.commonName
            )
            certificate = client.fingerprint
        case .failed:
            tls = ProxyTLS(version: negotiated.version, clientCertificatePresented: true)
        }
        return try? ProxyHeader(
            addresses: ProxyAddresses(source: source, destination: destination),
            authority: negotiated.serverName,
            tls: tls,
            correlation: line.correlation.bytes,
            certificateSHA256: certificate
        ).encoded()
    }
}
