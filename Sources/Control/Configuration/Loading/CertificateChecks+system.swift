// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the certificates' judge of this machine's OpenSSL.

internal import OpenSSLKit

extension CertificateChecks {
    /// Looks at everything; whoever calls must have the right to read the keys.
    package static let all = CertificateChecks(server: judgeServer, signing: judgeSigning, names: readNames)

    /// Looks at what .rdp files are signed with, as `torhausd` may.
    ///
    /// Nothing here is an error: a certificate that expired last night must not keep everybody out this morning.
    package static let signing = CertificateChecks(
        server: nil,
        signing: { pair in
            judgeSigning(pair).map { Finding(isError: false, file: $0.file, text: $0.text) }
        },
        names: { _ in nil }
    )

    @Sendable private static func judgeServer(_ tls: Configuration.TLS) -> [Finding] {
        let profile: TLSProfile =
            switch tls.profile {
            case .bsi: .bsi
            case .modern: .modern
            }
        return TLSServerContext.check(
            identities: tls.certificates.map { CertificateFiles(chain: $0.chain, key: $0.key) },
            profile: profile,
            clientAuthority: tls.clientAuthority
        ).map(finding)
    }

    @Sendable private static func judgeSigning(_ pair: Configuration.CertificatePair) -> [Finding] {
        CMSSigner.check(CertificateFiles(chain: pair.chain, key: pair.key)).map(finding)
    }

    @Sendable private static func readNames(_ chain: String) -> [String]? {
        (try? CertificateInfo.read(chain: chain))?.first?.names
    }

    private static func finding(_ problem: CertificateProblem) -> Finding {
        Finding(isError: problem.severity == .error, file: problem.file, text: problem.text)
    }
}

/// A certificate's facts for the operator's eyes.
package struct CertificateSummary: Hashable, Sendable, CustomStringConvertible {
    /// The leaf's subject, names, key and last day in one line.
    package let description: String

    /// Nil when the chain cannot be read.
    package init?(chain: String) {
        guard let leaf = (try? CertificateInfo.read(chain: chain))?.first else { return nil }
        let names = leaf.names.isEmpty ? leaf.subject : leaf.names.joined(separator: ", ")
        description = "\(names); \(leaf.keyType); until \(leaf.lastDay)"
    }
}
