// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from a frame to a request and from a reply to frames, without a socket.

package import DaemonMessages
internal import Glibc

/// Stands between the socket and the service; answers by itself what the service must not see.
package struct ControlHarness: Sendable {
    /// Users who may ask, whatever the service says.
    package let operators: Set<UInt32>
    private let service: any OperatorService

    /// Root and the daemon's own user may always ask: both can do all of it anyway.
    package init(operators: Set<UInt32>, service: any OperatorService) {
        self.operators = operators.union([0, geteuid()])
        self.service = service
    }

    /// The replies' frames for one request's frame (without its length).
    package func answer(_ frame: [UInt8], by uid: UInt32) async -> [UInt8] {
        let reply = await reply(frame, by: uid)
        return ReplyParts.split(reply).flatMap { $0.encoded() }
    }

    /// The reply for users who may not ask; the service may know more than are listed.
    package func refusal(of uid: UInt32, verb: String? = nil) async -> OperatorReply? {
        if operators.contains(uid) { return nil }
        if await service.admits(uid) { return nil }
        let reference = await service.turnedAway(uid, verb: verb)
        let hint = reference.isEmpty ? "" : "; reference: \(reference)"
        return OperatorReply(succeeded: false, text: "user \(uid) may not use this socket\(hint)")
    }

    private func reply(_ frame: [UInt8], by uid: UInt32) async -> OperatorReply {
        let known = try? OperatorRequest(frame: frame)
        if let refusal = await refusal(of: uid, verb: known?.verb) { return refusal }
        guard let request = known else {
            return OperatorReply(
                succeeded: false,
                text: "the request cannot be read; are both of the same version?"
            )
        }
        guard let verb = OperatorVerb(rawValue: request.verb) else {
            let known = OperatorVerb.allCases.map(\.rawValue).joined(separator: ", ")
            return OperatorReply(succeeded: false, text: "unknown request; known: \(known)")
        }
        guard request.arguments.count == verb.argumentNames.count else {
            let names = verb.argumentNames.joined(separator: " ")
            let wanted = names.isEmpty ? "no arguments" : names
            return OperatorReply(succeeded: false, text: "\(verb.rawValue) takes \(wanted)")
        }
        return await service.perform(request, by: uid)
    }
}

/// A reply's text may be longer than a frame: 2,500 sessions are.
enum ReplyParts {
    /// Replies whose texts are the reply's text when put together; cut between lines where there are any.
    static func split(_ reply: OperatorReply) -> [OperatorReply] {
        var rest = reply.text[...]
        var parts: [OperatorReply] = []
        while FrameLimits.operatorText < rest.utf8.count {
            let limit = rest.utf8.index(rest.startIndex, offsetBy: FrameLimits.operatorText)
            let scalarEnd = rest.unicodeScalars.index(before: rest.unicodeScalars.index(after: limit))
            var end = min(limit, scalarEnd)
            if let lineEnd = rest[..<end].utf8.lastIndex(of: UInt8(ascii: "\n")) {
                end = rest.utf8.index(after: lineEnd)
            }
            parts.append(OperatorReply(succeeded: reply.succeeded, text: String(rest[..<end])))
            rest = rest[end...]
        }
        return parts + [OperatorReply(succeeded: reply.succeeded, text: String(rest))]
    }
}
