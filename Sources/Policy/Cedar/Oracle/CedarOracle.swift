// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of the policy engine; the fuzzer and the tests call it.

/// Traps when something that must hold does not.
package enum CedarOracle {
    /// Reads the input as policies, decides by them in every way there is, writes and reads them again.
    package static func policies(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        let set: CedarPolicySet
        do throws(CedarError) {
            set = try CedarPolicySet(parsing: text)
        } catch {
            precondition(error.position != nil || error.code == .limit, "an error without a place")
            return
        }
        let index = CedarPolicyIndex(set)
        for request in world.requests {
            let plain = set.decide(request, world.store)
            precondition(index.decide(request, world.store) == plain, "the index decides otherwise")
        }
        rewritten(set)
        policyJSON(set)
    }

    /// Reads the input as entities, and what is JSON again after writing it.
    package static func entities(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        guard let json = try? CedarJSONReader.read(text) else { return }
        precondition((try? CedarJSONReader.read(json.text)) == json, "JSON does not come back")
        if let value = try? CedarValueReader.value(json) {
            precondition(value == value && value.hashValue == value.hashValue, "a value is not itself")
            if let written = try? CedarJSONReader.read(value.json.text) {
                precondition((try? CedarValueReader.value(written)) == value, "a value does not come back")
            }
        }
        guard let stated = try? CedarEntityReader.entities(json), let store = try? EntityStore(stated) else {
            return
        }
        for entity in stated {
            guard let record = store[entity.uid] else { preconditionFailure("an entity is lost") }
            precondition(!record.ancestors.contains(entity.uid), "an entity is its own ancestor")
            precondition(record.ancestors.isSuperset(of: entity.parents), "a parent is no ancestor")
        }
    }

    /// Answers the input as a line of a batch.
    package static func batch(_ input: [UInt8]) {
        let answer = CedarBatch().answer(input)
        precondition(!answer.utf8.contains(UInt8(ascii: "\n")), "an answer of several lines")
        do throws(CedarError) {
            let json = try CedarJSONReader.read(answer)
            precondition(json["parses"]?.bool != nil, "an answer that does not say whether policies parse")
        } catch {
            // Policy JSON nests deeper than policies.
            precondition(error.code == .limit, "an answer that is no JSON")
        }
    }

    // MARK: Parts

    private static func rewritten(_ set: CedarPolicySet) {
        do throws(CedarError) {
            let again = try CedarPolicySet(parsing: set.text)
            let renamed = zip(again.policies, set.policies).map { policy, original in
                var policy = policy
                policy.id = original.id
                return policy
            }
            precondition(renamed == set.policies, "policies do not come back as they were written")
        } catch {
            // Parentheses that were not there before may go beyond the bounds.
            precondition(error.code == .limit, "policies that were written cannot be read")
        }
    }

    private static func policyJSON(_ set: CedarPolicySet) {
        guard set.jsonNodes <= CedarLimits.text else { return }
        do throws(CedarError) {
            _ = try CedarJSONReader.read(set.json.text)
        } catch {
            precondition(error.code == .limit, "policy JSON is no JSON")
        }
    }

    /// A few entities and requests that random policies may hit.
    private struct World {
        let store: EntityStore
        let requests: [CedarRequest]
    }

    private static let world: World = {
        let user = EntityUID(type: CedarName(checked: "U"), id: "a")
        let group = EntityUID(type: CedarName(checked: "G"), id: "g")
        let action = EntityUID(type: CedarName(checked: "Action"), id: "x")
        let values: [CedarText: CedarValue] = [
            "n": .long(1), "s": .string("ä*"), "b": .bool(true), "g": .entity(group),
            "r": .record(CedarRecord(["a": .long(.max)])), "l": .set(CedarSet([.long(1), .string("s")])),
            "d": .duration(CedarDuration(milliseconds: 1)), "t": .datetime(CedarDatetime(milliseconds: .min)),
            "p": .decimal(CedarDecimal(scaled: .min)),
            "i": .ip(CedarIPAddress(isV6: false, high: 0, low: 1, prefix: 0)),
        ]
        let record = CedarRecord(values)
        let entities = [
            CedarEntity(uid: user, attributes: record, tags: record, parents: [group]),
            CedarEntity(uid: group),
        ]
        let store = (try? EntityStore(entities)) ?? .empty
        let requests = [(user, group), (group, user)].map {
            CedarRequest(principal: $0.0, action: action, resource: $0.1, context: record)
        }
        return World(store: store, requests: requests)
    }()
}
