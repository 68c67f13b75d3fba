// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where a certificate and its key lie, and what an operator should know of them.

/// Two PEM files: the certificate with its intermediates, leaf first, and the private key.
package struct CertificateFiles: Hashable, Sendable {
    package let chain: String
    package let key: String

    /// Names the two files; nothing is opened yet.
    package init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }
}

/// One thing about a certificate or key that an operator should mend.
package struct CertificateProblem: Hashable, Sendable, CustomStringConvertible {
    /// How bad it is.
    package enum Severity: Hashable, Sendable {
        /// It works, and should not stay so.
        case warning
        /// It must not be used, or clients will refuse it.
        case error
    }

    package let severity: Severity

    /// The file to look at.
    package let file: String

    /// One sentence without full stop.
    package let text: String

    /// File and sentence, `/etc/torhaus/tls/gate.key: the key does not belong to the certificate in …`.
    package var description: String { "\(file): \(text)" }

    static func error(_ file: String, _ text: String) -> CertificateProblem {
        CertificateProblem(severity: .error, file: file, text: text)
    }

    static func warning(_ file: String, _ text: String) -> CertificateProblem {
        CertificateProblem(severity: .warning, file: file, text: text)
    }
}
