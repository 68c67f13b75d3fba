// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the register of fields: what each holds, why, and what it says about a person.

/// What the register says about one field.
package struct AuditFieldEntry: Sendable, Hashable {
    /// What it holds, for whoever reads the log.
    package let meaning: String
    /// The same for the record of processing activities.
    package let german: String
    /// Why this field is needed, in German.
    package let need: String
    package let privacy: AuditPrivacy

    init(_ meaning: String, _ german: String, _ need: String, _ privacy: AuditPrivacy) {
        self.meaning = meaning
        self.german = german
        self.need = need
        self.privacy = privacy
    }
}

extension AuditKey {
    /// The entry; every key has one, the compiler sees to it.
    package var register: AuditFieldEntry {
        switch self {
        case .correlation:
            .init(
                "one connection, from TLS accept to its end; 32 hexadecimal digits",
                "Kennung einer Verbindung",
                "Ereignisse eines Vorgangs zusammenführen",
                .linked
            )
        case .session:
            .init(
                "one session; 32 hexadecimal digits",
                "Kennung einer Sitzung",
                "Beginn und Ende einer Sitzung zusammenführen",
                .linked
            )
        case .municipality:
            .init(
                "whose desktop or person it is",
                "Gemeinde",
                "Zuständigkeit; jede Gemeinde sieht nur ihre Einträge",
                .linked
            )
        case .actor:
            .init(
                "who did it, as a pseudonym of the period",
                "handelnde Person",
                "Zugriffe einer Person zuordnen können",
                .name
            )
        case .actorKind:
            .init(
                "`person`, `operator` or `system`",
                "Art des Handelnden",
                "Nutzung von Administration unterscheiden",
                .none
            )
        case .actorClaimed:
            .init(
                "who is said to have acted through root's account, as a pseudonym; only root's word stands for it",
                "angeblich handelnde Person hinter dem Konto root",
                "Eingriffe einer Person zuordnen können",
                .name
            )
        case .source:
            .init(
                "the client's address",
                "IP-Adresse des Geräts",
                "Angriffe erkennen und eingrenzen",
                .address
            )
        case .sourcePort:
            .init(
                "the client's port",
                "Port des Geräts",
                "Anschlussinhaber hinter gemeinsamer Adresse unterscheiden",
                .address
            )
        case .action:
            .init(
                "what an operator did, or was not allowed to do",
                "Eingriff",
                "Eingriffe nachvollziehen",
                .none
            )
        case .desktop:
            .init(
                "`municipality/pool/desktop`",
                "Arbeitsplatz",
                "zeigen, welcher Arbeitsplatz erreicht wurde",
                .linked
            )
        case .pool: .init("the desktop's pool", "Gruppe von Arbeitsplätzen", "Störungen eingrenzen", .linked)
        case .target:
            .init(
                "inner address of the desktop, or the file or host that an event is about",
                "technisches Ziel",
                "Störungen und Fehlleitungen finden",
                .linked
            )
        case .way:
            .init("`client` or `browser`", "Zugangsweg", "Störungen eingrenzen", .linked)
        case .transport:
            .init("how the client came in", "Übertragungsart", "Störungen eingrenzen", .linked)
        case .ticket:
            .init(
                "12 digits of the hash of the ticket",
                "gekürzte Prüfsumme der Zugangsberechtigung",
                "Missbrauch einer Berechtigung erkennen",
                .linked
            )
        case .webSession:
            .init(
                "the browser's session",
                "Kennung der Browsersitzung",
                "An- und Abmeldung zusammenführen",
                .linked
            )
        case .reason:
            .init("stable word such as `outside-hours`", "Grund", "Ablehnungen erklären", .linked)
        case .reference:
            .init(
                "what the person was shown and the help desk looks up",
                "Vorgangsnummer einer Ablehnung",
                "Rückfragen der Beschäftigten beantworten",
                .linked
            )
        case .rule:
            .init("the rule that decided", "entscheidende Regel", "Entscheidungen nachprüfen", .none)
        case .policyVersion:
            .init(
                "which settings were in force",
                "Stand der Einstellungen",
                "Entscheidungen nachprüfen",
                .none
            )
        case .obligations:
            .init(
                "limits that go with a session",
                "Auflagen einer Sitzung",
                "Entscheidungen nachprüfen",
                .none
            )
        case .detail:
            .init(
                "a technical sentence; never content, never a secret",
                "technische Einzelheit",
                "Störungen finden",
                .linked
            )
        case .factors:
            .init(
                "how the person proved herself, such as `password`, `otp`",
                "Anmeldeverfahren",
                "Stärke der Anmeldung nachweisen",
                .linked
            )
        case .serverName:
            .init("the name the client asked for", "angefragter Servername", "Fehlleitungen finden", .none)
        case .tlsVersion: .init("version of TLS", "TLS-Version", "veraltete Geräte erkennen", .none)
        case .certificate:
            .init(
                "`none`, `failed`, or the SHA-256 of the verified client certificate",
                "Prüfsumme des Gerätezertifikats",
                "Geräte der Verwaltung erkennen",
                .address
            )
        case .userAgent:
            .init(
                "what the browser calls itself",
                "Browserkennung",
                "Störungen und Angriffe eingrenzen",
                .address
            )
        case .clientName:
            .init(
                "the machine's name as the native client gives it",
                "Gerätename",
                "fremde Geräte erkennen",
                .address
            )
        case .subject:
            .init(
                "the pseudonym that a request is about",
                "betroffene Person",
                "Einsicht der betroffenen Person zuordnen",
                .linked
            )
        case .request:
            .init("number of a request or of a hold", "Nummer des Antrags", "Vorgang zusammenführen", .none)
        case .purpose:
            .init("why somebody read", "Zweck der Einsicht", "Rechtmäßigkeit der Einsicht nachweisen", .none)
        case .caseNumber:
            .init(
                "number of the case in the ticket system",
                "Vorgangsnummer",
                "Rechtmäßigkeit der Einsicht nachweisen",
                .none
            )
        case .approver:
            .init(
                "the holder of a key who agreed, as a pseudonym of the period",
                "genehmigende Person",
                "Vier-Augen-Prinzip nachweisen",
                .name
            )
        case .approverRole:
            .init(
                "the role of that holder",
                "Rolle der genehmigenden Person",
                "Vier-Augen-Prinzip nachweisen",
                .none
            )
        case .filter:
            .init("what was searched for", "Suchkriterien", "Umfang der Einsicht nachweisen", .linked)
        case .format: .init("form of an export", "Format", "Umfang der Einsicht nachweisen", .none)
        case .period:
            .init("year and month of a pseudonym", "Zeitraum", "Löschung nachweisen", .none)
        case .origin: .init("name of a log", "Name des Protokolls", "Echtheit prüfen", .none)
        case .size: .init("records in the log", "Zahl der Einträge", "Vollständigkeit prüfen", .none)
        case .first:
            .init("first index of a range", "erster Eintrag", "Löschung nachweisen", .none)
        case .next:
            .init("first index behind a range", "erster Eintrag danach", "Löschung nachweisen", .none)
        case .retentionDays:
            .init(
                "for how many days records of each class are kept",
                "eingestellte Aufbewahrungsfristen",
                "Änderungen der Fristen und Löschungen nachprüfen",
                .none
            )
        case .verifierKey:
            .init("public key of the log that goes on", "öffentlicher Schlüssel", "Echtheit prüfen", .none)
        case .expires: .init("when a right ends", "Ablaufzeit", "Befristung nachweisen", .linked)
        case .bytesToClient:
            .init("bytes sent to the client", "Datenmenge zum Gerät", "Datenabfluss erkennen", .linked)
        case .bytesToDesktop:
            .init(
                "bytes sent to the desktop",
                "Datenmenge zum Arbeitsplatz",
                "Datenabfluss erkennen",
                .linked
            )
        case .duration:
            .init("how long it lasted", "Dauer", "Störungen und Missbrauch erkennen", .linked)
        case .ended:
            .init("when it ended by the gate's clock", "Ende", "Beginn und Ende zusammenführen", .linked)
        case .count: .init("how many", "Anzahl", "Umfang erkennen", .none)
        case .line: .init("line of a file", "Zeile einer Datei", "Fehler finden", .none)
        case .version:
            .init("version of the software", "Softwarestand", "Störungen eingrenzen", .none)
        }
    }
}
