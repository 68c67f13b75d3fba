// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the payload of a close frame (RFC 6455 section 5.5.1).

internal import ByteCoding

/// Code and reason of a close frame; both may be missing.
package struct ClosePayload: Hashable, Sendable {
    /// Nil when the frame was empty.
    package let code: UInt16?
    /// The peer's own text, empty for none; not for logs without cleaning.
    package let reason: String

    /// Reads and checks the payload.
    package init(_ payload: [UInt8]) throws(FrameError) {
        guard !payload.isEmpty else {
            code = nil
            reason = ""
            return
        }
        var reader = ByteReader(payload)
        guard let code = try? reader.u16BE() else { throw .closeWithoutCode }
        guard Self.isSendable(code) else { throw .closeCodeInvalid }
        guard let reason = String(validating: reader.rest(), as: UTF8.self) else { throw .closeReasonNotUTF8 }
        self.code = code
        self.reason = reason
    }

    /// Codes that a peer may send: the registered ones, and those for libraries and private use (section 7.4.2).
    package static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        // 1004, 1005, 1006 and 1015 are reserved, and never on the wire.
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
