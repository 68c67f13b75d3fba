// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what an event is about, why it is recorded, and for how long.

/// What an event is about; each has its page in the reports.
package enum AuditCategory: String, Sendable, Hashable, CaseIterable {
    case signIn = "sign-in"
    case access
    case session
    case gate
    case configuration
    case administration
    case reading
    case identity
    case log
    case operation
    case detection
}

/// Why it is recorded; using it for anything else needs a new legal check (GDPR Article 5).
package enum AuditPurpose: String, Sendable, Hashable, CaseIterable {
    case accessControl = "access-control"
    case attackDetection = "attack-detection"
    case operation
    case changeControl = "change-control"
    case accountability

    /// As the record of processing activities says it.
    package var german: String {
        switch self {
        case .accessControl:
            "Nachweis, wer wann auf welchen Arbeitsplatz zugegriffen hat (Zugangs- und Zugriffskontrolle)"
        case .attackDetection: "Erkennen, Abwehren und Aufklären von Angriffen"
        case .operation: "Erkennen und Beheben von Störungen"
        case .changeControl: "Nachvollziehen von Änderungen an der Anlage"
        case .accountability: "Nachweis, dass Einsicht, Auskunft und Löschung rechtmäßig waren"
        }
    }

    /// Where the duty comes from; the controller checks and completes it.
    package var basis: String {
        switch self {
        case .accessControl: "Art. 5 Abs. 1 Buchst. f und Art. 32 DSGVO; IT-Grundschutz OPS.1.1.5"
        case .attackDetection: "Art. 32 DSGVO; IT-Grundschutz DER.1; BSI-Mindeststandard Protokollierung"
        case .operation: "Art. 32 Abs. 1 Buchst. b und c DSGVO"
        case .changeControl: "Art. 32 Abs. 1 Buchst. d DSGVO; IT-Grundschutz OPS.1.1.5"
        case .accountability: "Art. 5 Abs. 2, Art. 15 und Art. 17 DSGVO"
        }
    }

    package var english: String {
        switch self {
        case .accessControl: "prove who reached which desktop, and when"
        case .attackDetection: "notice, stop and clear up attacks"
        case .operation: "notice and mend faults"
        case .changeControl: "follow changes of the installation"
        case .accountability: "prove that reading, information and erasure were lawful"
        }
    }
}

/// How long a record is kept; the county may set other numbers of days.
package enum AuditRetention: String, Sendable, Hashable, CaseIterable {
    /// Sign-ins, decisions and sessions.
    case access
    /// Refusals, incidents, detections.
    case security
    /// Nothing about a person: starts, stops, settings, the log's own health.
    case operation
    /// Who read, revealed, informed, erased.
    case accountability

    /// Days from the record's time.
    ///
    /// 90 is the example of the BSI's minimum standard for logging (PD.2.1.04 c), also for security events
    /// about a person; a longer time for a proven attack is a legal hold. Proof of lawful reading is kept
    /// for the three years of the general limitation period (BGB § 195).
    package var defaultDays: Int {
        switch self {
        case .access, .security: 90
        case .operation: 365
        case .accountability: 1095
        }
    }

    package var german: String {
        switch self {
        case .access: "Zugang"
        case .security: "Sicherheit"
        case .operation: "Betrieb"
        case .accountability: "Rechenschaft"
        }
    }
}

/// What a field says about a person.
package enum AuditPrivacy: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// Something about the person whose pseudonym stands in the same record.
    case linked
    /// A network address or a machine; views shorten it after a week.
    case address
    /// A person's name; the log gets a pseudonym in its place.
    case name

    package var german: String {
        switch self {
        case .none: "kein Personenbezug"
        case .linked: "beziehbar über das Pseudonym"
        case .address: "Gerätekennung; in der Ansicht nach 7 Tagen gekürzt"
        case .name: "wird vor dem Schreiben durch ein Pseudonym ersetzt"
        }
    }
}
