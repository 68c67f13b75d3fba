// SPDX-License-Identifier: EUPL-1.2
// Torhaus: decisions, and that the index changes none of them.

import Testing

@testable import Cedar

@Suite("Decisions")
struct AuthorizerTests {
    private let request = CedarRequest(
        principal: uid("U", "a"),
        action: uid("Action", "x"),
        resource: uid("R", "r")
    )

    private func decide(_ text: String) throws -> CedarResponse {
        let set = try CedarPolicySet(parsing: text)
        let response = set.decide(request, .empty)
        #expect(CedarPolicyIndex(set).decide(request, .empty) == response)
        return response
    }

    @Test("nothing is allowed that no policy permits")
    func empty() throws {
        #expect(try decide("") == CedarResponse(decision: .deny, reasons: [], faults: []))
    }

    @Test("a forbid wins and is the only reason")
    func forbid() throws {
        let response = try decide(
            """
            permit(principal, action, resource);
            forbid(principal, action, resource) unless { false };
            forbid(principal, action, resource) when { false };
            """
        )
        #expect(response == CedarResponse(decision: .deny, reasons: ["policy1"], faults: []))
    }

    @Test("a policy that fails is skipped and reported with its effect")
    func faults() throws {
        let response = try decide(
            """
            forbid(principal, action, resource) when { resource.secret };
            permit(principal, action, resource) when { 1 };
            permit(principal, action, resource);
            permit(principal == U::"b", action, resource) when { 1 };
            """
        )
        #expect(response.decision == .allow)
        #expect(response.reasons == ["policy2"])
        #expect(response.faults.map(\.policy) == ["policy0", "policy1"])
        #expect(response.faults.map(\.effect) == [.forbid, .permit])
        #expect(response.faults.first?.error.code == .entityMissing)
    }

    @Test("a condition that does not hold hides the failure of the next")
    func order() throws {
        let response = try decide("permit(principal, action, resource) when { false } when { 1 };")
        #expect(response == CedarResponse(decision: .deny, reasons: [], faults: []))
    }

    @Test("a verdict tells what one policy says")
    func verdicts() throws {
        let set = try CedarPolicySet(
            parsing: """
                permit(principal == U::"b", action, resource);
                permit(principal, action in [], resource);
                permit(principal is U, action, resource) when { false };
                permit(principal is U in U::"a", action in [Action::"x"], resource == R::"r");
                """
        )
        let authorizer = CedarAuthorizer(request, .empty)
        #expect(
            set.policies.map { authorizer.verdict(of: $0) }
                == [.outOfScope, .outOfScope, .unsatisfied, .satisfied]
        )
    }

    @Test("the index decides as the scan over all policies does", arguments: 0..<40)
    func index(_ seed: UInt64) throws {
        var world = RandomWorld(seed: seed)
        let set = CedarPolicySet((0..<60).map { world.policy($0) })
        let store = try world.store()
        let index = CedarPolicyIndex(set)
        for _ in 0..<60 {
            let request = world.request()
            #expect(index.decide(request, store) == set.decide(request, store), "seed \(seed)")
        }
    }
}

/// Small random hierarchies and policies over them, many of which match.
struct RandomWorld {
    private var numbers: Numbers

    init(seed: UInt64) { numbers = Numbers(seed: seed) }

    mutating func store() throws -> EntityStore {
        var entities: [CedarEntity] = []
        for type in ["U", "R", "Action"] {
            for number in 0..<8 {
                let parents = (0..<number).filter { _ in Int.random(in: 0..<4, using: &numbers) == 0 }
                entities.append(
                    CedarEntity(uid: uid(type, "\(number)"), parents: Set(parents.map { uid(type, "\($0)") }))
                )
            }
        }
        return try EntityStore(entities)
    }

    mutating func request() -> CedarRequest {
        CedarRequest(principal: entity("U"), action: entity("Action"), resource: entity("R"))
    }

    mutating func policy(_ number: Int) -> CedarPolicy {
        let bodies: [CedarExpression.Kind] = [
            .literal(.bool(true)), .literal(.bool(false)), .literal(.long(1)),
        ]
        let body = CedarExpression(pick(bodies) ?? .variable(.context), at: .start)
        return CedarPolicy(
            id: CedarText("p\(number)"),
            effect: pick([.permit, .permit, .forbid]) ?? .permit,
            principal: scope("U"),
            action: action(),
            resource: scope("R"),
            conditions: pick([true, false]) == true ? [CedarCondition(.when, body, at: .start)] : []
        )
    }

    private mutating func scope(_ type: String) -> CedarScope {
        let name = CedarName(checked: CedarText(type))
        return pick([
            .any, .equal(entity(type)), .isIn(entity(type)), .isType(name), .isTypeIn(name, entity(type)),
        ])
            ?? .any
    }

    private mutating func action() -> CedarActionScope {
        let actions = (0..<3).map { _ in entity("Action") }
        return pick([
            .any, .equal(entity("Action")), .isIn(entity("Action")), .isInAny(actions), .isInAny([]),
        ]) ?? .any
    }

    /// One of the eight of this type, or one that is not in the store.
    private mutating func entity(_ type: String) -> EntityUID {
        uid(type, "\(Int.random(in: 0..<9, using: &numbers))")
    }

    private mutating func pick<T>(_ choices: [T]) -> T? { choices.randomElement(using: &numbers) }
}
