// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records and receipts come back from their frames, and from nothing else.

import ByteCoding
import DaemonMessages
import Testing

@Suite("Audit messages")
struct AuditMessagesTests {
    private static let requests: [AuditRequest] = [
        AuditAppend(milliseconds: 1_767_000_000_123, body: Array(#""event_code":"GW7001I"}"#.utf8))
            .map { .append(number: 7, $0) },
        AuditAppend(milliseconds: .max, body: [UInt8](repeating: 0x20, count: AuditFrameLimits.body))
            .map { .append(number: .max, $0) },
        .status(number: 0),
        AuditPruneOrder(below: 512, held: [3..<4, 9..<9, 0..<UInt64.max]).map { .prune(number: 1, $0) },
        AuditPruneOrder(below: .max, held: [Range](repeating: 1..<2, count: AuditFrameLimits.heldRanges))
            .map { .prune(number: 1, $0) },
    ].compactMap(\.self)

    private static let replies: [AuditReply] =
        [
            .durable(number: 7, index: 12), .pruned(number: 2, bundles: 3),
            .status(
                number: 1,
                AuditStatus(
                    origin: "log.example/2026",
                    durable: 10,
                    published: 9,
                    isHealthy: true,
                    isWitnessed: false
                )
            ),
        ] + AuditRefusal.allCases.map { .refused(number: 4, $0) }

    private func rest(_ frame: [UInt8]) -> [UInt8] { Array(frame.dropFirst(FrameLimits.lengthBytes)) }

    @Test("every message comes back, and no part of it does")
    func roundTrip() throws {
        #expect(Self.requests.count == 5)
        for request in Self.requests {
            let frame = rest(request.encoded())
            #expect(try AuditRequest(frame: frame) == request)
            #expect(throws: DecodeError.self) { try AuditRequest(frame: frame + [0]) }
            for end in stride(from: 0, to: frame.count, by: max(1, frame.count / 50)) {
                #expect(throws: DecodeError.self) { try AuditRequest(frame: Array(frame[..<end])) }
            }
            #expect(throws: DecodeError.self) { try AuditReply(frame: frame) }
        }
        for reply in Self.replies {
            let frame = rest(reply.encoded())
            #expect(try AuditReply(frame: frame) == reply)
            #expect(throws: DecodeError.self) { try AuditReply(frame: frame + [0]) }
            #expect(throws: DecodeError.self) { try AuditReply(frame: Array(frame.dropLast())) }
            #expect(throws: DecodeError.self) { try AuditRequest(frame: frame) }
        }
    }

    @Test("a record that does not fit is none")
    func limits() {
        #expect(AuditAppend(milliseconds: 0, body: []) == nil)
        #expect(
            AuditAppend(milliseconds: 0, body: [UInt8](repeating: 0, count: AuditFrameLimits.body + 1))
                == nil
        )
        #expect(AuditPruneOrder(below: 0, held: [Range](repeating: 0..<1, count: 2049)) == nil)
    }

    @Test("frames have the bytes of the protocol")
    func golden() {
        #expect(
            AuditReply.durable(number: 1, index: 2).encoded()
                == [18, 0, 0, 0, 1, 0xE1, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]
        )
        #expect(AuditRequest.status(number: 1).encoded() == [10, 0, 0, 0, 1, 0xC2, 1, 0, 0, 0, 0, 0, 0, 0])
    }
}
