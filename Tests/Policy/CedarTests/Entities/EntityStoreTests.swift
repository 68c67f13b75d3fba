// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the hierarchy of entities.

import Testing

@testable import Cedar

@Suite("Entities")
struct EntityStoreTests {
    private func entity(_ id: String, in parents: String...) -> CedarEntity {
        CedarEntity(uid: uid("G", id), parents: Set(parents.map { uid("G", $0) }))
    }

    @Test("ancestors are found at any distance, dangling ones too")
    func ancestors() throws {
        let store = try EntityStore([
            entity("a", in: "b", "c"), entity("b", in: "d"), entity("c", in: "d"), entity("d", in: "gone"),
        ])
        #expect(
            store[uid("G", "a")]?.ancestors == [
                uid("G", "b"), uid("G", "c"), uid("G", "d"), uid("G", "gone"),
            ]
        )
        #expect(store.isDescendant(uid("G", "a"), of: uid("G", "gone")))
        #expect(!store.isDescendant(uid("G", "gone"), of: uid("G", "a")))
        #expect(store.isDescendant(uid("G", "nobody"), of: uid("G", "nobody")))
    }

    @Test("a cycle is an error, however long")
    func cycles() {
        let cycles = [
            [entity("a", in: "a")], [entity("a", in: "b"), entity("b", in: "a")],
            [entity("x", in: "a"), entity("a", in: "b"), entity("b", in: "c"), entity("c", in: "a")],
        ]
        for entities in cycles {
            let error = #expect(throws: CedarError.self) { try EntityStore(entities) }
            #expect(error?.code == .entities)
        }
    }

    @Test("the same entity may be stated twice, but not differently")
    func duplicates() throws {
        #expect(try EntityStore([entity("a", in: "b"), entity("a", in: "b")]).count == 1)
        #expect(throws: CedarError.self) { try EntityStore([entity("a", in: "b"), entity("a", in: "c")]) }
    }

    @Test("a hierarchy with too many ancestors is an error")
    func many() throws {
        let chain = (0..<100).map { entity("\($0)", in: "\($0 + 1)") }
        let stated = Dictionary(uniqueKeysWithValues: chain.map { ($0.uid, $0) })
        // One hundred to one ancestors: 5,050 in all.
        _ = try EntityClosure.records(of: stated, limit: 5_050)
        let error = #expect(throws: CedarError.self) { try EntityClosure.records(of: stated, limit: 5_049) }
        #expect(error?.code == .limit)
    }

    @Test("a hierarchy of many levels does not need the stack")
    func deep() throws {
        let levels = 2_000
        let chain = (0..<levels).map { entity("\($0)", in: "\($0 + 1)") }
        let store = try EntityStore(chain)
        #expect(store[uid("G", "0")]?.ancestors.count == levels)
    }
}
