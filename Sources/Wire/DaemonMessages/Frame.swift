// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the frame around a message: length, version, kind, body.

internal import ByteCoding

/// Opens and closes frames.
///
/// Each direction of each line has kinds of its own, so that a message on the wrong line
/// is an unknown kind.
enum Frame {
    /// Version 1, kind 1.
    static let headerBytes = 1 + 1

    /// A whole frame with its length.
    static func encode(kind: UInt8, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        // Room for every message that carries a secret, so that growing leaves no copies of it in freed memory.
        var writer = ByteWriter(capacity: 8192)
        writer.u32LE(0)
        writer.u8(FrameLimits.protocolVersion)
        writer.u8(kind)
        body(&writer)
        let length = writer.count - FrameLimits.lengthBytes
        precondition(length <= FrameLimits.frame, "the fields' limits are too wide for a frame")
        writer.patchU32LE(UInt32(length), at: 0)
        return writer.written
    }

    /// The kind, and a reader of the body, of a frame without its length.
    static func open(_ frame: [UInt8]) throws(DecodeError) -> (kind: UInt8, body: ByteReader) {
        guard frame.count <= FrameLimits.frame else {
            throw .oversize(length: frame.count, limit: FrameLimits.frame)
        }
        var reader = ByteReader(frame)
        let version = try reader.u8()
        guard version == FrameLimits.protocolVersion else { throw .unexpected(UInt32(version)) }
        return (try reader.u8(), reader)
    }
}

/// What has one form on the wire.
protocol WireValue {
    init(from reader: inout ByteReader) throws(DecodeError)
    func write(to writer: inout ByteWriter)
}

/// The numbers on the wire are those of the enum.
protocol WireChoice: WireValue, RawRepresentable where RawValue == UInt8 {}

extension WireChoice {
    init(from reader: inout ByteReader) throws(DecodeError) {
        let raw = try reader.u8()
        guard let value = Self(rawValue: raw) else { throw .unexpected(UInt32(raw)) }
        self = value
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(rawValue)
    }
}

extension ByteReader {
    /// Zero or one; nothing else.
    mutating func bool() throws(DecodeError) -> Bool {
        let raw = try u8()
        guard raw <= 1 else { throw .unexpected(UInt32(raw)) }
        return raw == 1
    }

    /// A count and as many elements.
    mutating func list<Element>(
        limit: Int,
        _ element: (inout ByteReader) throws(DecodeError) -> Element
    ) throws(DecodeError) -> [Element] {
        let count = Int(try u16LE())
        guard count <= limit else { throw .oversize(length: count, limit: limit) }
        var elements: [Element] = []
        for _ in 0..<count {
            elements.append(try element(&self))
        }
        return elements
    }
}

extension ByteWriter {
    /// Zero or one.
    mutating func bool(_ value: Bool) {
        u8(value ? 1 : 0)
    }

    /// The text, cut between letters when it is too long.
    mutating func text(_ text: String, limit: Int) {
        var end = text.utf8.startIndex
        if text.utf8.count <= limit {
            end = text.utf8.endIndex
        } else {
            var count = 0
            for scalar in text.unicodeScalars {
                count += UTF8.width(scalar)
                guard count <= limit else { break }
                end = text.unicodeScalars.index(after: end)
            }
        }
        let kept = text.utf8[..<end]
        u16LE(Self.length(kept.count))
        bytes(kept)
    }

    /// The byte string, cut when it is too long.
    mutating func byteString(_ value: [UInt8], limit: Int) {
        let kept = value.prefix(limit)
        u16LE(Self.length(kept.count))
        bytes(kept)
    }

    /// A count and the elements; those above the limit are left out.
    mutating func list<Element>(
        _ elements: [Element],
        limit: Int,
        _ element: (inout ByteWriter, Element) -> Void
    ) {
        let kept = elements.prefix(limit)
        u16LE(Self.length(kept.count))
        for value in kept {
            element(&self, value)
        }
    }

    /// All limits are far below 65,536, so a count that does not fit is our own mistake.
    private static func length(_ count: Int) -> UInt16 {
        guard let length = UInt16(exactly: count) else {
            preconditionFailure("a limit of a field is above its length")
        }
        return length
    }
}
