// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the .rdp file as a whole: lines, signature, bytes.

import ByteCoding

/// What makes a detached CMS signature in DER over the given bytes.
package protocol RDPFileSigner: Sendable {
    /// DER of a detached SignedData: no signed attributes, SHA-256, certificates included.
    func signature(over bytes: [UInt8]) throws -> [UInt8]
}

/// A file that a remote desktop client opens.
struct RDPFile: Sendable, Hashable {
    private(set) var lines: [RDPLine]

    /// An unsigned file.
    init(_ connection: RDPConnection) {
        lines = connection.lines
    }

    /// Adds scope and signature; those of an earlier signing are dropped.
    mutating func sign(with signer: any RDPFileSigner) throws {
        lines.removeAll { $0.key == "signscope" || $0.key == "signature" }
        let scope = RDPSignatureScope(of: lines)
        let der = try signer.signature(over: scope.signedBytes)
        lines.append(scope.line)
        lines.append(RDPLine("signature", Self.signatureText(der)))
    }

    /// The file's bytes: ASCII when that is enough, else UTF-16LE with a byte order mark as Windows writes
    /// it.
    var bytes: [UInt8] {
        let text = lines.map { $0.text + "\r\n" }.joined()
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return Array(text.utf8) }
        return [0xFF, 0xFE] + RDPText.utf16LittleEndian(text)
    }

    /// Header and DER in base64, in groups of 64 characters with two spaces behind each, as the Windows tool
    /// does.
    static func signatureText(_ der: [UInt8]) -> String {
        var blob: [UInt8] = [1, 0, 1, 0, 1, 0, 0, 0]
        let length = UInt32(clamping: der.count)
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            blob.append(UInt8(truncatingIfNeeded: length >> shift))
        }
        blob += der
        var rest = Substring(Base64.encode(blob))
        var text = ""
        while !rest.isEmpty {
            text += rest.prefix(64) + "  "
            rest = rest.dropFirst(64)
        }
        return text
    }
}

/// How .rdp files spell text.
enum RDPText {
    /// UTF-16, low byte first, without a mark.
    static func utf16LittleEndian(_ text: String) -> [UInt8] {
        text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}
