// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything a listener needs to answer TLS: certificates, rules, ticket keys.

internal import COpenSSL

/// One immutable set of certificates and rules.
///
/// A reload makes a new one; connections keep the old as long as they live, and session tickets go on because
/// `TicketKeys` is shared.
package final class TLSServerContext: Sendable {
    private let handles: [ContextHandle]
    private let names: NameTable
    private let unknownName: UnknownName
    private let ticketKeys: TicketKeys

    /// True when a client authority is configured: handshakes then give a `TLSClientVerdict`, and there are
    /// no session tickets.
    package let asksForClientCertificate: Bool

    /// The certificates served, in the configured order.
    package let certificates: [CertificateInfo]

    /// Reads the files and builds one context per set of names; an ECDSA and an RSA certificate for the same
    /// names share one.
    ///
    /// Throws at the first thing that must not be used (see `check`), except for dates: an expired
    /// certificate is the operator's to replace, not a reason to keep everybody out.
    package init(
        identities: [CertificateFiles],
        profile: TLSProfile,
        unknownName: UnknownName,
        clientAuthority: String?,
        ticketKeys: TicketKeys,
        records: RecordCipher = .openSSL
    ) throws(OpenSSLError) {
        guard !identities.isEmpty else { throw OpenSSLError(.certificate, "no certificate is configured") }
        let authorities: [Certificate] =
            if let clientAuthority { try Certificate.load(clientAuthority) } else { [] }

        var handles: [ContextHandle] = []
        var names = NameTable()
        var infos: [CertificateInfo] = []
        var places: [Set<String>: (index: Int, kinds: Set<String>)] = [:]
        for files in identities {
            var check = CertificateCheck(files, profile: profile)
            check.checkServerNames()
            if let problem = check.problems.first(where: { $0.severity == .error }) {
                throw OpenSSLError(.certificate, problem.description)
            }
            guard let leaf = check.chain.first, let key = check.key else { continue }
            infos.append(CertificateInfo(leaf))
            let hosts = leaf.alternativeNames.hosts
            let kind = leaf.publicKey.family
            if let place = places[Set(hosts)], !place.kinds.contains(kind) {
                try handles[place.index].use(check.chain, key, file: files.chain)
                places[Set(hosts)]?.kinds.insert(kind)
                continue
            }
            let handle = try ContextHandle(profile: profile, records: records)
            try handle.use(check.chain, key, file: files.chain)
            try handle.bindSessions(to: hosts)
            if authorities.isEmpty {
                try handle.useTickets(ticketKeys)
            } else {
                try handle.ask(forClientsOf: authorities)
            }
            names.add(hosts, index: handles.count)
            if places[Set(hosts)] == nil { places[Set(hosts)] = (handles.count, [kind]) }
            handles.append(handle)
        }
        self.handles = handles
        self.names = names
        self.unknownName = unknownName
        self.ticketKeys = ticketKeys
        asksForClientCertificate = !authorities.isEmpty
        certificates = infos
        // Unretained: whoever uses a context holds this object (see TLSConnection.context).
        for handle in handles {
            unsafe SSL_CTX_set_client_hello_cb(
                handle.ctx,
                chooseCertificate,
                Unmanaged.passUnretained(self).toOpaque()
            )
        }
    }

    /// The context that new connections start with.
    var first: OpaquePointer { unsafe handles[0].ctx }

    /// The context for the name of a client hello, nil to refuse.
    func context(for name: String?) -> OpaquePointer? {
        if let name, let index = names.find(name), handles.indices.contains(index) {
            return unsafe handles[index].ctx
        }
        return switch unknownName {
        case .refuse: nil
        case .useFirst: unsafe first
        }
    }

    /// Everything an operator should know of these files, errors and warnings, in the configured order.
    ///
    /// `now` is seconds since 1970; nil means the system's clock.
    package static func check(
        identities: [CertificateFiles],
        profile: TLSProfile,
        clientAuthority: String?,
        at now: Int64? = nil
    ) -> [CertificateProblem] {
        let now = now ?? CertificateCheck.now
        var problems: [CertificateProblem] = []
        var seen: [Set<String>: Set<String>] = [:]
        for files in identities {
            var check = CertificateCheck(files, profile: profile)
            check.checkServerNames()
            check.checkValidity(at: now)
            problems += check.problems
            guard let leaf = check.chain.first else { continue }
            let hosts = Set(leaf.alternativeNames.hosts)
            if !hosts.isEmpty, !seen[hosts, default: []].insert(leaf.publicKey.family).inserted {
                problems.append(
                    .warning(
                        files.chain,
                        "an earlier certificate has the same names and kind of key; it is used"
                    )
                )
            }
        }
        if let clientAuthority {
            problems += checkAuthority(clientAuthority, at: now)
        }
        return problems
    }

    private static func checkAuthority(_ path: String, at now: Int64) -> [CertificateProblem] {
        do throws(OpenSSLError) {
            return try Certificate.load(path).compactMap { authority in
                guard let end = authority.notAfter, now <= end else {
                    return .error(path, "the client authority \(authority.subject) has expired")
                }
                return nil
            }
        } catch {
            return [.error(path, error.message)]
        }
    }
}
