// SPDX-License-Identifier: EUPL-1.2
// Torhaus: answers whole cases, one line of JSON each, so that anybody can compare us with another engine.

/// Takes cases in the form of the official test corpora and answers them.
///
/// A case is `{"name", "policies", "schema"?, "entities", "requests": […]}`; its answer is
/// `{"name", "parses", "validates", "strictErrors"?, "est"?, "results"?, "error"?}`.
/// Without schema `validates` is null; `est` is null when it would be too large. What cannot be read is answered with its error.
package struct CedarBatch: Sendable {
    package init() {}

    /// The answer to one line; never fails.
    package func answer(_ line: [UInt8]) -> String {
        do throws(CedarError) {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw CedarError(.json, "the line is not UTF-8")
            }
            return answer(try CedarJSONReader.read(text)).text
        } catch {
            return answer(name: .null, parses: false, error: "case: \(error)").text
        }
    }

    /// The answer to one case.
    package func answer(_ json: CedarJSON) -> CedarJSON {
        let name = json["name"] ?? .null
        let set: CedarPolicySet
        do throws(CedarError) {
            guard let text = json["policies"]?.string else { throw CedarError(.syntax, "there are none") }
            set = try CedarPolicySet(parsing: text.string)
        } catch {
            return answer(name: name, parses: false, error: "policies: \(error)")
        }
        var members = [
            CedarJSON.Member("name", name),
            CedarJSON.Member("parses", .bool(true)),
        ]
        do throws(CedarError) {
            let schema = try schema(json)
            if let schema {
                let errors = schema.validate(set).errors
                members.append(CedarJSON.Member("validates", .bool(errors.isEmpty)))
                members.append(CedarJSON.Member("strictErrors", .array(errors.map(\.json))))
            } else {
                members.append(CedarJSON.Member("validates", .null))
            }
            members.append(CedarJSON.Member("est", est(set)))
            let results = try results(json, set, schema)
            members.append(CedarJSON.Member("results", .array(results)))
        } catch {
            if !members.contains(where: { $0.key == "validates" }) {
                members.append(CedarJSON.Member("validates", .bool(false)))
                members.append(CedarJSON.Member("est", est(set)))
            }
            members.append(CedarJSON.Member("error", .string(CedarText(error.description))))
        }
        return .object(members)
    }

    // MARK: Parts

    private func answer(name: CedarJSON, parses: Bool, error: String) -> CedarJSON {
        [
            "name": name, "parses": .bool(parses), "validates": .bool(false),
            "error": .string(CedarText(error)),
        ]
    }

    private func est(_ set: CedarPolicySet) -> CedarJSON {
        set.jsonNodes <= CedarLimits.policyJSON ? set.json : .null
    }

    private func schema(_ json: CedarJSON) throws(CedarError) -> CedarSchema? {
        switch json["schema"] {
        case nil, .null?: return nil
        case .string(let text)?:
            do throws(CedarError) {
                return try CedarSchema(parsing: text.string)
            } catch {
                throw CedarError(error.code, "schema: \(error)")
            }
        case let other?: throw CedarError(.schema, "schema: expected a text, found \(other.kind)")
        }
    }

    private func results(
        _ json: CedarJSON,
        _ set: CedarPolicySet,
        _ schema: CedarSchema?
    ) throws(CedarError) -> [CedarJSON] {
        guard let requests = json["requests"]?.array else { return [] }
        let stated = try CedarEntityReader.entities(json["entities"] ?? .array([]), schema: schema)
        let store = try EntityStore(schema?.completing(stated) ?? stated)
        if let finding = schema?.validate(store).errors.first {
            throw CedarError(.entities, finding.description)
        }
        let index = CedarPolicyIndex(set)
        return requests.map { result($0, index, store, schema) }
    }

    private func result(
        _ json: CedarJSON,
        _ index: CedarPolicyIndex,
        _ store: EntityStore,
        _ schema: CedarSchema?
    ) -> CedarJSON {
        do throws(CedarError) {
            let request = try CedarRequestReader.request(json, schema: schema)
            // The corpora say by "validateRequest": false that a request is to be decided as it is.
            if json["validateRequest"] != false, let finding = schema?.validate(request).errors.first {
                throw CedarError(.request, finding.description)
            }
            return index.decide(request, store).json
        } catch {
            return [
                "decision": "deny", "reason": [], "errors": [],
                "error": .string(CedarText(error.description)),
            ]
        }
    }
}

extension CedarResponse {
    /// The response with the ids of policies, as the corpora write it.
    package var json: CedarJSON {
        [
            "decision": .string(CedarText(decision.rawValue)),
            "reason": .array(reasons.map(CedarJSON.string)),
            "errors": .array(faults.map { .string($0.policy) }),
        ]
    }
}

extension ValidationFinding {
    fileprivate var json: CedarJSON {
        guard case .policy(let id) = subject else { return .string(CedarText(message)) }
        return .string(CedarText("for policy `\(id)`, \(message)"))
    }
}
