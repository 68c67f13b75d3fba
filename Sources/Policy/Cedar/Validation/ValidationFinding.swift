// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the validator has to say.

/// One thing that is wrong, or looks wrong, with a policy, an entity or a request.
package struct ValidationFinding: Hashable, Sendable {
    package enum Severity: Hashable, Sendable {
        /// What was checked does not fit the schema.
        case error
        /// It fits, and yet is probably not what its author meant.
        case warning
    }

    package enum Subject: Hashable, Sendable {
        case policy(CedarText)
        case entity(EntityUID)
        case request
    }

    /// The kind of mistake, for programs.
    package enum Kind: String, Hashable, Sendable {
        // Of policies.
        case unknownEntityType
        case unknownAction
        case noApplicableAction
        case unexpectedType
        case incompatibleTypes
        case unknownAttribute
        case unguardedAttribute
        case unguardedTag
        case noTags
        case emptySet
        case argumentCount
        case invalidLiteral
        case computedLiteral
        case tooLarge
        case impossiblePolicy
        case vacuousCondition
        // Of policies, entities and requests.
        case unknownChoice
        // Of entities and requests.
        case missingAttribute
        case wrongValue
        case wrongParent
        case actionMismatch
        case notApplicable
    }

    package let severity: Severity
    package let subject: Subject
    package let kind: Kind
    /// One lower-case phrase without full stop.
    package let message: String
    /// What to do about it, where that is known.
    package let hint: String?
    /// Where in the text of the policies; nil for entities and requests.
    package let position: SourcePosition?

    package init(
        _ kind: Kind,
        _ subject: Subject,
        _ message: String,
        hint: String? = nil,
        at position: SourcePosition? = nil
    ) {
        self.severity = kind == .impossiblePolicy || kind == .vacuousCondition ? .warning : .error
        self.subject = subject
        self.kind = kind
        self.message = message
        self.hint = hint
        self.position = position
    }

    package var isError: Bool { severity == .error }
}

extension ValidationFinding: CustomStringConvertible {
    /// The whole as one line: whose, where, what, hint.
    package var description: String {
        let owner =
            switch subject {
            case .policy(let id): "policy \(id)"
            case .entity(let uid): "entity \(uid)"
            case .request: "request"
            }
        let place = position.map { " at \($0)" } ?? ""
        let advice = hint.map { "; \($0)" } ?? ""
        return "\(owner)\(place): \(message)\(advice)"
    }
}

extension [ValidationFinding] {
    /// What must be mended.
    package var errors: [ValidationFinding] { filter(\.isError) }

    /// What should be looked at.
    package var warnings: [ValidationFinding] { filter { !$0.isError } }
}
