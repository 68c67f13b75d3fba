// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of base64, and of what holds for all input.

import ByteCoding
import Testing

@Suite("Base64")
struct Base64Tests {
    struct Vector: CustomTestStringConvertible, Sendable {
        var plain: String
        var encoded: String
        var testDescription: String { encoded }
    }

    @Test(
        "agrees with the vectors of RFC 4648 section 10",
        arguments: [
            Vector(plain: "", encoded: ""),
            Vector(plain: "f", encoded: "Zg=="),
            Vector(plain: "fo", encoded: "Zm8="),
            Vector(plain: "foo", encoded: "Zm9v"),
            Vector(plain: "foob", encoded: "Zm9vYg=="),
            Vector(plain: "fooba", encoded: "Zm9vYmE="),
            Vector(plain: "foobar", encoded: "Zm9vYmFy"),
        ]
    )
    func vectors(vector: Vector) {
        #expect(Base64.encode(Array(vector.plain.utf8)) == vector.encoded)
        #expect(Base64.decode(vector.encoded.utf8) == Array(vector.plain.utf8))
    }

    @Test(
        "takes one form only",
        arguments: [
            "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "=Zg=", "Zg=a", "Zm8=Zm8=", "Zm 8", "Zm9v\n", "Zm-_",
            "Zm9vZ===", "Zg==Zg==",
        ]
    )
    func refused(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test("the oracle holds for random input", arguments: 0..<200 as Range<UInt64>)
    func oracle(seed: UInt64) {
        var numbers = RepeatableNumbers(seed: seed)
        let count = Int.random(in: 0...120, using: &numbers)
        ByteCodingOracle.run((0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) })
    }

    @Test("cuts cover everything once")
    func cuts() {
        var numbers = RepeatableNumbers(hashing: [1, 2, 3])
        let cuts = numbers.cuts(of: 100, longest: 7)
        #expect(cuts.last == 100)
        #expect(zip([0] + cuts, cuts).allSatisfy { (1...7).contains($1 - $0) })
    }
}
