// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of entities and requests against a schema.

import Cedar
import Testing

@Suite("Entities and requests against a schema")
struct DataValidationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let json: String
        let kinds: [ValidationFinding.Kind]
        var testDescription: String { json }

        init(_ json: String, _ kinds: ValidationFinding.Kind...) {
            self.json = json
            self.kinds = kinds
        }
    }

    private static let person = "\"name\": \"n\", \"friends\": [], \"since\": \"2024-01-01\""

    private static func written(
        _ type: String,
        _ id: String,
        _ attributes: String,
        _ rest: String = "\"parents\": []"
    ) -> String {
        "[{\"uid\": {\"type\": \"\(type)\", \"id\": \"\(id)\"}, \"attrs\": {\(attributes)}, \(rest)}]"
    }

    private static func somebody(_ more: String, _ rest: String = "\"parents\": []") -> String {
        written("Person", "p", "\(person)\(more.isEmpty ? "" : ", \(more)")", rest)
    }

    private static func parents(_ type: String, _ id: String) -> String {
        "\"parents\": [{\"type\": \"\(type)\", \"id\": \"\(id)\"}]"
    }

    static let entities = [
        Case("[]"),
        Case(somebody("")),
        Case(
            somebody(
                "\"age\": 1, \"place\": {\"street\": \"s\"}, \"boss\": {\"type\": \"Person\", \"id\": \"b\"}"
            )
        ),
        Case(somebody("\"place\": {\"street\": \"s\", \"floor\": 2}")),
        Case(somebody("\"place\": {\"floor\": 2}"), .missingAttribute),
        Case(somebody("\"place\": {\"street\": \"s\", \"x\": 2}"), .unknownAttribute),
        Case(somebody("\"place\": {\"street\": 1}"), .wrongValue),
        Case(somebody("\"age\": \"1\""), .wrongValue),
        Case(somebody("\"nope\": 1"), .unknownAttribute),
        Case(somebody("\"boss\": {\"type\": \"Robot\", \"id\": \"b\"}"), .wrongValue),
        Case(
            written(
                "Person",
                "p",
                "\"name\": 1, \"since\": {\"__extn\": {\"fn\": \"ip\", \"arg\": \"::1\"}}"
            ),
            .missingAttribute,
            .wrongValue,
            .wrongValue
        ),
        Case(
            written(
                "Person",
                "p",
                "\"name\": \"n\", \"friends\": [{\"type\": \"Robot\", \"id\": \"r\"}], \"since\": \"2024-01-01\""
            ),
            .wrongValue
        ),
        Case(somebody("", parents("Team", "t"))),
        Case(somebody("", parents("Shelf", "t")), .wrongParent),
        Case(somebody("", parents("Nope", "t")), .wrongParent),
        Case(somebody("", parents("Action", "any")), .wrongParent),
        Case(somebody("", "\"parents\": [], \"tags\": {\"a\": \"b\"}")),
        Case(somebody("", "\"parents\": [], \"tags\": {\"a\": 1, \"b\": 2}"), .wrongValue, .wrongValue),
        Case(written("Town", "t", "", "\"parents\": [], \"tags\": {\"a\": 1, \"b\": 2}"), .noTags),
        Case(written("Nope", "n", ""), .unknownEntityType),
        Case(written("Color", "red", "")),
        Case(written("Color", "blue", ""), .unknownChoice),
        Case(written("Color", "red", "\"a\": 1"), .unknownAttribute),
        Case(written("Color", "red", "", parents("Color", "green")), .wrongParent),
        Case(written("Action", "read", "", parents("Action", "any"))),
        Case(written("Action", "read", ""), .actionMismatch),
        Case(written("Action", "any", "\"a\": 1"), .actionMismatch),
        Case(written("Action", "nope", ""), .unknownAction),
    ]

    @Test("entities are what their types say", arguments: entities)
    func conformingEntities(testCase: Case) throws {
        let schema = try ValidationFixture.schema()
        let stated = try CedarEntityReader.entities(try CedarJSONReader.read(testCase.json), schema: schema)
        let findings = schema.validate(try EntityStore(stated))
        #expect(findings.map(\.kind) == testCase.kinds)
    }

    @Test("parents are checked at any distance")
    func ancestors() throws {
        let schema = try CedarSchema(
            parsing: "entity A in [B]; entity B in [C]; entity C; entity D in [E]; entity E enum [\"e\"];"
        )
        let uid = { ValidationFixture.uid($0, $1) }
        let good = [
            CedarEntity(uid: uid("A", "1"), parents: [uid("B", "1"), uid("C", "2")]),
            CedarEntity(uid: uid("B", "1"), parents: [uid("C", "1")]),
            CedarEntity(uid: uid("D", "1"), parents: [uid("E", "e")]),
        ]
        #expect(schema.validate(try EntityStore(good)).isEmpty)
        let bad = [
            CedarEntity(uid: uid("B", "1"), parents: [uid("A", "1")]),
            CedarEntity(uid: uid("D", "1"), parents: [uid("E", "f")]),
        ]
        #expect(schema.validate(try EntityStore(bad)).map(\.kind) == [.wrongParent, .unknownChoice])
    }

    private static func asked(
        _ principal: String = "Person::\\\"p\\\"",
        _ action: String = "Action::\\\"read\\\"",
        _ resource: String = "Book::\\\"b\\\"",
        _ context: String = "\"from\": \"::1\", \"at\": \"2024-01-01\""
    ) -> String {
        "{\"principal\": \"\(principal)\", \"action\": \"\(action)\", \"resource\": \"\(resource)\", \"context\": {\(context)}}"
    }

    static let requests = [
        Case(asked()),
        Case(asked("Robot::\\\"r\\\"")),
        Case(asked("Shelf::\\\"s\\\""), .notApplicable),
        Case(asked("Color::\\\"blue\\\""), .notApplicable, .unknownChoice),
        Case(
            asked("Nope::\\\"n\\\"", "Action::\\\"read\\\"", "Shelf::\\\"s\\\""),
            .notApplicable,
            .notApplicable
        ),
        Case(asked("Person::\\\"p\\\"", "Action::\\\"nope\\\""), .unknownAction),
        Case(
            asked("Person::\\\"p\\\"", "Action::\\\"any\\\""),
            .notApplicable,
            .notApplicable,
            .unknownAttribute,
            .unknownAttribute
        ),
        Case(asked("Person::\\\"p\\\"", "Action::\\\"lend\\\""), .unknownAttribute),
        Case(asked("Robot::\\\"r\\\"", "Lab::Action::\\\"measure\\\"", "Shelf::\\\"s\\\"", "")),
        Case(
            asked("Person::\\\"p\\\"", "Action::\\\"read\\\"", "Book::\\\"b\\\"", "\"from\": \"::1\""),
            .missingAttribute
        ),
        Case(
            asked(
                "Person::\\\"p\\\"",
                "Action::\\\"read\\\"",
                "Book::\\\"b\\\"",
                "\"from\": 1, \"at\": \"2024-01-01\", \"strong\": true"
            ),
            .wrongValue
        ),
        Case(
            asked(
                "Person::\\\"p\\\"",
                "Action::\\\"read\\\"",
                "Book::\\\"b\\\"",
                "\"from\": \"::1\", \"at\": \"2024-01-01\", \"color\": {\"type\": \"Color\", \"id\": \"blue\"}"
            ),
            .unknownChoice
        ),
    ]

    @Test("requests are what their actions say", arguments: requests)
    func conformingRequests(testCase: Case) throws {
        let schema = try ValidationFixture.schema()
        let request = try CedarRequestReader.request(try CedarJSONReader.read(testCase.json), schema: schema)
        #expect(schema.validate(request).map(\.kind) == testCase.kinds)
    }

    @Test("the message names what and where")
    func message() throws {
        let schema = try ValidationFixture.schema()
        let robot = CedarEntity(
            uid: ValidationFixture.uid("Robot", "r"),
            attributes: CedarRecord(["name": .long(1)])
        )
        #expect(
            schema.validate(try EntityStore([robot])).map(\.description) == [
                "entity Robot::\"r\": \"name\" of the entity should be String, but is Long"
            ]
        )
    }
}
