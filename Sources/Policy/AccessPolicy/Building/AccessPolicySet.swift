// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a set of policies in force, ready to answer.

package import Cedar

/// All rules of a county with everything they speak about; immutable, swapped as a whole.
package struct AccessPolicySet: Sendable {
    /// In the order built-in, municipalities, guardrails.
    package let rules: [PolicyRule]
    package let schema: CedarSchema
    /// Everything but people; actions included.
    package let entities: EntityStore
    /// Names this set in records; the digest of all rules and entities.
    package let version: String
    /// What should be looked at and does not stop the set.
    package let warnings: [PolicyFinding]
    /// Municipalities with their pools, groups and desktops, as given.
    package let input: PolicyInput
    let people: PeopleTable
    let zones: ZoneTable
    let plans: TargetPlans

    /// Compiles, validates and prepares everything.
    ///
    /// `digest` makes a short text of bytes, such as SHA-256 in hexadecimal.
    /// Throws everything that is wrong at once.
    package init(_ input: PolicyInput, digest: ([UInt8]) -> String) throws(PolicyError) {
        var builder = PolicyBuilder(input)
        self = try builder.build(digest)
    }

    init(
        rules: [PolicyRule],
        schema: CedarSchema,
        entities: EntityStore,
        version: String,
        warnings: [PolicyFinding],
        input: PolicyInput
    ) {
        self.rules = rules
        self.schema = schema
        self.entities = entities
        self.version = version
        self.warnings = warnings
        self.input = input
        people = PeopleTable(input, rules)
        zones = ZoneTable(input.zones)
        plans = TargetPlans(input, rules, entities)
    }

    /// The rules as one Cedar policy set, for tools.
    package var policySet: CedarPolicySet { CedarPolicySet(rules.map(\.policy)) }

    /// A person by user name and NSS groups; anybody will do, the rules decide whether they matter.
    package func person(_ user: String, groups: some Sequence<String>) -> PolicyPerson {
        people.person(user, Set(groups))
    }
}
