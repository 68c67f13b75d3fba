// SPDX-License-Identifier: EUPL-1.2
// Torhaus: repeatable pseudo-random numbers, for the fuzz oracles and for tests; never for secrets.

/// SplitMix64: the same seed gives the same numbers on every machine, so a finding can be repeated.
package struct RepeatableNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the row that `seed` names.
    package init(seed: UInt64) {
        state = seed
    }

    /// Starts a row that depends on every byte of `input`.
    package init(hashing input: [UInt8]) {
        // FNV-1a, 64 bit.
        state = input.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Rising offsets that cut `count` bytes into pieces of 1 to `longest` bytes; the last one is `count`.
    package mutating func cuts(of count: Int, longest: Int) -> [Int] {
        var cuts: [Int] = []
        var position = 0
        while position < count {
            position = Swift.min(count, position + Int.random(in: 1...longest, using: &self))
            cuts.append(position)
        }
        return cuts
    }
}
