// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which parts of a buffer to send, found by a parser that works in place.

/// At most `capacity` ranges of one buffer, in order; made once per thread.
package struct SegmentList: ~Copyable {
    /// Below IOV_MAX (1,024), and enough for a full read of small packets to go out in few calls.
    package static let capacity = 512

    private var ranges: [Range<Int>] = []
    /// Sum of the ranges' lengths.
    package private(set) var byteCount = 0

    package init() { ranges.reserveCapacity(Self.capacity) }

    package var count: Int { ranges.count }
    package var isFull: Bool { ranges.count == Self.capacity }

    package subscript(index: Int) -> Range<Int> { ranges[index] }

    /// Adds a range behind the last one; neighbours become one.
    ///
    /// The list must not be full.
    package mutating func append(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        byteCount += range.count
        if let last = ranges.indices.last, ranges[last].upperBound == range.lowerBound {
            ranges[last] = ranges[last].lowerBound..<range.upperBound
            return
        }
        precondition(!isFull, "segment list overflow")
        ranges.append(range)
    }

    /// Forgets all ranges and keeps the room.
    package mutating func removeAll() {
        ranges.removeAll(keepingCapacity: true)
        byteCount = 0
    }

    /// The ranges that are left after `sent` bytes went out.
    package borrowing func remainder(after sent: Int) -> [Range<Int>] {
        var left = sent
        var result: [Range<Int>] = []
        for range in ranges {
            if range.count <= left {
                left -= range.count
            } else {
                result.append(range.lowerBound + left..<range.upperBound)
                left = 0
            }
        }
        return result
    }
}
