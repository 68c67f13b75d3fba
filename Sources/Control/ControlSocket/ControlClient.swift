// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the operator's end of the control socket; blocking, for a command that does nothing else.

package import DaemonMessages
internal import LinuxKit

/// Why there is no reply.
package struct ControlClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    package enum Code: Hashable, Sendable {
        /// Nobody listens there, or it may not be used.
        case unavailable
        /// The daemon took too long.
        case timedOut
        /// What came was no reply.
        case incomprehensible
    }

    package let code: Code
    /// One lower-case sentence without a full stop.
    package let message: String

    /// The message.
    package var description: String { message }
}

/// Asks `torhausd`.
package struct ControlClient: Sendable {
    /// For the whole exchange.
    package static let deadline = Duration.seconds(10)
    /// A reply's parts together: a hundred thousand sessions would fit.
    package static let maximumReplyBytes = 16_777_216

    private let path: String
    private let deadline: Duration

    /// The socket's path.
    package init(path: String, deadline: Duration = Self.deadline) {
        self.path = path
        self.deadline = deadline
    }

    /// Sends the request and waits for the whole reply.
    package func ask(_ request: OperatorRequest) throws(ControlClientError) -> OperatorReply {
        let end = ContinuousClock.now + deadline
        let stream: UnixStream
        do throws(SystemError) {
            stream = try UnixStream(path: path, milliseconds: milliseconds(until: end))
        } catch {
            throw ControlClientError(code: .unavailable, message: "\(error)")
        }
        guard stream.writeAll(request.encoded(), milliseconds: milliseconds(until: end)) else {
            throw ControlClientError(
                code: .unavailable,
                message: "the connection to \(path) broke while sending"
            )
        }
        return try receive(stream, until: end)
    }

    /// Parts until the daemon closes.
    private func receive(
        _ stream: borrowing UnixStream,
        until end: ContinuousClock.Instant
    ) throws(ControlClientError) -> OperatorReply {
        var assembler = FrameAssembler()
        var succeeded: Bool?
        var text = ""
        while true {
            switch stream.read(limit: FrameLimits.frame, milliseconds: milliseconds(until: end)) {
            case .bytes(let bytes):
                assembler.append(bytes)
                do {
                    while let frame = try assembler.next() {
                        let part = try OperatorReply(frame: frame)
                        succeeded = part.succeeded
                        text += part.text
                    }
                } catch {
                    throw ControlClientError(
                        code: .incomprehensible,
                        message: "the reply cannot be read: \(error)"
                    )
                }
                guard text.utf8.count <= Self.maximumReplyBytes else {
                    throw ControlClientError(code: .incomprehensible, message: "the reply is too long")
                }
            case .nothing:
                throw ControlClientError(code: .timedOut, message: "no reply from \(path) within \(deadline)")
            case .end:
                guard let succeeded else {
                    throw ControlClientError(
                        code: .incomprehensible,
                        message: "the connection ended without a reply"
                    )
                }
                return OperatorReply(succeeded: succeeded, text: text)
            }
        }
    }

    private func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: end)
        guard .zero < left else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
