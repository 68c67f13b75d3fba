// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a certificate's facts for people, without any handle of the library.

/// What `torhaus check` and the status page show of a certificate.
package struct CertificateInfo: Hashable, Sendable {
    /// RFC 2253 text.
    package let subject: String
    package let issuer: String
    /// DNS names of the subject alternative name, lower case.
    package let names: [String]
    /// Seconds since 1970.
    package let notBefore: Int64
    package let notAfter: Int64
    /// The kind of key: `ECDSA P-256`, `RSA 3072`.
    package let keyType: String
    package let keyBits: Int
    /// How the issuer signed: `ECDSA, SHA256`.
    package let signature: String
    /// SHA-256 of the DER.
    package let sha256: [UInt8]
    /// SHA-1 of the DER as upper-case hex: the form in which Windows policies name trusted publishers.
    package let thumbprint: String

    init(_ certificate: Certificate) {
        subject = certificate.subject
        issuer = certificate.issuer
        names = certificate.alternativeNames.hosts
        notBefore = certificate.notBefore ?? 0
        notAfter = certificate.notAfter ?? 0
        keyType = certificate.publicKey.description
        keyBits = certificate.publicKey.bits
        signature = certificate.signature.description
        sha256 = certificate.fingerprint
        thumbprint = Hex.upper(certificate.thumbprint)
    }

    /// The last day of validity in UTC, `2026-11-23`.
    package var lastDay: String { CalendarDay.text(notAfter) }

    /// The certificates of a PEM file, leaf first as the file has them.
    package static func read(chain path: String) throws(OpenSSLError) -> [CertificateInfo] {
        try Certificate.load(path).map(CertificateInfo.init)
    }
}

/// Bytes as hexadecimal text.
enum Hex {
    static func upper(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}

/// Days in UTC, without Foundation.
enum CalendarDay {
    private static let secondsPerDay: Int64 = 86_400
    /// Year 1 to 9999: what a certificate can say.
    private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// The day, as `2026-11-23`, of a time in seconds since 1970.
    ///
    /// Days are counted from 1 March of year 0, as in H. Hinnant's "chrono-compatible low-level date
    /// algorithms": leap days then fall on the end of a year.
    static func text(_ seconds: Int64) -> String {
        let clamped = min(max(seconds, range.lowerBound), range.upperBound)
        let days = (clamped - (clamped < 0 ? secondsPerDay - 1 : 0)) / secondsPerDay + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
