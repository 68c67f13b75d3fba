// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names a connection for other threads.

/// A place in a loop's table with the generation that guards against reuse.
struct ConnectionID: Hashable, Sendable {
    /// `generation << 24 | index`; fits in 61 bits, so that three bits are left in an epoll token.
    let value: UInt64

    static let maximumIndex = 1 << 24

    init(value: UInt64) { self.value = value }

    init(index: Int, generation: UInt32) {
        value = UInt64(generation) << 24 | UInt64(truncatingIfNeeded: index) & 0xff_ffff
    }

    var index: Int { Int(truncatingIfNeeded: value & 0xff_ffff) }
    var generation: UInt32 { UInt32(truncatingIfNeeded: value >> 24) }
}

/// A connection and the loop it lives on.
struct LoopAddress: Hashable, Sendable {
    let connection: ConnectionID
    private let number: UInt16

    init(loop: Int, connection: ConnectionID) {
        self.connection = connection
        number = UInt16(clamping: loop)
    }

    var loop: Int { Int(number) }
}
