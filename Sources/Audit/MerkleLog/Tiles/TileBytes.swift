// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is in a tile file and in a bundle file.

internal import ByteCoding

/// A tile of hashes: 32 bytes each.
package enum HashTile {
    /// The file's bytes.
    package static func encode(_ hashes: some Collection<TreeHash>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: hashes.count * TreeHash.byteCount)
        var elements = bytes.mutableSpan
        var raw = unsafe elements.mutableBytes
        for (place, hash) in hashes.enumerated() { hash.store(to: &raw, at: place * TreeHash.byteCount) }
        return bytes
    }

    /// The hashes; the file must be exactly `width` hashes long.
    package static func decode(_ bytes: [UInt8], width: Int) throws(MerkleError) -> [TreeHash] {
        guard (1...MerkleLimits.tileWidth).contains(width), bytes.count == width * TreeHash.byteCount else {
            throw .invalid(field: "tile")
        }
        let raw = bytes.rawSpan
        var hashes: [TreeHash] = []
        hashes.reserveCapacity(width)
        for place in 0..<width { hashes.append(TreeHash(raw, at: place * TreeHash.byteCount)) }
        return hashes
    }
}

/// A bundle of entries: each behind its length as u16 big-endian.
package enum EntryBundle {
    /// The file's bytes; throws when an entry is too long.
    package static func encode(_ entries: [[UInt8]]) throws(MerkleError) -> [UInt8] {
        var writer = ByteWriter(capacity: entries.reduce(0) { $0 + 2 + $1.count })
        for entry in entries {
            guard let length = UInt16(exactly: entry.count) else {
                throw .oversize(length: entry.count, limit: MerkleLimits.entryBytes)
            }
            writer.u16BE(length)
            writer.bytes(entry)
        }
        return writer.written
    }

    /// The entries; there must be exactly `width`.
    package static func decode(_ bytes: [UInt8], width: Int) throws(MerkleError) -> [[UInt8]] {
        guard (1...MerkleLimits.tileWidth).contains(width), bytes.count <= MerkleLimits.bundleBytes else {
            throw .invalid(field: "bundle")
        }
        var reader = ByteReader(bytes)
        var entries: [[UInt8]] = []
        entries.reserveCapacity(width)
        do throws(DecodeError) {
            for _ in 0..<width { entries.append(try reader.bytes(Int(try reader.u16BE()))) }
            try reader.expectEnd()
        } catch {
            throw .invalid(field: "bundle")
        }
        return entries
    }
}
