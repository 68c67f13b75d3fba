// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a policy has made sure of before it goes on.

/// Attributes and tags that are known to be there because a test for them came before.
struct Capabilities {
    enum Capability: Hashable {
        case attribute(ExpressionKey, CedarText)
        case tag(ExpressionKey, ExpressionKey)
    }

    private var all: Set<Capability>

    static let none = Capabilities(all: [])

    private init(all: Set<Capability>) { self.all = all }

    init(_ one: Capability) { all = [one] }

    var isEmpty: Bool { all.isEmpty }

    func contains(_ capability: Capability) -> Bool { all.contains(capability) }

    mutating func formUnion(_ other: Capabilities) {
        if other.all.isEmpty { return }
        if all.isEmpty { all = other.all } else { all.formUnion(other.all) }
    }

    func union(_ other: Capabilities) -> Capabilities {
        var both = self
        both.formUnion(other)
        return both
    }

    func intersection(_ other: Capabilities) -> Capabilities {
        all.isEmpty || other.all.isEmpty ? .none : Capabilities(all: all.intersection(other.all))
    }
}
