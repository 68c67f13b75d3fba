// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every schema and policy; the fuzzer and the tests call it.

/// Reads a schema and policies from one input and tries the promise of validation.
package enum CedarSchemaOracle {
    /// What stands between the schema and the policies.
    package static let separator: UInt8 = 0

    // Larger schemas would only repeat what small ones show, at the cost of the fuzzer's speed.
    private static let types = 40
    private static let requests = 60

    /// Traps when a schema names what it does not declare, when a sample of it does not conform to it, or
    /// when a valid policy fails for a reason validation rules out.
    package static func run(_ input: [UInt8]) {
        let parts = input.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first else { return }
        let text = String(decoding: first, as: UTF8.self)
        guard let schema = try? CedarSchema(parsing: text) else { return }
        isClosed(schema)
        guard schema.entityTypes.count <= types else { return }
        let policies = parts.count == 2 ? policies(String(decoding: parts[1], as: UTF8.self), schema) : []
        for fullness in SchemaSample.Fullness.allCases { keepsPromise(schema, policies, fullness) }
    }

    private static func policies(_ text: String, _ schema: CedarSchema) -> [CedarPolicy] {
        guard let set = try? CedarPolicySet(parsing: text) else { return [] }
        return set.policies.filter { schema.validate([$0]).errors.isEmpty }
    }

    private static func isClosed(_ schema: CedarSchema) {
        for type in schema.entityTypes.values {
            precondition(type.ancestors.allSatisfy { schema.entityTypes[$0] != nil }, "an unknown parent")
        }
        for action in schema.actions.values {
            precondition(action.ancestors.allSatisfy { schema.actions[$0] != nil }, "an unknown group")
            precondition(!action.ancestors.contains(action.uid), "an action in itself")
            let types = action.principals + action.resources
            precondition(types.allSatisfy { schema.entityTypes[$0] != nil }, "an unknown type")
        }
    }

    private static func keepsPromise(
        _ schema: CedarSchema,
        _ policies: [CedarPolicy],
        _ fullness: SchemaSample.Fullness
    ) {
        let sample = SchemaSample(schema, fullness)
        guard let stated = try? EntityStore(sample.entities),
            let store = try? EntityStore(schema.completing(sample.entities))
        else { preconditionFailure("the sample makes no store") }
        precondition(schema.validate(stated).isEmpty, "a sample does not conform to its schema")
        for request in sample.requests(limit: requests) {
            precondition(schema.validate(request).isEmpty, "a request does not conform to its schema")
            let authorizer = CedarAuthorizer(request, store)
            for policy in policies {
                guard case .failed(let error) = authorizer.verdict(of: policy) else { continue }
                // Validation promises nothing about sums and about entities that are not there.
                precondition(
                    error.code == .overflow || error.code == .entityMissing,
                    "a valid policy fails: \(error)"
                )
            }
        }
    }
}
