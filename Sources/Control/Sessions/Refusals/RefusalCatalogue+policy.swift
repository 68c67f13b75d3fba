// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the sentence for each kind of reason that the rules have. German first.

internal import AccessPolicy
internal import DaemonMessages

extension AccessDenial {
    // MARK: Sign-in

    /// A refused sign-in; `signIn` are the factors that would have helped.
    static func policy(
        _ reason: PolicyReason,
        signIn stepUp: [PolicyFactor],
        _ request: AccessRequest
    ) -> AccessDenial {
        let text: LocalizedText
        switch reason {
        case .unknownPerson, .notMember, .noRule, .unknownTarget:
            return noMunicipality
        case .outsideHours:
            text = LocalizedText(
                german:
                    "Der Fernzugang ist zu dieser Zeit geschlossen. Bitte versuchen Sie es später erneut.",
                english: "Remote access is closed at this time. Please try again later."
            )
        case .zone:
            text = LocalizedText(
                german:
                    "Aus diesem Netz ist keine Anmeldung erlaubt. Bitte melden Sie sich aus einem anderen Netz an.",
                english: "Signing in is not allowed from this network. Please sign in from another network."
            )
        case .factor:
            text = factorText(request, stepUp)
        case .device:
            text = LocalizedText(
                german:
                    "Die Anmeldung ist nur mit einem Dienstgerät erlaubt. Bitte benutzen Sie Ihr Dienstgerät.",
                english:
                    "Signing in is only allowed from a managed device. Please use the device of your office."
            )
        case .client, .guardrail:
            text = LocalizedText(
                german:
                    "Ihre Anmeldung ist zurzeit nicht erlaubt. Bitte wenden Sie sich mit der Kennung an Ihre IT.",
                english:
                    "Your sign-in is not allowed at present. Please give the reference to your IT department."
            )
        case .policyFault:
            return policyFault
        }
        return AccessDenial(code: .accessDenied, reason: reason.rawValue, text: text)
    }

    // MARK: Desktops

    /// A refused desktop, for somebody whom at least one rule is about.
    static func policy(
        _ reason: PolicyReason,
        stepUp: [PolicyFactor],
        hours: OpeningHours?,
        _ request: AccessRequest
    ) -> AccessDenial {
        let text: LocalizedText
        switch reason {
        case .unknownPerson, .notMember, .noRule: return notInPool(rule: "")
        case .unknownTarget: return desktopUnknown(request.desktop?.id ?? "")
        case .policyFault: return policyFault
        case .outsideHours: text = hours.map(open) ?? closedNow
        case .zone:
            text = LocalizedText(
                german:
                    "Dieser Arbeitsplatz ist aus Ihrem jetzigen Netz nicht freigegeben. Bitte öffnen Sie ihn aus "
                    + "einem anderen Netz, zum Beispiel an Ihrem Dienstort.",
                english:
                    "This desktop is not available from the network you are in. Please open it from another "
                    + "network, such as the one in your office."
            )
        case .factor: text = factorText(request, stepUp)
        case .device:
            text = LocalizedText(
                german:
                    "Dieser Arbeitsplatz ist nur von Dienstgeräten aus erreichbar. Bitte benutzen Sie Ihr "
                    + "Dienstgerät.",
                english:
                    "This desktop can only be reached from managed devices. Please use the device of your office."
            )
        case .client:
            return AccessDenial(
                code: .desktopDenied,
                reason: reason.rawValue,
                text: wayNotOffered.text,
                listed: true
            )
        case .guardrail:
            text = LocalizedText(
                german:
                    "Dieser Arbeitsplatz ist nach den Regeln des Landkreises zurzeit gesperrt. Bitte wenden Sie "
                    + "sich an Ihre IT.",
                english:
                    "By the county's rules this desktop is closed at present. Please contact your IT department."
            )
        }
        return AccessDenial(code: .desktopDenied, reason: reason.rawValue, text: text, listed: true)
    }

    static let policyFault = AccessDenial(
        code: .unavailable,
        reason: PolicyReason.policyFault.rawValue,
        text: LocalizedText(
            german:
                "Die Zugangsregeln konnten nicht geprüft werden, darum bleibt der Zugang zu. Bitte wenden Sie sich "
                + "an Ihre IT.",
            english:
                "The access rules could not be checked, so access stays closed. Please contact your IT department."
        ),
        detail: "a rule could not be evaluated",
        listed: true
    )

    /// The word for what the clock forbids; it passes by itself.
    static let outsideHours = PolicyReason.outsideHours.rawValue

    // MARK: Parts

    private static func open(_ hours: OpeningHours) -> LocalizedText {
        LocalizedText(
            german:
                "Dieser Arbeitsplatz ist nur zu diesen Zeiten freigegeben: \(hours.german). Bitte kommen Sie dann "
                + "wieder.",
            english: "This desktop is available only at these times: \(hours.english). Please come back then."
        )
    }

    private static let closedNow = LocalizedText(
        german:
            "Dieser Arbeitsplatz ist zu dieser Zeit nicht freigegeben. Bitte versuchen Sie es später erneut.",
        english: "This desktop is not available at this time. Please try again later."
    )

    /// Too old, or missing, or of the wrong kind: names every factor that would open.
    private static func factorText(_ request: AccessRequest, _ stepUp: [PolicyFactor]) -> LocalizedText {
        guard let wanted = choice(stepUp.compactMap(\.name)) else {
            return LocalizedText(
                german:
                    "Dafür ist eine stärkere Anmeldung nötig als Ihre. Bitte wenden Sie sich an Ihre IT.",
                english: "This needs a stronger sign-in than yours. Please contact your IT department."
            )
        }
        if stepUp.contains(request.person.secondFactor.policyFactor) {
            return LocalizedText(
                german:
                    "Ihre Anmeldung liegt dafür zu lange zurück. Bitte melden Sie sich ab und mit \(wanted.german) "
                    + "wieder an.",
                english:
                    "You signed in too long ago for this. Please sign out, and sign in again with "
                    + "\(wanted.english)."
            )
        }
        // Nobody has to sign out of what she did not get into.
        let isAtTheDoor = request.action == .signIn
        return LocalizedText(
            german:
                "Dafür ist eine Anmeldung mit \(wanted.german) nötig. Bitte melden Sie sich "
                + (isAtTheDoor ? "damit an." : "ab und damit wieder an."),
            english:
                "This needs a sign-in with \(wanted.english). Please "
                + (isAtTheDoor ? "sign in that way." : "sign out, and sign in again that way.")
        )
    }

    /// "a, b oder c"; nil when there is nothing to choose from.
    private static func choice(_ names: [LocalizedText]) -> LocalizedText? {
        guard let last = names.last else { return nil }
        let others = names.dropLast()
        guard !others.isEmpty else { return last }
        return LocalizedText(
            german: others.map(\.german).joined(separator: ", ") + " oder \(last.german)",
            english: others.map(\.english).joined(separator: ", ") + " or \(last.english)"
        )
    }
}
