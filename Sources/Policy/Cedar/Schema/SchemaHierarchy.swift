// SPDX-License-Identifier: EUPL-1.2
// Torhaus: works out who may be above whom.

/// Transitive closures over entity types and actions.
enum SchemaHierarchy {
    /// Entity types may lead back to themselves: a group may be in a group.
    static func close(_ drafts: [SchemaEntityDraft]) -> [CedarEntityType] {
        let reach = Reach(drafts.map(\.name), drafts.map(\.parents))
        return drafts.enumerated().map { index, draft in
            CedarEntityType(
                name: draft.name,
                attributes: draft.attributes,
                tags: draft.tags,
                choices: draft.choices,
                ancestors: reach.above(index)
            )
        }
    }

    /// Throws `.schema` when a group is in itself.
    static func close(_ drafts: [SchemaActionDraft]) throws(CedarError) -> [CedarAction] {
        let reach = Reach(drafts.map(\.uid), drafts.map(\.groups))
        var actions: [CedarAction] = []
        for (index, draft) in drafts.enumerated() {
            let ancestors = reach.above(index)
            if ancestors.contains(draft.uid) {
                throw CedarError(.schema, "the action \(draft.uid) is in itself", at: draft.position)
            }
            actions.append(
                CedarAction(
                    uid: draft.uid,
                    ancestors: ancestors,
                    principals: draft.principals,
                    resources: draft.resources,
                    context: draft.context
                )
            )
        }
        return actions
    }

    /// Nodes by number, so that a dense hierarchy costs no hashing.
    private struct Reach<Node: Hashable> {
        private let nodes: [Node]
        private let steps: [[Int]]

        init(_ nodes: [Node], _ parents: [[Node]]) {
            let numbers = Dictionary(zip(nodes, nodes.indices)) { first, _ in first }
            self.nodes = nodes
            steps = parents.map { above in Array(Set(above.compactMap { numbers[$0] })) }
        }

        /// All that can be reached in one step or more.
        func above(_ start: Int) -> Set<Node> {
            var found: [Int] = []
            var isFound = [Bool](repeating: false, count: nodes.count)
            var next = start
            var done = 0
            while true {
                for step in steps[next] where !isFound[step] {
                    isFound[step] = true
                    found.append(step)
                }
                guard done < found.count else { return Set(found.map { nodes[$0] }) }
                next = found[done]
                done += 1
            }
        }
    }
}
