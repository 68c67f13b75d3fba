// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what every event says about who, where and in which session.

/// Ties an event to a connection, a session and a person; all parts are optional.
package struct AuditSubject: Sendable, Hashable {
    package enum ActorKind: String, Sendable, Hashable {
        /// Someone who uses desktops.
        case person
        /// Someone who runs the gateway.
        case `operator`
        /// The gateway itself.
        case system
    }

    /// From TLS accept to the end, as 32 hexadecimal digits.
    package var correlation: String?
    /// As 32 hexadecimal digits.
    package var session: String?
    package var municipality: String?
    package var actor: String?
    package var actorKind: ActorKind?
    /// Who is said to have acted through the actor's account, which is root's then.
    package var actorClaimed: String?
    /// The client's address as text.
    package var source: String?
    package var sourcePort: UInt16?

    package init(
        correlation: String? = nil,
        session: String? = nil,
        municipality: String? = nil,
        actor: String? = nil,
        actorKind: ActorKind? = nil,
        actorClaimed: String? = nil,
        source: String? = nil,
        sourcePort: UInt16? = nil
    ) {
        self.correlation = correlation
        self.session = session
        self.municipality = municipality
        self.actor = actor
        self.actorKind = actorKind
        self.actorClaimed = actorClaimed
        self.source = source
        self.sourcePort = sourcePort
    }

    /// The gateway itself did it.
    package static let system = AuditSubject(actorKind: .system)

    /// The subject's fields together with an event's own.
    func values(_ own: [AuditKey: AuditEvent.Value?] = [:]) -> [AuditKey: AuditEvent.Value?] {
        let mine: [AuditKey: AuditEvent.Value?] = [
            .correlation: .nonEmpty(correlation),
            .session: .nonEmpty(session),
            .municipality: .nonEmpty(municipality),
            .actor: .nonEmpty(actor),
            .actorKind: .nonEmpty(actorKind?.rawValue),
            .actorClaimed: .nonEmpty(actorClaimed),
            .source: .nonEmpty(source),
            .sourcePort: sourcePort.map { .number(Int64($0)) },
        ]
        return mine.merging(own) { _, chosen in chosen }
    }
}

/// What a client's connection looked like, as far as it is recorded.
package struct AuditConnection: Sendable, Hashable {
    package var transport: String
    package var serverName: String
    package var tlsVersion: String
    /// `none`, `failed`, or the verified certificate's SHA-256 in hexadecimal digits.
    package var certificate: String
    package var userAgent: String
    package var clientName: String

    package init(
        transport: String = "",
        serverName: String = "",
        tlsVersion: String = "",
        certificate: String = "none",
        userAgent: String = "",
        clientName: String = ""
    ) {
        self.transport = transport
        self.serverName = serverName
        self.tlsVersion = tlsVersion
        self.certificate = certificate
        self.userAgent = userAgent
        self.clientName = clientName
    }

    var fields: [AuditKey: AuditEvent.Value?] {
        [
            .transport: .nonEmpty(transport),
            .serverName: .nonEmpty(serverName),
            .tlsVersion: .nonEmpty(tlsVersion),
            .certificate: .nonEmpty(certificate),
            .userAgent: .nonEmpty(userAgent),
            .clientName: .nonEmpty(clientName),
        ]
    }
}

/// Why something was refused, as the record says it.
package struct AuditReason: Sendable, Hashable {
    /// Stable word such as `outside-hours`.
    package var code: String
    /// What the help desk looks up.
    package var reference: String
    /// The rule that decided.
    package var rule: String
    /// Names the set of rules that decided.
    package var policyVersion: String

    package init(code: String, reference: String = "", rule: String = "", policyVersion: String = "") {
        self.code = code
        self.reference = reference
        self.rule = rule
        self.policyVersion = policyVersion
    }

    var fields: [AuditKey: AuditEvent.Value?] {
        [
            .reason: .nonEmpty(code), .reference: .nonEmpty(reference), .rule: .nonEmpty(rule),
            .policyVersion: .nonEmpty(policyVersion),
        ]
    }
}

/// The desktop an event is about.
package struct AuditDesktop: Sendable, Hashable {
    /// `municipality/pool/desktop`.
    package var id: String
    package var pool: String

    package init(id: String, pool: String = "") {
        self.id = id
        self.pool = pool
    }

    var fields: [AuditKey: AuditEvent.Value?] { [.desktop: .nonEmpty(id), .pool: .nonEmpty(pool)] }
}
