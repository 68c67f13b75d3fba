// SPDX-License-Identifier: EUPL-1.2
// Torhaus: puts a set of policies together, or says everything that is wrong.

internal import Cedar

/// Collects rules and findings.
struct PolicyBuilder {
    let input: PolicyInput
    private var findings: [PolicyFinding] = []
    private var rules: [PolicyRule] = []
    private var names: [String: PolicyOrigin] = [:]

    init(_ input: PolicyInput) { self.input = input }

    /// The set; throws when any finding is an error.
    mutating func build(_ digest: ([UInt8]) -> String) throws(PolicyError) -> AccessPolicySet {
        let schema: CedarSchema
        let entities: EntityStore
        do throws(CedarError) {
            schema = try GatewaySchema.schema()
            let stated = EntityBuilder(input).entities
            findings += EntityBuilder.findings(input)
            entities = try EntityStore(schema.completing(stated))
        } catch {
            throw PolicyError(findings: findings + [PolicyFinding(.error, origin: input.origin, "\(error)")])
        }
        for draft in RuleWriter(input).drafts(&findings) { add(draft) }
        for file in input.guardrails { add(file) }
        let known = KnownEntities(entities)
        for rule in rules {
            findings += known.findings(rule)
            findings += schema.validate([rule.policy]).map { Self.finding($0, rule) }
        }
        findings += schema.validate(entities).map { PolicyFinding(.error, origin: input.origin, "\($0)") }
        guard !findings.contains(where: { $0.severity == .error }) else {
            throw PolicyError(findings: findings)
        }
        let text = rules.map(\.text) + PolicyCanonical.lines(input)
        return AccessPolicySet(
            rules: rules,
            schema: schema,
            entities: entities,
            version: digest(Array(text.joined(separator: "\n").utf8)),
            warnings: findings,
            input: input
        )
    }

    // MARK: Rules

    /// A rule that we wrote.
    private mutating func add(_ draft: RuleDraft) {
        do throws(CedarError) {
            for var policy in try CedarPolicySet(parsing: draft.text).policies {
                policy.id = CedarText(draft.name.name)
                add(policy, draft.name, draft.kind)
            }
        } catch {
            findings.append(
                PolicyFinding(.error, rule: draft.name.name, origin: draft.name.origin, "\(error)")
            )
        }
    }

    /// The rules of a file.
    private mutating func add(_ file: GuardrailFile) {
        do throws(CedarError) {
            let set = try CedarPolicySet(parsing: file.text)
            for template in set.templates {
                findings.append(
                    PolicyFinding(
                        .error,
                        origin: PolicyOrigin(file: file.file, position: template.policy.position),
                        "a template decides nothing",
                        hint: "write the entity in place of ?principal or ?resource"
                    )
                )
            }
            for var policy in set.policies {
                let origin = PolicyOrigin(file: file.file, position: policy.position)
                let id = policy.annotation("id")?.string ?? ""
                if !id.isEmpty, !Self.isName(id) {
                    findings.append(
                        PolicyFinding(
                            .error,
                            origin: origin,
                            "the policy's @id is no name",
                            hint:
                                "1 to \(Self.nameBytes) letters, digits, dots, hyphens and underscores of ASCII"
                        )
                    )
                }
                if id.isEmpty {
                    findings.append(
                        PolicyFinding(
                            .error,
                            origin: origin,
                            "the policy has no @id",
                            hint: "write @id(\"a-short-name\") above it; records and refusals name it"
                        )
                    )
                }
                let name = PolicyRuleName(name: "policies/\(id)", origin: origin)
                policy.id = CedarText(name.name)
                add(policy, name, .guardrail)
            }
        } catch {
            findings.append(
                PolicyFinding(
                    .error,
                    origin: PolicyOrigin(file: file.file, position: error.position),
                    error.message,
                    hint: error.hint
                )
            )
        }
    }

    /// Names stand in records, on terminals and in addresses.
    private static let nameBytes = 80

    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= nameBytes
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private mutating func add(_ policy: CedarPolicy, _ name: PolicyRuleName, _ kind: PolicyRule.Kind) {
        if let other = names.updateValue(name.origin, forKey: name.name) {
            findings.append(
                PolicyFinding(
                    .error,
                    rule: name.name,
                    origin: name.origin,
                    "another rule has this name",
                    hint: "see \(other)"
                )
            )
        }
        var problems: [PolicyFinding] = []
        let annotations = PolicyAnnotations(policy) { annotation, message, hint in
            let position = kind == .guardrail ? annotation.position : name.origin.position
            problems.append(
                PolicyFinding(
                    .error,
                    rule: name.name,
                    origin: PolicyOrigin(file: name.origin.file, position: position),
                    message,
                    hint: hint
                )
            )
        }
        findings += problems
        rules.append(PolicyRule(name: name, kind: kind, policy: policy, annotations: annotations))
    }

    /// A finding of the validator at the place where the administrator wrote.
    private static func finding(_ finding: ValidationFinding, _ rule: PolicyRule) -> PolicyFinding {
        let position = rule.kind == .guardrail ? finding.position : nil
        return PolicyFinding(
            finding.isError ? .error : .warning,
            rule: rule.name.name,
            origin: PolicyOrigin(
                file: rule.name.origin.file,
                position: position ?? rule.name.origin.position
            ),
            finding.message,
            hint: finding.hint
        )
    }
}
