// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who may hold a key, and that nobody holds two.

import Testing

@testable import AuditIdentity

@Suite struct HolderRegisterTests {
    private static func holder(_ name: String, _ role: String, key: String? = nil) -> KeyHolder {
        KeyHolder(holder: name, role: role, publicKey: key ?? "key of \(name)")
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let holders: [KeyHolder]
        var testDescription: String { name }
    }

    @Test(
        "refuses a register that would let one person or one role open names",
        arguments: [
            Case(name: "nobody", holders: []),
            Case(name: "one role", holders: [holder("a", "security"), holder("b", "security")]),
            Case(
                name: "a person twice",
                holders: [
                    holder("a", "security"), holder("a", "data-protection", key: "another"),
                ]
            ),
            Case(
                name: "a key twice",
                holders: [
                    holder("a", "security", key: "k"), holder("b", "data-protection", key: "k"),
                ]
            ),
            Case(name: "a name with a space", holders: [holder("a b", "security"), holder("c", "other")]),
            Case(name: "an empty role", holders: [holder("a", ""), holder("c", "other")]),
            Case(name: "too many", holders: (0..<17).map { holder("h\($0)", "role\($0 % 2)") }),
            Case(name: "too many roles", holders: (0..<9).map { holder("h\($0)", "role\($0)") }),
        ]
    )
    func refuses(_ wanted: Case) {
        #expect(throws: IdentityError.self) { try HolderRegister(wanted.holders, calls: TestVault.calls) }
    }

    @Test("reads back what it wrote")
    func json() throws {
        let register = try HolderRegister(TestVault.holders, calls: TestVault.calls)
        #expect(try HolderRegister(json: register.encoded(), calls: TestVault.calls) == register)
        #expect(register.roles == ["data-protection", "security", "staff-council"])
        #expect(throws: IdentityError.self) {
            try HolderRegister(json: Array("{}".utf8), calls: TestVault.calls)
        }
    }
}
