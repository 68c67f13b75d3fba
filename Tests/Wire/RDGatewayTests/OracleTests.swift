// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the fuzz oracle on stored findings, on whole sessions and on mutated ones.

import ByteCoding
import Foundation
import RDGateway
import Testing

@Suite("The fuzz oracle of RDGateway")
struct OracleTests {
    /// What a client sends in a whole session.
    private static let session =
        [0, 2, 4, 6].flatMap { GoldenPacket.captured[$0].bytes }
        + hex("0d 00 00 00 08 00 00 00 | 0a 00 00 00 0d 00 00 00 03 00 01 02 03")
        + CloseChannel(status: .success).encoded()

    @Test("holds for every stored finding")
    func regressions() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "FuzzRegressions")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty, "the folder has at least its seed")
        for file in files {
            RDGatewayOracle.run([UInt8](try Data(contentsOf: file)))
        }
    }

    @Test("holds for whole sessions under every choice")
    func sessions() {
        for choices in UInt8.min...UInt8.max {
            RDGatewayOracle.run([choices] + Self.session)
        }
        RDGatewayOracle.run([])
    }

    @Test("holds for every packet's body read as every other packet")
    func confusedTypes() {
        for golden in GoldenPacket.all {
            RDGatewayOracle.run([0] + golden.bytes.dropFirst(8))
            RDGatewayOracle.run([0] + golden.bytes)
        }
    }

    @Test("holds for mutated sessions", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) {
        var numbers = RepeatableNumbers(seed: seed)
        for _ in 0..<1_000 {
            var input = [UInt8.random(in: 0...255, using: &numbers)] + Self.session
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = Int.random(in: 0..<input.count, using: &numbers)
                switch Int.random(in: 0...2, using: &numbers) {
                case 0: input[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: input.remove(at: place)
                default: input.insert(UInt8.random(in: 0...3, using: &numbers), at: place)
                }
            }
            RDGatewayOracle.run(input)
        }
    }
}
