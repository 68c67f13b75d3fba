// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a small schema that the tests of the validator share.

import Cedar

enum ValidationFixture {
    static let text = """
        type Place = {street: String, floor?: Long};
        entity Town in [Town];
        entity Team in [Team];
        entity Person in [Team, Town] {
            name: String, age?: Long, place?: Place, friends: Set<Person>, since: datetime, boss?: Person
        } tags String;
        entity Robot { name: String };
        entity Shelf in [Town];
        entity Book in [Shelf] { owner: Person, lent: Bool, pages: Long, price?: decimal };
        entity Color enum ["red", "green"];
        action any;
        action read in any appliesTo {
            principal: [Person, Robot], resource: Book, context: {from: ipaddr, at: datetime, strong?: Bool, color?: Color}
        };
        action lend in [any] appliesTo { principal: Person, resource: [Book, Shelf], context: {from: ipaddr} };
        namespace Lab { action measure appliesTo { principal: Robot, resource: Shelf }; }
        """

    static func schema() throws -> CedarSchema { try CedarSchema(parsing: text) }

    /// The kinds of all errors in these policies, in order.
    static func kinds(_ policies: String) throws -> [ValidationFinding.Kind] {
        try schema().validate(try CedarPolicySet(parsing: policies)).errors.map(\.kind)
    }

    static func uid(_ type: CedarText, _ id: CedarText) -> EntityUID {
        EntityUID(type: CedarName(checked: type), id: id)
    }
}
