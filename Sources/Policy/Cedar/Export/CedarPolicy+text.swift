// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes policies as Cedar.

extension CedarPolicySet {
    /// The policies one after another with a blank line between; templates are left out.
    package var text: String { policies.map(\.text).joined(separator: "\n") }
}

extension CedarPolicy {
    /// The policy as Cedar, one line for each annotation, the scope and each condition; ends with a line feed.
    package var text: String {
        var lines = annotations.map { note in
            note.isBare ? "@\(note.name)" : "@\(note.name)(\(CedarEscaping.quoted(note.value.string)))"
        }
        lines.append("\(effect.rawValue) (\(scope))")
        lines += conditions.map { "\($0.kind.rawValue) { \($0.body.text) }" }
        return lines.joined(separator: "\n") + ";\n"
    }

    private var scope: String {
        [principal.text("principal"), action.text, resource.text("resource")].joined(separator: ", ")
    }
}

extension CedarScope {
    fileprivate func text(_ variable: String) -> String {
        switch self {
        case .any: variable
        case .equal(let uid): "\(variable) == \(uid)"
        case .isIn(let uid): "\(variable) in \(uid)"
        case .isType(let type): "\(variable) is \(type)"
        case .isTypeIn(let type, let uid): "\(variable) is \(type) in \(uid)"
        }
    }
}

extension CedarActionScope {
    fileprivate var text: String {
        switch self {
        case .any: "action"
        case .equal(let uid): "action == \(uid)"
        case .isIn(let uid): "action in \(uid)"
        case .isInAny(let uids): "action in [\(uids.map(\.description).joined(separator: ", "))]"
        }
    }
}
