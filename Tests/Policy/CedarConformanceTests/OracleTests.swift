// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input, for inputs that are nearly right.

import Testing

@testable import Cedar

@Suite("Inputs that are nearly right")
struct OracleTests {
    private static func cases() throws -> [CedarJSON] {
        Array(try Corpus.fixtureLines("cases.jsonl").dropFirst())
    }

    @Test("policies, cut and changed in one place", arguments: 0..<4)
    func policies(_ part: Int) throws {
        var places = Places(seed: UInt64(part))
        for (number, json) in try Self.cases().enumerated() where number % 8 == part {
            let text = Array(try #require(json["policies"]?.string).utf8)
            CedarOracle.policies(text)
            for _ in 0..<4 { CedarOracle.policies(places.damaged(text)) }
        }
    }

    @Test("entities and lines of a batch, cut and changed in one place", arguments: 0..<2)
    func data(_ part: Int) throws {
        var places = Places(seed: UInt64(part))
        for (number, json) in try Self.cases().enumerated() where number % 40 == part {
            let entities = Array(try #require(json["entities"]).text.utf8)
            let line = Array(json.text.utf8)
            CedarOracle.entities(entities)
            CedarOracle.batch(line)
            for _ in 0..<6 {
                CedarOracle.entities(places.damaged(entities))
                CedarOracle.batch(places.damaged(line))
            }
        }
    }
}

/// Damages bytes, the same in every run.
private struct Places: RandomNumberGenerator {
    private static let signs = Array("(){}[]\"\\.,:;&|!-=1a \n\u{e9}".utf8)

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 33)
    }

    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        guard let place = bytes.indices.randomElement(using: &self),
            let sign = Self.signs.randomElement(using: &self)
        else { return bytes }
        var result = bytes
        switch next() % 4 {
        case 0: return Array(bytes[..<place])
        case 1: result.remove(at: place)
        case 2: result.insert(sign, at: place)
        default: result[place] = sign
        }
        return result
    }
}
