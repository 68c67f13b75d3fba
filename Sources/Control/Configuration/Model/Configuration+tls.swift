// SPDX-License-Identifier: EUPL-1.2
// Torhaus: certificates, and the ends of connections.

extension Configuration {
    /// A certificate chain and its key, two PEM files.
    package struct CertificatePair: Hashable, Sendable {
        package let chain: String
        package let key: String

        /// Two absolute paths.
        package init(chain: String, key: String) {
            self.chain = chain
            self.key = key
        }
    }

    /// The section `tls`.
    package struct TLS: Hashable, Sendable {
        /// Which versions, suites and groups are offered.
        package enum Profile: String, Hashable, Sendable, CaseIterable {
            case bsi
            case modern
        }

        /// Whose AES-GCM encrypts records.
        package enum RecordCipher: String, Hashable, Sendable, CaseIterable {
            /// The fastest that is there.
            case auto
            case openssl
        }

        /// What a handshake with a foreign server name gets.
        package enum UnknownName: String, Hashable, Sendable, CaseIterable {
            case refuse
            case `default`
        }

        package let profile: Profile
        package let recordCipher: RecordCipher
        package let certificates: [CertificatePair]
        package let unknownName: UnknownName
        /// PEM file; nil: no client certificate is asked for.
        package let clientAuthority: String?

        /// All parts.
        package init(
            profile: Profile = .bsi,
            recordCipher: RecordCipher = .auto,
            certificates: [CertificatePair],
            unknownName: UnknownName = .refuse,
            clientAuthority: String? = nil
        ) {
            self.profile = profile
            self.recordCipher = recordCipher
            self.certificates = certificates
            self.unknownName = unknownName
            self.clientAuthority = clientAuthority
        }
    }

    /// A host and a port.
    package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// A DNS name or a literal address without brackets.
        package let host: String
        package let port: UInt16

        /// Both parts.
        package init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        /// As it is written in a file: `10.20.1.11:3389`, `[2001:db8::1]:3389`.
        package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }
}
