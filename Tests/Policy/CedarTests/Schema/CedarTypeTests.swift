// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the types of the validator.

import Cedar
import Testing

@Suite("Types")
struct CedarTypeTests {
    private static let simple: [CedarType] = [
        .bool, .long, .string, .decimal, .ip, .datetime, .duration,
        .entity(CedarName(checked: "A")), .entity(CedarName(checked: "B")),
        .set(.long), .set(.string), .set(.set(.long)), .record(.empty),
        .record(CedarRecordType([.init("a", .long)])),
        .record(CedarRecordType([.init("a", .long, isRequired: false)])),
        .record(CedarRecordType([.init("b", .long)])),
        .record(CedarRecordType([.init("a", .long), .init("b", .long)])),
    ]

    @Test("have only themselves in common")
    func distinct() {
        for one in Self.simple {
            for other in Self.simple {
                #expect(CedarType.common(one, other) == (one == other ? one : nil))
            }
        }
    }

    @Test("but for Bool, of which the value may be known, at any depth")
    func bools() {
        #expect(CedarType.common(.isTrue, .isTrue) == .isTrue)
        #expect(CedarType.common(.isTrue, .isFalse) == .bool)
        #expect(CedarType.common(.bool, .isFalse) == .bool)
        #expect(CedarType.common(.isTrue, .long) == nil)
        #expect(CedarType.common(.set(.isTrue), .set(.isFalse)) == .set(.bool))
        let record = { (type: CedarType) in CedarType.record(CedarRecordType([.init("a", type)])) }
        #expect(CedarType.common(record(.isTrue), record(.bool)) == record(.bool))
    }

    @Test("find attributes in small and in large records")
    func lookUp() {
        for count in [1, 24, 25, 300] {
            let keys = (0..<count).map { CedarText("k\($0)") }
            let record = CedarRecordType(keys.map { .init($0, .string) })
            for key in keys { #expect(record[key]?.type == .string) }
            #expect(record["k"] == nil)
            #expect(record["k999"] == nil)
        }
    }

    @Test("are written as schemas write them, large records shortened")
    func description() {
        let record = CedarRecordType([.init("b", .set(.ip)), .init("a b", .isTrue, isRequired: false)])
        #expect("\(CedarType.record(record))" == "{\"a b\"?: Bool, \"b\": Set<ipaddr>}")
        let large = CedarRecordType((0..<100).map { .init(CedarText("k\($0)"), .long) })
        #expect(large.description.hasSuffix("…}"))
    }
}
