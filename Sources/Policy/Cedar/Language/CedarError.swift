// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what can be wrong with a policy, its data or its evaluation.

/// The one error of this target.
///
/// Evaluation throws it on the hot path, so its parts are only put together when somebody reads them.
package struct CedarError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        // Of texts.
        case syntax
        case limit
        case json
        case entities
        case request
        case schema
        // Of evaluation; a policy that ends with one of these is skipped and reported.
        case entityMissing
        case attributeMissing
        case tagMissing
        case typeMismatch
        case overflow
        case extensionFault
        case depth
    }

    package let code: Code
    /// One lower-case phrase without full stop; for `entityMissing` and its like only the name.
    package let detail: String
    /// What to do about it, where that is known.
    package let hint: String?
    /// Where in the text; nil when the value came from no text.
    package let position: SourcePosition?

    package init(_ code: Code, _ detail: String, hint: String? = nil, at position: SourcePosition? = nil) {
        self.code = code
        self.detail = detail
        self.hint = hint
        self.position = position
    }
}

extension CedarError: CustomStringConvertible {
    /// The whole as one line: place, what, hint.
    package var description: String {
        let place = position.map { "\($0): " } ?? ""
        let advice = hint.map { "; \($0)" } ?? ""
        return "\(place)\(message)\(advice)"
    }

    /// What is wrong, without place and hint.
    package var message: String {
        switch code {
        case .syntax, .limit, .json, .entities, .request, .schema: detail
        case .entityMissing: "the entity \(detail) does not exist"
        case .attributeMissing: "the attribute \(detail) does not exist"
        case .tagMissing: "the tag \(detail) does not exist"
        case .typeMismatch: "wrong type: \(detail)"
        case .overflow: "integer overflow in \(detail)"
        case .extensionFault: detail
        case .depth: "nested too deeply: \(detail)"
        }
    }
}
