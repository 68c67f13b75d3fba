// SPDX-License-Identifier: EUPL-1.2
// Torhaus: puts what the certificates' judge says into the place that names the file.

/// Asks the checks and notes their answers.
struct CertificateFindings {
    let checks: CertificateChecks

    /// Looks at every certificate the county's file names.
    func check(_ county: CountyFile, _ findings: Findings) {
        if let server = checks.server, !county.tls.certificates.isEmpty {
            note(server(county.tls), county, findings)
            checkNames(county, findings)
        }
        if let signing = checks.signing, let pair = county.rdpSigning {
            note(signing(pair), county, findings)
        }
    }

    private func note(_ found: [CertificateChecks.Finding], _ county: CountyFile, _ findings: Findings) {
        for finding in found {
            let named = county.named[finding.file]
            let key = named?.key ?? "tls"
            let text = finding.text.contains(finding.file) ? finding.text : "\(finding.file): \(finding.text)"
            if finding.isError {
                findings.error(named?.place, key, text)
            } else {
                findings.warning(named?.place, key, text)
            }
        }
    }

    /// A public name without a certificate cannot be connected to.
    private func checkNames(_ county: CountyFile, _ findings: Findings) {
        let read = county.tls.certificates.map { checks.names($0.chain) }
        let known = read.compactMap(\.self)
        // What could not be read is a mistake already, and may have the name.
        guard known.count == read.count else { return }
        let patterns = Set(known.joined())
        for name in county.publicNames where !Self.covers(patterns, name) {
            let message = "no certificate has the name \(name)"
            let hint = "the certificates have: \(patterns.sorted().joined(separator: ", "))"
            switch county.tls.unknownName {
            case .refuse: findings.error(county.publicNamesPlace, "public_names", message, hint: hint)
            case .default: findings.warning(county.publicNamesPlace, "public_names", message, hint: hint)
            }
        }
    }

    /// RFC 6125 6.4.3: `*` stands for the whole first label.
    private static func covers(_ patterns: Set<String>, _ name: String) -> Bool {
        if patterns.contains(name) { return true }
        guard let dot = name.firstIndex(of: ".") else { return false }
        return patterns.contains("*\(name[dot...])")
    }
}
