// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the numbers of RFC 6455.

/// What a frame is (section 5.2); the other values are reserved.
package enum Opcode: UInt8, Hashable, Sendable, CaseIterable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames are short and never fragmented.
    package var isControl: Bool { 0x8 <= rawValue }
}

/// Why a side closes (section 7.4.1), as far as this one says it.
package enum CloseCode: UInt16, Hashable, Sendable, CaseIterable {
    case normal = 1000
    /// The server or the page goes away.
    case goingAway = 1001
    case protocolError = 1002
    case unsupportedData = 1003
    case invalidPayload = 1007
    /// What no other code says, such as a withdrawn permission.
    case policyViolation = 1008
    case messageTooBig = 1009
    case internalError = 1011
    /// The service restarts; come again.
    case serviceRestart = 1012
    case tryAgainLater = 1013
}

/// The bounds of frames.
package enum WebSocketLimits {
    /// Payload of one frame, which is streamed and so costs no memory.
    ///
    /// xfreerdp sends at most 65,545 bytes, noVNC a few kilobytes.
    package static let payload = 16 * 1024 * 1024
    /// Payload of a control frame (section 5.5).
    package static let control = 125
    /// Bytes of the reason in a close frame: what the code leaves.
    package static let closeReason = control - 2
}
