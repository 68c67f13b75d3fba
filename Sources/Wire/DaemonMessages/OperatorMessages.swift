// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the operator's tool and torhausd say to each other. One connection carries one request.

package import ByteCoding

/// From `torhaus` to `torhausd`.
package struct OperatorRequest: Hashable, Sendable {
    /// Such as `sessions`.
    package var verb: String
    /// What stands behind the verb.
    package var arguments: [String]
    /// Account of the person whom root's tool says it acts for; empty when it says nothing.
    ///
    /// The kernel tells the account at the other end; who is behind root is root's word, and recorded as such.
    package var claimed: String

    /// Takes every field as it is.
    package init(verb: String, arguments: [String] = [], claimed: String = "") {
        self.verb = verb
        self.arguments = arguments
        self.claimed = claimed
    }

    /// The whole frame, with its length; fields above their limit are cut.
    package func encoded() -> [UInt8] {
        Frame.encode(kind: claimed.isEmpty ? Self.kind : Self.claimingKind) { writer in
            writer.text(verb, limit: FrameLimits.verb)
            writer.list(arguments, limit: FrameLimits.arguments) {
                $0.text($1, limit: FrameLimits.argument)
            }
            if !claimed.isEmpty { writer.text(claimed, limit: FrameLimits.user) }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (kind, reader) = try Frame.open(frame)
        guard kind == Self.kind || kind == Self.claimingKind else { throw .unexpected(UInt32(kind)) }
        verb = try reader.utf8U16LE(limit: FrameLimits.verb)
        arguments = try reader.list(limit: FrameLimits.arguments) {
            (part: inout ByteReader) throws(DecodeError) in try part.utf8U16LE(limit: FrameLimits.argument)
        }
        claimed = ""
        if kind == Self.claimingKind {
            claimed = try reader.utf8U16LE(limit: FrameLimits.user)
            // Each request has one form.
            guard !claimed.isEmpty else { throw .invalid(field: "claimed") }
        }
        try reader.expectEnd()
    }

    private static let kind: UInt8 = 0xC1
    private static let claimingKind: UInt8 = 0xC2
}

/// From `torhausd` to `torhaus`.
package struct OperatorReply: Hashable, Sendable {
    /// Decides the exit code of the tool.
    package var succeeded: Bool
    /// For the screen, lines with LF; cut at `FrameLimits.operatorText`.
    package var text: String

    /// Takes every field as it is.
    package init(succeeded: Bool, text: String) {
        self.succeeded = succeeded
        self.text = text
    }

    /// The whole frame, with its length; a text above the limit is cut.
    package func encoded() -> [UInt8] {
        Frame.encode(kind: Self.kind) { writer in
            writer.bool(succeeded)
            writer.text(text, limit: FrameLimits.operatorText)
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (kind, reader) = try Frame.open(frame)
        guard kind == Self.kind else { throw .unexpected(UInt32(kind)) }
        succeeded = try reader.bool()
        text = try reader.utf8U16LE(limit: FrameLimits.operatorText)
        try reader.expectEnd()
    }

    private static let kind: UInt8 = 0xD1
}
