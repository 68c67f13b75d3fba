// SPDX-License-Identifier: EUPL-1.2
// Torhaus: cuts a stream of bytes into frames.

package import ByteCoding

/// Collects bytes and gives whole frames, without their length.
///
/// Call `next` until it gives nil after each `append`; then less than one frame is kept. A length that is out of
/// bounds is a fault at once: nothing of such a frame is kept, and the assembler stays faulty.
package struct FrameAssembler: Sendable {
    private var buffered: [UInt8] = []
    /// Bytes at the front of `buffered` that were given out.
    private var given = 0
    private var fault: DecodeError?

    /// Starts at the border of a frame.
    package init() {}

    /// Adds what was received.
    package mutating func append(_ bytes: some Collection<UInt8>) { add { $0.append(contentsOf: bytes) } }

    /// The same without a generic call.
    package mutating func append(_ bytes: [UInt8]) { add { $0 += bytes } }

    private mutating func add(_ bytes: (inout [UInt8]) -> Void) {
        guard fault == nil else { return }
        if 0 < given {
            buffered.removeFirst(given)
            given = 0
        }
        bytes(&buffered)
        // A frame that will be refused takes no memory until somebody asks for it.
        _ = try? length()
    }

    /// The next whole frame without its length; nil when more bytes are needed.
    package mutating func next() throws(DecodeError) -> [UInt8]? {
        guard let length = try length() else { return nil }
        let start = given + FrameLimits.lengthBytes
        guard length <= buffered.count - start else { return nil }
        given = start + length
        let frame = Array(buffered[start..<given])
        // A ticket must not stay here until the line has something else to say.
        let range = start..<given
        unsafe buffered.withUnsafeMutableBufferPointer { unsafe $0.extracting(range).update(repeating: 0) }
        return frame
    }

    /// The length of the frame at the front; nil when it is not there yet.
    private mutating func length() throws(DecodeError) -> Int? {
        if let fault { throw fault }
        guard FrameLimits.lengthBytes <= buffered.count - given else { return nil }
        // Little-endian.
        let field = buffered[given..<(given + FrameLimits.lengthBytes)]
        let length = field.reversed().reduce(0) { $0 << 8 | Int($1) }
        if FrameLimits.frame < length {
            fault = .oversize(length: length, limit: FrameLimits.frame)
        } else if length < Frame.headerBytes {
            fault = .truncated(needed: Frame.headerBytes, available: length)
        }
        guard let fault else { return length }
        buffered = []
        given = 0
        throw fault
    }
}
