// SPDX-License-Identifier: EUPL-1.2
// Torhaus: collects frames that may hold secrets, and overwrites what it has given out.

internal import LinuxKit

/// Like `FrameAssembler`, but no byte of a passed frame stays in its memory.
final class FrameBuffer {
    /// A frame's length does not fit the protocol.
    struct BadLength: Error, Equatable {}

    private static let lengthBytes = 4
    private let limit: Int
    private var bytes: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    deinit { ProcessHardening.wipe(&bytes) }

    /// Adds received bytes and wipes the caller's.
    func append(_ received: inout [UInt8]) {
        var joined: [UInt8] = []
        // One allocation of the right size: growth in place would leave a copy behind.
        joined.reserveCapacity(bytes.count + received.count)
        joined.append(contentsOf: bytes)
        joined.append(contentsOf: received)
        ProcessHardening.wipe(&bytes)
        ProcessHardening.wipe(&received)
        bytes = joined
    }

    /// The next whole frame without its length, or nil until there is one.
    func next() throws(BadLength) -> [UInt8]? {
        guard Self.lengthBytes <= bytes.count else { return nil }
        var length = 0
        for byte in bytes.prefix(Self.lengthBytes).reversed() { length = length << 8 | Int(byte) }
        // The version and the kind are always there.
        guard 2 <= length, length <= limit else { throw BadLength() }
        guard length <= bytes.count - Self.lengthBytes else { return nil }
        let frame = Array(bytes[Self.lengthBytes..<Self.lengthBytes + length])
        let rest = Array(bytes[(Self.lengthBytes + length)...])
        ProcessHardening.wipe(&bytes)
        bytes = rest
        return frame
    }
}
