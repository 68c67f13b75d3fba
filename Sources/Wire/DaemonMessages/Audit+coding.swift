// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records and their receipts as frames.

package import ByteCoding

extension AuditRequest {
    private enum Kind: UInt8 {
        case append = 0xC1
        case status = 0xC2
        case prune = 0xC3
    }

    /// The whole frame, with its length.
    package func encoded() -> [UInt8] {
        switch self {
        case .append(let number, let record):
            return Frame.encode(kind: Kind.append.rawValue) { writer in
                writer.u64LE(number)
                writer.u64LE(record.milliseconds)
                writer.byteString(record.body, limit: AuditFrameLimits.body)
            }
        case .status(let number):
            return Frame.encode(kind: Kind.status.rawValue) { $0.u64LE(number) }
        case .prune(let number, let order):
            return Frame.encode(kind: Kind.prune.rawValue) { writer in
                writer.u64LE(number)
                writer.u64LE(order.below)
                writer.list(order.held, limit: AuditFrameLimits.heldRanges) {
                    $0.u64LE($1.lowerBound)
                    $0.u64LE($1.upperBound)
                }
            }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (rawKind, reader) = try Frame.open(frame)
        guard let kind = Kind(rawValue: rawKind) else { throw .unexpected(UInt32(rawKind)) }
        let number = try reader.u64LE()
        switch kind {
        case .append:
            let milliseconds = try reader.u64LE()
            let body = try reader.bytesU16LE(limit: AuditFrameLimits.body)
            guard let record = AuditAppend(milliseconds: milliseconds, body: body) else {
                throw .invalid(field: "body")
            }
            self = .append(number: number, record)
        case .status:
            self = .status(number: number)
        case .prune:
            let below = try reader.u64LE()
            let held = try reader.list(limit: AuditFrameLimits.heldRanges) {
                (part: inout ByteReader) throws(DecodeError) in
                let (lower, upper) = (try part.u64LE(), try part.u64LE())
                guard lower <= upper else { throw .invalid(field: "range") }
                return lower..<upper
            }
            guard let order = AuditPruneOrder(below: below, held: held) else {
                throw .invalid(field: "ranges")
            }
            self = .prune(number: number, order)
        }
        try reader.expectEnd()
    }
}

extension AuditReply {
    private enum Kind: UInt8 {
        case durable = 0xE1
        case refused = 0xE2
        case status = 0xE3
        case pruned = 0xE4
    }

    /// The whole frame, with its length.
    package func encoded() -> [UInt8] {
        switch self {
        case .durable(let number, let index):
            return Self.frame(.durable, number) { $0.u64LE(index) }
        case .refused(let number, let refusal):
            return Self.frame(.refused, number) { refusal.write(to: &$0) }
        case .status(let number, let status):
            return Self.frame(.status, number) { writer in
                writer.text(status.origin, limit: AuditFrameLimits.origin)
                writer.u64LE(status.durable)
                writer.u64LE(status.published)
                writer.bool(status.isHealthy)
                writer.bool(status.isWitnessed)
            }
        case .pruned(let number, let bundles):
            return Self.frame(.pruned, number) { $0.u64LE(bundles) }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (rawKind, reader) = try Frame.open(frame)
        guard let kind = Kind(rawValue: rawKind) else { throw .unexpected(UInt32(rawKind)) }
        let number = try reader.u64LE()
        switch kind {
        case .durable: self = .durable(number: number, index: try reader.u64LE())
        case .refused: self = .refused(number: number, try AuditRefusal(from: &reader))
        case .status:
            self = .status(
                number: number,
                AuditStatus(
                    origin: try reader.utf8U16LE(limit: AuditFrameLimits.origin),
                    durable: try reader.u64LE(),
                    published: try reader.u64LE(),
                    isHealthy: try reader.bool(),
                    isWitnessed: try reader.bool()
                )
            )
        case .pruned: self = .pruned(number: number, bundles: try reader.u64LE())
        }
        try reader.expectEnd()
    }

    private static func frame(_ kind: Kind, _ number: UInt64, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        Frame.encode(kind: kind.rawValue) { writer in
            writer.u64LE(number)
            body(&writer)
        }
    }
}

extension AuditRefusal: WireChoice {}
