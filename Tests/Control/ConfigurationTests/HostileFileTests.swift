// SPDX-License-Identifier: EUPL-1.2
// Torhaus: no file may stop the process, whatever is in it.

import Testing

@testable import CountyConfiguration

struct HostileFileTests {
    /// A generator whose seed a failing test can name.
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private func load(_ path: String, _ bytes: [UInt8]) -> Bool {
        var files = Example.files
        files.files[path] = bytes
        do throws(ConfigurationError) {
            _ = try ConfigurationLoader(files: files, certificates: .none).load(Example.countyPath)
            return true
        } catch {
            // An error without a problem, or without words, would leave the operator alone.
            #expect(!error.problems.isEmpty)
            #expect(error.problems.allSatisfy { !$0.message.isEmpty })
            return false
        }
    }

    @Test(
        "cut at any byte, a file is a value or an error",
        arguments: [Example.countyPath, Example.municipalityPath]
    )
    func truncated(path: String) {
        let bytes = Example.files.files[path] ?? []
        var values = 0
        for count in 0...bytes.count where load(path, Array(bytes[..<count])) { values += 1 }
        #expect(0 < values && values < bytes.count)
    }

    @Test("changed at random, a file is a value or an error", arguments: [1, 2, 3, 4])
    func mutated(seed: UInt64) {
        var random = SplitMix(state: seed)
        let spice = Array("[]{}:,-#&*!|>'\"%@`?\t\n ~\u{FEFF}\0<=0".utf8) + [0x80, 0xFF, 0xC3, 0xED, 0xA0]
        var refused = 0
        for round in 0..<750 {
            let path = round % 2 == 0 ? Example.countyPath : Example.municipalityPath
            var bytes = Example.files.files[path] ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] = spice.randomElement(using: &random) ?? 0
                case 2: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 7))
                }
            }
            if !load(path, bytes) { refused += 1 }
        }
        #expect(0 < refused)
    }

    struct Hostile: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    private static let laughs: String = {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        return text + "? *a60\n: 1\n"
    }()

    static let hostile = [
        Hostile(name: "empty", text: ""),
        Hostile(name: "only a comment", text: "# nothing"),
        Hostile(name: "only a scalar", text: "x"),
        Hostile(name: "only a list", text: "- a\n- b"),
        Hostile(name: "null", text: "~"),
        Hostile(name: "a million brackets", text: String(repeating: "[", count: 1_000_000)),
        Hostile(name: "a million braces", text: String(repeating: "{", count: 1_000_000)),
        Hostile(name: "a deep block", text: String(repeating: "- ", count: 500_000)),
        Hostile(name: "deep keys", text: String(repeating: "? ", count: 500_000)),
        Hostile(
            name: "deep and closed",
            text: String(repeating: "[", count: 990) + String(repeating: "]", count: 990)
        ),
        Hostile(name: "aliases that multiply", text: laughs),
        Hostile(name: "twenty aliases", text: "a: &a [1]\nb: [\(String(repeating: "*a, ", count: 20))1]"),
        Hostile(name: "alias of nothing", text: "county: *nobody"),
        Hostile(name: "anchor within itself", text: "county: &a [*a]"),
        Hostile(name: "keys that are lists", text: "? [a, b]\n: 1\n? {c: d}\n: 2\n? [a, b]\n: 3"),
        Hostile(name: "repeated keys that are sections", text: "? {c: d}\n: 2\n? {c: d}\n: 3"),
        Hostile(name: "tags", text: "county: !!binary 1\npublic_names: !!set {a}\nlisten: !<x> [y]"),
        Hostile(name: "merge key", text: "<<: {county: x}"),
        Hostile(name: "escapes", text: "county: \"\\0\\x01\\uD800\\UFFFFFFFF\""),
        Hostile(name: "NUL inside", text: "county: \"a\\0b\"\n\"\\0\": 1"),
        Hostile(name: "a key of a hundred kilobytes", text: "\(String(repeating: "k", count: 900)): 1"),
        Hostile(name: "directives", text: "%YAML 9.9\n%TAG ! x\n---\na: b\n...\n---\n"),
        Hostile(name: "a long list", text: "public_names: [\(String(repeating: "a,", count: 300_000))]"),
    ]

    @Test("files made to do harm are refused with words", arguments: hostile)
    func refused(hostile: Hostile) {
        #expect(!load(Example.countyPath, Array(hostile.text.utf8)))
        #expect(!load(Example.municipalityPath, Array(hostile.text.utf8)))
    }
}
