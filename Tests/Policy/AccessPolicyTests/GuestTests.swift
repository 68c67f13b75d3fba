// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a person joins the entities for one question, and leaves no trace.

import Cedar
import Testing

@testable import AccessPolicy

@Suite struct GuestTests {
    private let group = Gw.uid(Gw.group, "home")
    private let anna = Gw.uid(Gw.user, "anna")

    private func store() throws -> EntityStore {
        try EntityStore([CedarEntity(uid: group), CedarEntity(uid: anna, parents: [])])
    }

    @Test("a guest is found with its ancestors, takes the place of its namesake and of the guest before")
    func guest() throws {
        let bare = try store()
        let person = CedarEntity(
            uid: anna,
            attributes: CedarRecord(["active": .bool(true)]),
            parents: [group]
        )
        let joined = bare.with(guest: person, ancestors: [group])
        #expect(joined.isDescendant(anna, of: group))
        #expect(joined[anna]?.entity == person)
        #expect(joined.count == 2)
        #expect(Set(joined.entities.map(\.uid)) == [group, anna])
        #expect(joined.entities.contains(person))
        let otto = CedarEntity(uid: Gw.uid(Gw.user, "otto"))
        let next = joined.with(guest: otto, ancestors: [])
        #expect(next.count == 3)
        #expect(!next.isDescendant(anna, of: group))
        #expect(next[anna]?.entity.attributes == .empty)
        #expect(!bare.isDescendant(anna, of: group))
    }

    @Test("home is the first municipality, membership counts in all")
    func municipalities() throws {
        let policy = try County.policy()
        let person = policy.person("anna", groups: ["stadt-schmalkalden", "gemeinde-rhoenblick"])
        #expect(person.municipality == "rhoenblick")
        let entities = policy.entities(with: person)
        for name in ["rhoenblick", "schmalkalden", Gw.county] {
            #expect(entities.isDescendant(person.entity.uid, of: Gw.uid(Gw.municipality, name)))
        }
        let stranger = policy.person("otto", groups: ["users"])
        #expect(stranger.municipality == nil)
        #expect(!stranger.isKnown)
        #expect(
            stranger.entity.attributes["home"] == .entity(Gw.uid(Gw.municipality, Gw.nowhere))
        )
        #expect(
            !policy.entities(with: stranger).isDescendant(
                stranger.entity.uid,
                of: Gw.uid(Gw.municipality, Gw.county)
            )
        )
    }
}
