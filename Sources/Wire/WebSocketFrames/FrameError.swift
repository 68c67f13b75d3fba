// SPDX-License-Identifier: EUPL-1.2
// Torhaus: WebSocket frames (RFC 6455), server side, without extensions. The scanner works in the receive buffer
// itself: it unmasks there and tells where payload lies, so nothing is copied.

/// Why a client's frames cannot be read; the connection is closed with `closeCode`.
package enum FrameError: Error, Hashable, Sendable, CaseIterable {
    /// A reserved bit is set, and no extension was agreed on.
    case reservedBits
    case reservedOpcode
    /// Clients must mask (section 5.1).
    case unmasked
    case fragmentedControl
    case controlTooLong
    case continuationWithoutStart
    /// A new message starts inside of a fragmented one.
    case messageInsideMessage
    /// Both RFB and MS-TSGU are binary.
    case textMessage
    /// A length is written in more bytes than it needs (section 5.2).
    case lengthNotMinimal
    case frameTooLarge
    /// A close frame with one byte, which is no code.
    case closeWithoutCode
    case closeCodeInvalid
    case closeReasonNotUTF8

    /// The code for our own close frame.
    package var closeCode: CloseCode {
        switch self {
        case .textMessage: .unsupportedData
        case .frameTooLarge: .messageTooBig
        case .closeReasonNotUTF8: .invalidPayload
        default: .protocolError
        }
    }
}
