// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the rules a certificate, its chain and its key are held to.

internal import Glibc

/// Collects what is wrong with the files of one certificate.
struct CertificateCheck {
    /// BSI TR-02102-1: RSA of 3000 bits and more.
    ///
    /// Keys made as "3072" have 3072.
    static let leastRSABits = 3000

    /// Time to renew a certificate by hand without hurry.
    static let warningSeconds: Int64 = 14 * 86_400

    let files: CertificateFiles

    /// BSI TR-02102-2 is asked about signatures of authorities; the modern profile and .rdp files are not.
    let profile: TLSProfile

    private(set) var problems: [CertificateProblem] = []
    private(set) var chain: [Certificate] = []
    private(set) var key: PrivateKey?

    /// Reads both files and applies the rules that do not depend on the time.
    init(_ files: CertificateFiles, profile: TLSProfile) {
        self.files = files
        self.profile = profile
        do throws(OpenSSLError) {
            chain = try Certificate.load(files.chain)
        } catch {
            problems.append(.error(files.chain, error.message))
        }
        do throws(OpenSSLError) {
            key = try PrivateKey(path: files.key)
        } catch {
            problems.append(.error(files.key, error.message))
        }
        checkKey()
        checkStrength()
        checkOrder()
    }

    static var now: Int64 { Int64(time(nil)) }

    /// Adds what follows from the date.
    mutating func checkValidity(at now: Int64) {
        for (index, certificate) in chain.enumerated() {
            let what = CertificateCheck.place(index)
            guard let start = certificate.notBefore, let end = certificate.notAfter else {
                problems.append(.error(files.chain, "the validity of \(what) cannot be read"))
                continue
            }
            if now < start {
                problems.append(
                    .error(files.chain, "\(what) is not valid before \(CalendarDay.text(start))")
                )
            } else if end < now {
                problems.append(.error(files.chain, "\(what) expired on \(CalendarDay.text(end))"))
            } else if end - now < CertificateCheck.warningSeconds {
                let days = (end - now) / 86_400
                problems.append(
                    .warning(files.chain, "\(what) expires on \(CalendarDay.text(end)), in \(days) days")
                )
            }
        }
    }

    /// Adds a rule that only servers have: names come from the subject alternative name alone.
    mutating func checkServerNames() {
        guard let leaf = chain.first else { return }
        let names = leaf.alternativeNames
        if names.hosts.isEmpty {
            let text =
                names.addresses.isEmpty
                ? "the certificate has no subject alternative name"
                : "the certificate names only addresses; clients that ask for a name will not find it"
            problems.append(
                names.addresses.isEmpty ? .error(files.chain, text) : .warning(files.chain, text)
            )
        }
        if !leaf.allowsAny(ofUsages: [ExtendedUsage.serverAuthentication, ExtendedUsage.any]) {
            problems.append(.error(files.chain, "the certificate is not meant for server authentication"))
        }
    }

    mutating func add(_ problem: CertificateProblem) { problems.append(problem) }

    // MARK: Rules

    private mutating func checkKey() {
        guard let key else { return }
        if key.readableByOthers {
            problems.append(.warning(files.key, "every user of this machine may read the key"))
        }
        if let leaf = chain.first, !leaf.matches(key) {
            problems.append(.error(files.key, "the key does not belong to the certificate in \(files.chain)"))
        }
    }

    private mutating func checkStrength() {
        for (index, certificate) in chain.enumerated() {
            let what = CertificateCheck.place(index)
            // A root's signature of itself proves nothing and is not looked at by clients.
            if index == 0 || !certificate.isSelfIssued { checkSignature(certificate, what) }
            guard let weakness = CertificateCheck.weakness(certificate.publicKey) else { continue }
            let text = "the key of \(what) is \(certificate.publicKey): \(weakness)"
            // The key of an intermediate is its authority's choice: many public ones still have RSA 2048.
            problems.append(index == 0 ? .error(files.chain, text) : .warning(files.chain, text))
        }
    }

    private mutating func checkSignature(_ certificate: Certificate, _ what: String) {
        let signature = certificate.signature
        if signature.hasBrokenDigest {
            problems.append(
                .error(files.chain, "\(what) is signed with a broken hash (\(signature))")
            )
        } else if signature.isPKCS1, profile == .bsi {
            // BSI ended PKCS#1 v1.5 in certificates with 2025, but today's authorities mostly sign so:
            // refusing would leave many counties without any certificate.
            problems.append(
                .warning(
                    files.chain,
                    "\(what) is signed with RSA PKCS#1 v1.5, which BSI TR-02102-2 no longer recommends; "
                        + "ask the authority for ECDSA or RSA-PSS"
                )
            )
        }
    }

    static func weakness(_ key: PublicKeyKind) -> String? {
        switch key {
        case .rsa(let bits):
            bits < leastRSABits ? "RSA needs 3072 bits" : nil
        case .elliptic(let curve, _):
            PublicKeyKind.allowedCurves.contains(curve) ? nil : "only P-256, P-384 and P-521 are accepted"
        case .other:
            "only RSA and ECDSA keys are accepted"
        }
    }

    private mutating func checkOrder() {
        for (index, pair) in zip(chain, chain.dropFirst()).enumerated() where !pair.1.issued(pair.0) {
            problems.append(
                .error(
                    files.chain,
                    "\(CertificateCheck.place(index)) was not issued by the certificate that follows it; "
                        + "the order is certificate, intermediate, intermediate of that"
                )
            )
        }
    }

    private static func place(_ index: Int) -> String {
        index == 0 ? "the certificate" : "intermediate certificate \(index)"
    }
}

/// Object identifiers of extended key usages.
enum ExtendedUsage {
    static let any = "2.5.29.37.0"
    static let serverAuthentication = "1.3.6.1.5.5.7.3.1"
    static let codeSigning = "1.3.6.1.5.5.7.3.3"
    /// Microsoft's "Remote Desktop document signing".
    static let remoteDesktopSigning = "1.3.6.1.4.1.311.54.1.2"
}
