// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checks requests against a schema.

extension CedarSchema {
    /// Checks who asks for what, and the context.
    package func validate(_ request: CedarRequest) -> [ValidationFinding] {
        guard let action = actions[request.action] else {
            return [requestFinding(.unknownAction, "there is no action \(request.action)")]
        }
        var findings: [ValidationFinding] = []
        if !action.principals.contains(request.principal.type) {
            let message = "principals of type `\(request.principal.type)` cannot ask for \(action.uid)"
            findings.append(requestFinding(.notApplicable, message))
        }
        if !action.resources.contains(request.resource.type) {
            let message = "\(action.uid) cannot be asked of resources of type `\(request.resource.type)`"
            findings.append(requestFinding(.notApplicable, message))
        }
        for uid in [request.principal, request.resource] {
            if let choices = entityTypes[uid.type]?.choices, !choices.contains(uid.id) {
                let message = "\(uid) is none of the ids `\(uid.type)` lists"
                findings.append(requestFinding(.unknownChoice, message))
            }
        }
        let conformance = ValueConformance(schema: self)
        let problems = conformance.problems(of: request.context, action.context, "the context")
        return findings + problems.map { requestFinding($0.kind, $0.message) }
    }

    private func requestFinding(_ kind: ValidationFinding.Kind, _ message: String) -> ValidationFinding {
        ValidationFinding(kind, .request, message)
    }
}
