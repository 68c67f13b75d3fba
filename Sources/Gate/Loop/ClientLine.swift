// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a client with a finished TLS handshake, and what is known of it.

internal import DaemonMessages
internal import LinuxKit
internal import OpenSSLKit

/// Owned by one thread at a time; passing it on passes the connection on.
final class ClientLine: @unchecked Sendable {
    // Unchecked: whoever takes it out of a mailbox is its only user.
    var tls: TLSConnection
    let address: NetworkAddress
    let correlation: CorrelationID
    private let limiter: AddressLimiter
    private var isHalfOpen = true
    private var isCounted = true

    /// The address has a place at the limiter; it is given back by `hangUp`, at the latest when this object goes.
    init(
        tls: consuming TLSConnection,
        address: NetworkAddress,
        correlation: CorrelationID,
        limiter: AddressLimiter
    ) {
        self.tls = tls
        self.address = address
        self.correlation = correlation
        self.limiter = limiter
    }

    deinit { leave() }

    /// Closes the socket and gives the places back; what the library holds stays until the object goes.
    func hangUp() {
        leave()
        tls.hangUp()
    }

    private func leave() {
        guard isCounted else { return }
        proven()
        limiter.leave()
        isCounted = false
    }

    /// The client has shown a request that counts: it no longer takes a half-open place.
    func proven() {
        guard isHalfOpen else { return }
        limiter.leaveHalfOpen(AddressKey(address))
        isHalfOpen = false
    }

    /// What the control plane is told about the client; nil only for an address or a handshake that is none.
    func context(
        transport: ClientTransport,
        userAgent: String,
        clientName: String = ""
    ) -> ClientContext? {
        // Asked of the library each time: an idle connection keeps no text.
        guard let client = ClientAddress(bytes: address.bytes, port: address.port),
            let negotiated = tls.negotiated
        else { return nil }
        let certificate: ClientCertificate =
            switch negotiated.client {
            case .notRequested, .absent: .none
            case .verified(let certificate):
                .verified(subject: certificate.subject, sha256: certificate.fingerprint)
            case .failed(_, let reason, _): .failed(reason: reason)
            }
        return ClientContext(
            address: client,
            correlation: correlation,
            tlsVersion: negotiated.version,
            serverName: negotiated.serverName ?? "",
            certificate: certificate,
            transport: transport,
            userAgent: userAgent,
            clientName: clientName
        )
    }
}
