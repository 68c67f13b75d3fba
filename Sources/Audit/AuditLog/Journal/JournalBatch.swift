// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the bytes of one group commit.

internal import ByteCoding
internal import MerkleLog

/// Records that become durable together.
///
/// A header of 64 bytes (mark, first index, count, length, flags, SHA-256 of all but itself and of the origin), then
/// each entry behind its length as u16 big-endian, then zeros up to the next block.
struct JournalBatch: Hashable {
    /// The index of the first entry.
    let first: UInt64
    let entries: [[UInt8]]
    /// Its segment had been used before: behind the last batch are bytes of older ones.
    var isOverOld = false

    private static let mark = Array("THBATCH1".utf8)
    /// Flags as u64 big-endian.
    private static let overOld: UInt64 = 1
    static let headerBytes = 8 + 8 + 4 + 4 + 8 + TreeHash.byteCount

    /// Bytes on the disk, a multiple of the block; nil when the entries are too many or too long for a batch.
    static func length(of entries: some Collection<[UInt8]>) -> Int? {
        guard !entries.isEmpty, entries.count <= AuditLogLimits.batchEntries else { return nil }
        var length = headerBytes
        for entry in entries {
            guard entry.count <= AuditLogLimits.entry else { return nil }
            length += 2 + entry.count
            guard length <= AuditLogLimits.batch else { return nil }
        }
        return rounded(length)
    }

    static func rounded(_ length: Int) -> Int {
        (length + AuditLogLimits.block - 1) / AuditLogLimits.block * AuditLogLimits.block
    }

    // MARK: Writing

    /// The bytes; the entries must fit, as `length` says.
    func encoded(origin: [UInt8]) throws(MerkleError) -> [UInt8] {
        let payload = try EntryBundle.encode(entries)
        var writer = ByteWriter(capacity: Self.rounded(Self.headerBytes + payload.count))
        writer.bytes(Self.mark)
        writer.u64BE(first)
        writer.u32BE(UInt32(truncatingIfNeeded: entries.count))
        writer.u32BE(UInt32(truncatingIfNeeded: payload.count))
        writer.u64BE(isOverOld ? Self.overOld : 0)
        writer.bytes(Self.seal(writer.written, payload[...], origin))
        writer.bytes(payload)
        writer.zeros(Self.rounded(writer.count) - writer.count)
        return writer.written
    }

    // MARK: Reading

    /// The batch at the start of the bytes and its length on the disk; nil when there is no whole one.
    static func decode(_ bytes: ArraySlice<UInt8>, origin: [UInt8]) -> (batch: JournalBatch, length: Int)? {
        let head = Array(bytes.prefix(headerBytes))
        var reader = ByteReader(head)
        guard let mark = try? reader.bytes(8), mark == self.mark, let first = try? reader.u64BE(),
            let count = try? reader.u32BE(), let length = try? reader.u32BE(),
            let flags = try? reader.u64BE(),
            let sealed = try? reader.bytes(TreeHash.byteCount), 0 < count,
            count <= AuditLogLimits.batchEntries, length <= AuditLogLimits.batch
        else { return nil }
        let payload = bytes.dropFirst(headerBytes).prefix(Int(length))
        guard payload.count == Int(length),
            sealed == seal(Array(head.dropLast(TreeHash.byteCount)), payload, origin)
        else { return nil }
        var entries: [[UInt8]] = []
        entries.reserveCapacity(Int(count))
        var rest = ByteReader(Array(payload))
        for _ in 0..<count {
            guard let size = try? rest.u16BE(), let entry = try? rest.bytes(Int(size)) else { return nil }
            entries.append(entry)
        }
        guard rest.remaining == 0, first <= MerkleLimits.treeSize - UInt64(count) else { return nil }
        let batch = JournalBatch(first: first, entries: entries, isOverOld: flags & overOld != 0)
        return (batch, rounded(headerBytes + Int(length)))
    }

    /// Bytes on the disk of a batch that starts here, as its header says, whether or not the rest of it is there; nil
    /// when this is not the header of the batch with that first index.
    static func claimedLength(_ bytes: ArraySlice<UInt8>, first: UInt64) -> Int? {
        var reader = ByteReader(Array(bytes.prefix(headerBytes)))
        guard let mark = try? reader.bytes(8), mark == self.mark, let claimed = try? reader.u64BE(),
            claimed == first, (try? reader.skip(4)) != nil, let length = try? reader.u32BE(),
            length <= AuditLogLimits.batch
        else { return nil }
        return rounded(headerBytes + Int(length))
    }

    private static func seal(_ head: [UInt8], _ payload: ArraySlice<UInt8>, _ origin: [UInt8]) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(origin.count + 1 + head.count + payload.count)
        all += origin
        all.append(0)
        all += head
        all += payload
        return LogCrypto.hasher.digest(all.rawSpan).bytes
    }
}
