// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one case of a corpus, and how our answers compare.

import Testing

@testable import Cedar

/// Policies, entities and requests with the official answers.
struct ConformanceCase {
    let name: String
    let json: CedarJSON
    let policies: String

    init(_ json: CedarJSON) throws {
        self.json = json
        name = try #require(json["name"]?.string).string
        policies = try #require(json["policies"]?.string).string
    }

    /// What our implementation says otherwise than the official one.
    func check(into count: inout ConformanceCount) {
        do {
            let set = try CedarPolicySet(parsing: policies)
            let isTrivial = set.isTrivial
            if let official = json["est"] {
                count.compare(name, "policy JSON", isTrivial: isTrivial, set.json.sorted == official.sorted)
            }
            let again = try? CedarPolicySet(parsing: set.text)
            count.compare(name, "text written and read again", isTrivial: isTrivial, again == set)
            let schema = try json["schema"]?.string.map { try CedarSchema(parsing: $0.string) }
            let stated = try CedarEntityReader.entities(try #require(json["entities"]), schema: schema)
            let store = try EntityStore(schema?.completing(stated) ?? stated)
            let index = CedarPolicyIndex(set)
            for request in try #require(json["requests"]?.array) {
                let asked = try CedarRequestReader.request(request, schema: schema)
                let answer = set.decide(asked, store)
                count.compare(name, "decision", isTrivial: isTrivial, answer.isOfficial(request))
                count.compare(name, "index", isTrivial: isTrivial, index.decide(asked, store) == answer)
            }
        } catch {
            count.fail(name, "\(error)")
        }
    }
}

extension CedarPolicySet {
    /// Whether all conditions of all policies are literally `true`: such a case tests little.
    var isTrivial: Bool {
        policies.allSatisfy { $0.conditions.allSatisfy { $0.body.kind == .literal(.bool(true)) } }
    }
}

extension CedarResponse {
    /// Whether decision, reasons and failed policies are those of the corpus, in any order.
    func isOfficial(_ json: CedarJSON) -> Bool {
        decision.rawValue == json["decision"]?.string?.string
            && Set(reasons.map(CedarJSON.string)) == Set(json["reason"]?.array ?? [.null])
            && Set(faults.map { CedarJSON.string($0.policy) }) == Set(json["errors"]?.array ?? [.null])
    }
}

extension CedarJSON {
    /// The same value with the members of all objects in the order of their keys.
    var sorted: CedarJSON {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
        default: self
        }
    }
}
