// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what expressions evaluate to, and how they fail.

import Testing

@testable import Cedar

@Suite("Evaluation")
struct EvaluatorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let result: Result<CedarValue, Failure>

        init(_ text: String, _ value: CedarValue) {
            self.text = text
            result = .success(value)
        }

        init(_ text: String, fails code: CedarError.Code) {
            self.text = text
            result = .failure(Failure(code: code))
        }

        var testDescription: String { text }
    }

    struct Failure: Error, Equatable {
        let code: CedarError.Code
    }

    static let cases = [
        Case("false && 1", .bool(false)), Case("true && 1", fails: .typeMismatch),
        Case("true || 1", .bool(true)),
        Case("false || 1", fails: .typeMismatch), Case("principal.nope || true", fails: .attributeMissing),
        Case("if true then 1 else principal.nope", .long(1)), Case("!1", fails: .typeMismatch),
        Case("1 == \"1\"", .bool(false)), Case("1 != \"1\"", .bool(true)),
        Case("[1,1,2] == [2,1]", .bool(true)),
        Case("{a:1,b:2} == {b:2,a:1}", .bool(true)), Case("User::\"ghost\" == User::\"ghost\"", .bool(true)),
        Case("9223372036854775807 + 1", fails: .overflow), Case("-9223372036854775808 - 1", fails: .overflow),
        Case("--9223372036854775808", fails: .overflow), Case("4611686018427387904 * 2", fails: .overflow),
        Case("1 + 2 * 3 - 4", .long(3)), Case("\"a\" + \"b\"", fails: .typeMismatch),
        Case("1 < 2", .bool(true)), Case("2 <= 2", .bool(true)), Case("1 > 2", .bool(false)),
        Case("2 >= 3", .bool(false)), Case("\"a\" < \"b\"", fails: .typeMismatch),
        Case("1 < duration(\"1s\")", fails: .typeMismatch),
        Case("duration(\"1s\") < duration(\"1m\")", .bool(true)),
        Case("datetime(\"2024-01-01\") > datetime(\"2023-01-01\")", .bool(true)),
        Case("decimal(\"1.0\") < decimal(\"2.0\")", fails: .typeMismatch),
        Case("principal in Group::\"top\"", .bool(true)), Case("principal in principal", .bool(true)),
        Case("User::\"ghost\" in User::\"ghost\"", .bool(true)),
        Case("Group::\"top\" in Group::\"g\"", .bool(false)),
        Case("principal in [Group::\"g\", 1]", fails: .typeMismatch), Case("principal in []", .bool(false)),
        Case("principal is User in 1", fails: .typeMismatch), Case("principal is Group in 1", .bool(false)),
        Case("User::\"ghost\" has n", .bool(false)), Case("User::\"ghost\".n", fails: .entityMissing),
        Case("principal has r.f", .bool(true)), Case("principal has r.x.y", .bool(false)),
        Case("principal has n.x", fails: .typeMismatch), Case("1 has n", fails: .typeMismatch),
        Case("principal.r.f", .long(2)), Case("principal[\"n\"]", .long(1)), Case("context.k", .string("v")),
        Case("principal.hasTag(\"t\")", .bool(true)), Case("principal.hasTag(1)", fails: .typeMismatch),
        Case("principal.getTag(\"t\")", .long(9)), Case("principal.getTag(\"u\")", fails: .tagMissing),
        Case("User::\"ghost\".hasTag(\"t\")", .bool(false)),
        Case("User::\"ghost\".getTag(\"t\")", fails: .entityMissing),
        Case("[1].contains(1)", .bool(true)), Case("[].containsAll([])", .bool(true)),
        Case("[1,2].containsAny([2,3])", .bool(true)), Case("[1].containsAll(1)", fails: .typeMismatch),
        Case("[].isEmpty()", .bool(true)), Case("[1, principal.nope]", fails: .attributeMissing),
        Case("{a: 1, b: principal.nope}.a", fails: .attributeMissing),
        Case("ip()", fails: .extensionFault), Case("ip(\"x\")", fails: .extensionFault),
        Case("ip(\"::1\").isIpv4(1)", fails: .extensionFault), Case("ip(1)", fails: .typeMismatch),
        Case("datetime(\"2024-01-01\").offset(duration(\"9223372036854775807ms\"))", fails: .overflow),
        Case("datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")", .bool(true)),
        Case("datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")", .bool(true)),
        Case("datetime(\"2024-01-01\").durationSince(datetime(\"2024-01-02\")).toHours()", .long(-24)),
        Case("duration(\"-90s\").toMinutes()", .long(-1)), Case("duration(\"-1ms\").toDays()", .long(0)),
        Case("\"\\u{e9}\" == \"e\\u{301}\"", .bool(false)),
        Case("\"e\\u{301}\" like \"\\u{e9}\"", .bool(false)),
    ]

    @Test("the result is that of the language, folded or not", arguments: cases)
    func evaluates(_ one: Case) throws {
        let tree = try expression(one.text)
        #expect(try Self.result(tree) == one.result)
        #expect(try Self.result(tree.folded) == one.result)
    }

    private static func result(_ tree: CedarExpression) throws -> Result<CedarValue, Failure> {
        let user = CedarEntity(
            uid: uid("User", "a"),
            attributes: CedarRecord(["n": .long(1), "r": .record(CedarRecord(["f": .long(2)]))]),
            tags: CedarRecord(["t": .long(9)]),
            parents: [uid("Group", "g")]
        )
        let group = CedarEntity(uid: uid("Group", "g"), parents: [uid("Group", "top")])
        let request = CedarRequest(
            principal: user.uid,
            action: uid("Action", "do"),
            resource: uid("Res", "r"),
            context: CedarRecord(["k": .string("v")])
        )
        let evaluator = CedarEvaluator(request, try EntityStore([user, group]))
        do throws(CedarError) {
            return .success(try evaluator.value(of: tree))
        } catch {
            return .failure(Failure(code: error.code))
        }
    }
}
