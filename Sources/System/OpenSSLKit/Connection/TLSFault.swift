// SPDX-License-Identifier: EUPL-1.2
// Torhaus: why a TLS connection ended in anger.

/// The kind of failure; fixed texts, nothing from the peer but the number of its alert.
package enum TLSFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The peer sent a fatal alert with this number (RFC 8446, 6.2).
    case peerAlert(UInt8)
    /// What arrived is not TLS at all.
    case notTLS
    /// Records or messages that break the protocol, or fail to decrypt.
    case protocolViolation
    /// No common version, suite, group or signature algorithm.
    case nothingShared
    /// No certificate for the name the client asked for.
    case unrecognizedName
    /// The client offered application protocols, and none of them is ours.
    case noApplicationProtocol
    /// The client's certificate or its signature could not be read.
    case clientCertificate
    /// The line closed before the handshake was done.
    case closedInHandshake
    /// The line was reset.
    case reset
    /// The socket failed with this errno.
    case inputOutput(Int32)
    /// More unsent bytes than a connection may keep: its writer did not wait.
    case overflow
    /// The library failed where only it can be the reason.
    case library

    /// One lower-case sentence for logs and audit records.
    package var description: String {
        switch self {
        case .peerAlert(let number): "the client sent tls alert \(number)"
        case .notTLS: "the client does not speak tls"
        case .protocolViolation: "the client broke the tls protocol"
        case .nothingShared: "no tls version, suite, group or signature in common"
        case .unrecognizedName: "no certificate for the requested name"
        case .noApplicationProtocol: "no application protocol in common"
        case .clientCertificate: "the client certificate could not be read"
        case .closedInHandshake: "the line closed during the tls handshake"
        case .reset: "the line was reset"
        case .inputOutput(let code): "the socket failed with error \(code)"
        case .overflow: "too many unsent bytes"
        case .library: "the tls library failed"
        }
    }
}
