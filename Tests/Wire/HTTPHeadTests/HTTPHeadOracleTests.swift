// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the oracle of the fuzzer over golden, changed and random input, and over every stored finding.

import ByteCoding
import HTTPHead
import Testing

@Suite("HTTPHeadOracle")
struct HTTPHeadOracleTests {
    @Test("holds for golden requests with changed bytes", arguments: 0..<150 as Range<UInt64>)
    func changed(seed: UInt64) throws {
        var numbers = RepeatableNumbers(seed: seed)
        let golden = [GoldenRequests.gatewayWebSocket, GoldenRequests.gatewayIn, GoldenRequests.browser]
        var bytes = try #require(golden.randomElement(using: &numbers))
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = try #require(
                ([0, 9, 10, 13, 32, 58, 255] + Array("aZ0;,".utf8)).randomElement(using: &numbers)
            )
        }
        HTTPHeadOracle.run(bytes)
    }

    @Test("holds for random chunked bodies", arguments: 0..<150 as Range<UInt64>)
    func chunks(seed: UInt64) {
        var numbers = RepeatableNumbers(seed: seed)
        let letters = Array("0123aF\r\n;x".utf8)
        HTTPHeadOracle.run((0..<40).map { _ in letters.randomElement(using: &numbers) ?? 0 })
    }

    /// Inputs that once broke something; they stay.
    static let findings: [[UInt8]] = [
        [], [0x0A], [0x0D], [0x0D, 0x0A], Array("\n\r\n".utf8), Array("0\r\n\r\n".utf8),
        Array("Basic =".utf8),
    ]

    @Test("holds for stored findings", arguments: findings)
    func storedFindings(input: [UInt8]) {
        HTTPHeadOracle.run(input)
    }
}
