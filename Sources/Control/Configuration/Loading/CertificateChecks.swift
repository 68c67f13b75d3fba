// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how the files of certificates are judged; a value, so that tests and daemons without the right to read keys can leave it out.

/// Which certificates are looked at while loading, and by whom.
package struct CertificateChecks: Sendable {
    /// One thing about a certificate's files.
    package struct Finding: Hashable, Sendable {
        package let isError: Bool
        package let file: String
        package let text: String

        /// All parts.
        package init(isError: Bool, file: String, text: String) {
            self.isError = isError
            self.file = file
            self.text = text
        }
    }

    /// Judges the gate's certificates and the client authority; nil: they are not looked at.
    package let server: (@Sendable (Configuration.TLS) -> [Finding])?
    /// Judges what .rdp files are signed with; nil: not looked at.
    package let signing: (@Sendable (Configuration.CertificatePair) -> [Finding])?
    /// The DNS names of a chain's first certificate; nil when it cannot be read.
    package let names: @Sendable (_ chain: String) -> [String]?

    /// Takes the three questions.
    package init(
        server: (@Sendable (Configuration.TLS) -> [Finding])?,
        signing: (@Sendable (Configuration.CertificatePair) -> [Finding])?,
        names: @escaping @Sendable (_ chain: String) -> [String]?
    ) {
        self.server = server
        self.signing = signing
        self.names = names
    }

    /// Nothing is looked at.
    package static let none = CertificateChecks(server: nil, signing: nil, names: { _ in nil })
}
