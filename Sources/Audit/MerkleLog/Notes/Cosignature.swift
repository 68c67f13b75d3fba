// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a witness signs (C2SP tlog-cosignature v1).

internal import ByteCoding

/// The bytes of cosignatures: a time beside the checkpoint's text.
package enum Cosignature {
    /// Ed25519.
    private static let signatureBytes = 64

    /// What is signed: a header, the time in decimal, the whole text.
    package static func message(time: UInt64, text: String) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }

    /// What stands behind the key id: the time as u64 big-endian, and the signature.
    static func payload(time: UInt64, signature: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(capacity: 8 + signature.count)
        writer.u64BE(time)
        writer.bytes(signature)
        return writer.written
    }

    /// Takes a payload apart.
    static func take(_ payload: [UInt8]) throws(MerkleError) -> (time: UInt64, signature: [UInt8]) {
        var reader = ByteReader(payload)
        do throws(DecodeError) {
            let time = try reader.u64BE()
            let signature = try reader.bytes(signatureBytes)
            try reader.expectEnd()
            return (time, signature)
        } catch {
            throw .invalid(field: "cosignature")
        }
    }
}
