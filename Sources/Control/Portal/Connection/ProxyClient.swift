// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a PROXY header says of the client.

import DaemonMessages
import OpenSSLKit
import ProxyProtocol

extension ProxyHeader {
    /// The client; nil for a header that names none, as a proxy's own check does.
    var client: ClientContext? {
        guard let source = addresses?.source,
            let address = ClientAddress(bytes: source.mappedAddress, port: source.port),
            let correlation = correlationID
        else { return nil }
        return ClientContext(
            address: address,
            correlation: correlation,
            tlsVersion: tls?.version ?? "",
            serverName: authority ?? "",
            certificate: certificate,
            transport: .browser
        )
    }

    /// The gate's name for the connection; a new one for a load balancer that knows none.
    private var correlationID: CorrelationID? {
        if let correlation { return CorrelationID(bytes: correlation) }
        return (try? RandomBytes.make(count: 16)).flatMap { CorrelationID(bytes: $0) }
    }

    private var certificate: ClientCertificate {
        guard let tls, tls.clientCertificatePresented else { return .none }
        guard tls.verified, let certificateSHA256 else { return .failed(reason: "not verified") }
        return .verified(subject: tls.commonName ?? "", sha256: certificateSHA256)
    }
}
