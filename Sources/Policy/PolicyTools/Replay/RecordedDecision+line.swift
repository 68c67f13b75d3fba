// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes decisions down, so that they can be asked again.

package import AccessPolicy
internal import Cedar

extension RecordedDecision {
    /// A question with the answer it got.
    package init(_ question: PolicyQuestion, _ decision: PolicyDecision) {
        self.init(
            user: question.person.user,
            groups: question.person.groups.sorted(),
            action: question.action,
            target: question.target,
            circumstances: question.circumstances,
            isAllowed: decision.isAllowed,
            rules: decision.rules.map(\.name),
            reason: decision.reason?.rawValue,
            redirections: decision.isAllowed && AccessTarget(question.action, question.target).isSession
                ? decision.redirections : nil
        )
    }

    /// One JSON object without line feeds; reading it gives the same record.
    package var line: String { json.text }

    private var json: CedarJSON {
        var members: [(CedarText, CedarJSON)] = [
            (Key.time, .integer(circumstances.time)), (Key.user, .text(user)), (Key.groups, .texts(groups)),
            (Key.action, .text(action.rawValue)),
        ]
        switch target {
        case .gateway, .municipality(nil): break
        case .desktop(let id): members.append((Key.desktop, .text(id)))
        case .municipality(let name?): members.append((Key.municipality, .text(name)))
        }
        members += [
            (Key.address, .text(circumstances.address.description)),
            (Key.factor, .text(circumstances.factor.rawValue)),
            (Key.factorAge, .integer(circumstances.factorAge)),
            (Key.client, .text(circumstances.client.rawValue)),
            (Key.trust, .text(circumstances.trust.rawValue)),
        ]
        if let device = circumstances.device { members.append((Key.device, .text(device))) }
        members += [(Key.allowed, .bool(isAllowed)), (Key.rules, .texts(rules))]
        if let reason { members.append((Key.reason, .text(reason))) }
        if let redirections {
            members.append((Key.redirections, .texts(redirections.sorted().map(\.rawValue))))
        }
        return .object(members.map { CedarJSON.Member($0.0, $0.1) })
    }
}
