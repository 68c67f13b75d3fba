// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the keys of fields. A field that has no entry here cannot be recorded.

/// The key of a field; the order of the cases is the order in every line.
package enum AuditKey: String, CaseIterable, Sendable {
    // Who and where: the same in every event.
    case correlation = "correlation_id"
    case session = "session_id"
    case municipality
    case actor
    case actorKind = "actor_kind"
    case actorClaimed = "actor_claimed"
    case source = "src_ip"
    case sourcePort = "src_port"

    // What it was about.
    case action
    case desktop
    case pool
    case target
    case way
    case transport
    case ticket
    case webSession = "web_session"

    // What was decided, and why.
    case reason = "reason_code"
    case reference
    case rule = "policy_rule"
    case policyVersion = "policy_version"
    case obligations
    case detail

    // How the person proved herself.
    case factors = "auth_factors"
    case serverName = "server_name"
    case tlsVersion = "tls_version"
    case certificate = "client_certificate"
    case userAgent = "user_agent"
    case clientName = "client_name"

    // Who read what, and who allowed it.
    case subject
    case request = "request_id"
    case purpose
    case caseNumber = "case_number"
    case approver
    case approverRole = "approver_role"
    case filter
    case format
    case period

    // The log itself.
    case origin
    case size = "log_size"
    case first = "first_index"
    case next = "next_index"
    case verifierKey = "verifier_key"
    case retentionDays = "retention_days"

    // Numbers.
    case expires
    case bytesToClient = "bytes_to_client"
    case bytesToDesktop = "bytes_to_desktop"
    case duration = "duration_ms"
    case ended = "ended_at"
    case count
    case line
    case version = "software_version"

    /// Keys of the envelope, which no event sets itself.
    package static let envelope = [
        "time", "seq", "event_code", "event", "category", "outcome", "severity", "retention",
    ]

    /// The longest text a field may carry, in UTF-8 bytes; what comes from a client is cut here.
    package static let longestText = 512

    /// The most texts a list may carry; what comes after them is not recorded.
    package static let longestList = 32
}

extension [AuditKey] {
    // Sets that many events share.
    static let who: [AuditKey] = [
        .correlation, .session, .municipality, .actor, .actorKind, .source, .sourcePort,
    ]
    /// Operators, who may act through root's account.
    static let whoOperates: [AuditKey] = who + [.actorClaimed]
    static let wire: [AuditKey] = [
        .transport, .serverName, .tlsVersion, .certificate, .userAgent, .clientName,
    ]
    static let why: [AuditKey] = [.reason, .reference, .rule, .policyVersion]
    static let place: [AuditKey] = [.desktop, .pool]
    static let sent: [AuditKey] = [.bytesToClient, .bytesToDesktop, .duration, .ended]
}

extension AuditEvent.Value {
    /// Text, or nothing when it is empty.
    static func nonEmpty(_ text: String?) -> AuditEvent.Value? {
        guard let text, !text.isEmpty else { return nil }
        return .text(text)
    }

    /// A count from outside; what does not fit is shown as the largest number.
    static func count(_ number: UInt64) -> AuditEvent.Value { .number(Int64(clamping: number)) }

    /// Texts cut to a number of UTF-8 bytes, lists to a number of texts.
    func limited(text limit: Int, list: Int) -> AuditEvent.Value {
        switch self {
        case .text(let text): .text(text.cut(toUTF8: limit))
        case .list(let texts): .list(texts.prefix(list).map { $0.cut(toUTF8: limit) })
        case .number, .flag: self
        }
    }
}

extension String {
    /// The longest prefix of whole scalars within a number of bytes.
    fileprivate func cut(toUTF8 limit: Int) -> String {
        guard limit < utf8.count else { return self }
        var kept = ""
        var size = 0
        for scalar in unicodeScalars {
            size += UTF8.width(scalar)
            if limit < size { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept
    }
}
