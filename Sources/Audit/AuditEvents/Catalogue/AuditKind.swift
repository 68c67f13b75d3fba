// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every kind of event there is, by its stable code.

/// A kind of event; the raw value is its code: GW, family, number, and I, W or E for the severity class.
///
/// Codes are never used for something else; the families follow the reference of the security team.
package enum AuditKind: String, Sendable, Hashable, CaseIterable {
    // 1: who signed in and out.
    case signInSucceeded = "GW1001I"
    case signInFailed = "GW1001W"
    case passwordChanged = "GW1004I"
    case signInBlocked = "GW1005W"
    case signedOut = "GW1009I"

    // 2: what was granted and what was refused.
    case ticketIssued = "GW2001I"
    case signInRefused = "GW2002W"
    case listRefused = "GW2003W"
    case ticketRefused = "GW2004W"
    case tunnelRefused = "GW2005W"
    case sessionRefused = "GW2006W"
    case policyFault = "GW2007E"

    // 3: the life of a session.
    case sessionOpened = "GW3001I"
    case sessionEnded = "GW3002I"
    case desktopUnreachable = "GW3003W"
    case sessionResumed = "GW3005I"
    case sessionInterrupted = "GW3008I"
    case sessionConnected = "GW3009I"

    // 4: the front door.
    case gateIncident = "GW4001W"

    // 5: settings.
    case configurationLoaded = "GW5001I"
    case configurationRejected = "GW5001W"

    // 6: operators, and everybody who reads the log.
    case referenceLookedUp = "GW6001I"
    case operatorAction = "GW6002I"
    case operatorRefused = "GW6002W"
    case logSearched = "GW6003I"
    case readingRefused = "GW6003W"
    case logExported = "GW6004I"
    case revealRequested = "GW6005I"
    case revealApproved = "GW6006I"
    case revealRefused = "GW6006W"
    case nameRevealed = "GW6007I"
    case personInformed = "GW6008I"
    case recordsPruned = "GW6009I"
    case periodDestroyed = "GW6010I"
    case holdPlaced = "GW6011I"
    case holdLifted = "GW6012I"
    case reportMade = "GW6013I"
    case periodOpened = "GW6014I"
    case periodClosed = "GW6015I"

    // 7: the daemons and the log itself.
    case daemonStarted = "GW7001I"
    case logRepaired = "GW7002W"
    case daemonStopped = "GW7003I"
    case gateConnected = "GW7004I"
    case gateLost = "GW7004W"
    case heartbeat = "GW7005I"
    case logRecovered = "GW7006W"
    case logOpened = "GW7007I"
    case logContinued = "GW7008I"
    case witnessMissing = "GW7009W"
    case forwarderBehind = "GW7010W"
    case spaceLow = "GW7011W"
    case recordsDeliveredLate = "GW7012W"
    case clockJumped = "GW7013W"
    case refusalsDropped = "GW7014W"

    // 8: what looks wrong.
    case parallelUse = "GW8001W"

    /// What the catalogue says about this kind.
    package var definition: AuditDefinition { Self.definitions[self] ?? AuditDefinition.unregistered }

    /// Made once: every event asks for its definition.
    private static let definitions: [AuditKind: AuditDefinition] = Dictionary(
        uniqueKeysWithValues: allCases.map { kind in
            let found =
                kind.signInDefinition ?? kind.accessDefinition ?? kind.sessionDefinition
                ?? kind.gatewayDefinition ?? kind.readingDefinition ?? kind.identityDefinition
                ?? kind.logDefinition
            return (kind, found ?? AuditDefinition.unregistered)
        }
    )
}

/// What the catalogue says about one kind of event.
package struct AuditDefinition: Sendable, Hashable {
    /// Stable name such as `sign-in.succeeded`.
    package let name: String
    /// One German line for people who are no technicians.
    package let title: String
    /// One English sentence for whoever reads the log.
    package let meaning: String
    package let category: AuditCategory
    package let purpose: AuditPurpose
    package let retention: AuditRetention
    package let outcome: AuditEvent.Outcome
    package let severity: AuditEvent.Severity
    /// The fields it may have, in the register's order; most are absent when there is nothing to say.
    package let keys: [AuditKey]

    init(
        _ name: String,
        _ title: String,
        _ meaning: String,
        _ category: AuditCategory,
        _ purpose: AuditPurpose,
        _ retention: AuditRetention,
        _ outcome: AuditEvent.Outcome,
        _ severity: AuditEvent.Severity,
        _ keys: [AuditKey]...
    ) {
        self.name = name
        self.title = title
        self.meaning = meaning
        self.category = category
        self.purpose = purpose
        self.retention = retention
        self.outcome = outcome
        self.severity = severity
        let wanted = Set(keys.joined())
        self.keys = AuditKey.allCases.filter(wanted.contains)
    }

    /// Records nothing but that it happened; a test keeps every kind from ending here.
    static let unregistered = AuditDefinition(
        "unregistered",
        "",
        "",
        .operation,
        .operation,
        .operation,
        .failure,
        .error,
        []
    )
}
