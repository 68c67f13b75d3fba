// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the sentences of every refusal: what happened, and what to do next. German first.

internal import DaemonMessages

extension AccessDenial {
    // MARK: Tickets

    static let ticketMalformed = AccessDenial(
        code: .ticketMalformed,
        reason: "ticket-malformed",
        text: LocalizedText(
            german:
                "Die Verbindungsdatei ist beschädigt. Bitte öffnen Sie den Arbeitsplatz im Portal erneut.",
            english: "The connection file is damaged. Please open the desktop in the portal again."
        )
    )

    static let ticketUnknown = AccessDenial(
        code: .ticketInvalid,
        reason: "ticket-unknown",
        text: startAgain
    )

    static let ticketExpired = AccessDenial(
        code: .ticketInvalid,
        reason: "ticket-expired",
        text: LocalizedText(
            german:
                "Die Verbindungsdatei ist abgelaufen. Bitte öffnen Sie den Arbeitsplatz im Portal erneut.",
            english: "The connection file has expired. Please open the desktop in the portal again."
        )
    )

    static let ticketEnded = AccessDenial(code: .ticketInvalid, reason: "ticket-ended", text: startAgain)

    static let ticketRevoked = AccessDenial(
        code: .ticketInvalid,
        reason: "ticket-revoked",
        text: LocalizedText(
            german: "Sie haben sich abgemeldet. Bitte melden Sie sich im Portal erneut an.",
            english: "You have signed out. Please sign in at the portal again."
        )
    )

    static let graceOver = AccessDenial(
        code: .ticketInvalid,
        reason: "grace-over",
        text: LocalizedText(
            german:
                "Die Verbindung war zu lange unterbrochen. Bitte öffnen Sie den Arbeitsplatz im Portal erneut.",
            english:
                "The connection was interrupted for too long. Please open the desktop in the portal again."
        )
    )

    static let sessionLimitReached = AccessDenial(
        code: .ticketInvalid,
        reason: "session-limit",
        text: LocalizedText(
            german:
                "Die erlaubte Sitzungsdauer ist erreicht. Bitte öffnen Sie den Arbeitsplatz im Portal erneut.",
            english:
                "The session has reached its longest duration. Please open the desktop in the portal again."
        )
    )

    static func wrongNetwork(issued: String, used: String) -> AccessDenial {
        AccessDenial(
            code: .wrongNetwork,
            reason: "wrong-network",
            text: LocalizedText(
                german:
                    "Ihr Netzwerk hat gewechselt. Bitte melden Sie sich aus diesem Netzwerk im Portal an.",
                english: "Your network has changed. Please sign in at the portal from this network."
            ),
            detail: "issued to \(issued), used from \(used)"
        )
    }

    static let alreadyConnected = AccessDenial(
        code: .alreadyConnected,
        reason: "already-connected",
        text: LocalizedText(
            german:
                "Diese Verbindungsdatei wird schon benutzt. Schließen Sie das andere Fenster oder öffnen Sie "
                + "den Arbeitsplatz im Portal erneut.",
            english:
                "This connection file is in use. Close the other window, or open the desktop in the portal "
                + "again."
        )
    )

    // MARK: Persons

    static let credentialsWrong = AccessDenial(
        code: .credentialsWrong,
        reason: "credentials-wrong",
        text: LocalizedText(
            german:
                "Die Anmeldung ist fehlgeschlagen. Bitte prüfen Sie Benutzername, Passwort und Einmalcode.",
            english: "The sign-in failed. Please check user name, password and one-time code."
        )
    )

    static let noMunicipality = AccessDenial(
        code: .accessDenied,
        reason: "no-municipality",
        text: LocalizedText(
            german:
                "Ihr Konto ist für den Fernzugang nicht freigeschaltet. Bitte wenden Sie sich an Ihre IT.",
            english: "Your account is not enabled for remote access. Please contact your IT department."
        )
    )

    static let tooManySessions = AccessDenial(
        code: .tooManySessions,
        reason: "too-many-sessions",
        rule: "county/sessions-per-person",
        text: LocalizedText(
            german:
                "Sie haben zu viele Arbeitsplätze geöffnet. Bitte schließen Sie einen und versuchen Sie es "
                + "erneut.",
            english: "You have too many desktops open. Please close one and try again."
        )
    )

    static let tooManyTickets = AccessDenial(
        code: .tooManySessions,
        reason: "too-many-tickets",
        rule: "county/tickets-per-person",
        text: LocalizedText(
            german: "Sie haben sehr viele Verbindungsdateien angefordert. Bitte warten Sie einige Minuten.",
            english: "You have asked for a great many connection files. Please wait a few minutes."
        )
    )

    static let reauthenticationFailed = AccessDenial(
        code: .reauthenticationFailed,
        reason: "reauthentication-failed",
        text: LocalizedText(
            german:
                "Ihre Anmeldung konnte nicht bestätigt werden. Bitte melden Sie sich im Portal erneut an.",
            english: "Your sign-in could not be confirmed. Please sign in at the portal again."
        )
    )

    // MARK: Desktops

    /// The sentence says nothing but no, whatever the reason in the record is.
    static func notInPool(rule: String, reason: String = "not-in-group") -> AccessDenial {
        AccessDenial(code: .desktopDenied, reason: reason, rule: rule, text: notYours)
    }

    static func desktopUnknown(_ name: String) -> AccessDenial {
        AccessDenial(code: .desktopDenied, reason: "desktop-unknown", text: notYours, detail: name)
    }

    static func desktopAmbiguous(_ name: String) -> AccessDenial {
        AccessDenial(
            code: .desktopDenied,
            reason: "desktop-ambiguous",
            text: LocalizedText(
                german:
                    "Der Name passt auf mehrere Arbeitsplätze. Bitte öffnen Sie den Arbeitsplatz im Portal.",
                english: "The name fits several desktops. Please open the desktop in the portal."
            ),
            detail: name
        )
    }

    static func otherDesktop(wanted: String, ticket: String) -> AccessDenial {
        AccessDenial(
            code: .desktopDenied,
            reason: "other-desktop",
            text: LocalizedText(
                german:
                    "Die Verbindungsdatei gilt für einen anderen Arbeitsplatz. Bitte öffnen Sie den gewünschten "
                    + "im Portal.",
                english:
                    "The connection file is for another desktop. Please open the one you want in the portal."
            ),
            detail: "wanted \(wanted), ticket is for \(ticket)"
        )
    }

    static let wayNotOffered = AccessDenial(
        code: .desktopDenied,
        reason: "way-not-offered",
        text: LocalizedText(
            german:
                "Dieser Arbeitsplatz kann so nicht geöffnet werden. Bitte wählen Sie im Portal den anderen Weg.",
            english: "This desktop cannot be opened in this way. Please choose the other way in the portal."
        )
    )

    // MARK: Us

    static func unavailable(_ detail: String) -> AccessDenial {
        AccessDenial(
            code: .unavailable,
            reason: "unavailable",
            text: LocalizedText(
                german:
                    "Der Fernzugang ist im Moment gestört. Bitte versuchen Sie es in einigen Minuten erneut.",
                english: "Remote access is out of order at the moment. Please try again in a few minutes."
            ),
            detail: detail
        )
    }

    private static let startAgain = LocalizedText(
        german: "Diese Verbindungsdatei gilt nicht mehr. Bitte öffnen Sie den Arbeitsplatz im Portal erneut.",
        english: "This connection file is no longer valid. Please open the desktop in the portal again."
    )

    private static let notYours = LocalizedText(
        german: "Dieser Arbeitsplatz ist für Sie nicht freigegeben. Bitte wenden Sie sich an Ihre IT.",
        english: "This desktop is not open to you. Please contact your IT department."
    )
}
