// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a producer of the audit log that says when it sends and when it reads.

import AuditEvents
import AuditLog
import DaemonMessages
import DaemonSettings
import LinuxKit
import Testing

/// What one producer sends and gets, with a pause of its choice between sending and reading.
struct ProducerLine: ~Copyable {
    private let stream: UnixStream
    private var assembler = FrameAssembler()

    init(_ service: TestService) throws {
        stream = try UnixStream(path: service.settings.socket, milliseconds: 1000)
    }

    func send(_ number: UInt64, _ event: AuditEvent) throws {
        let body = AuditLine.body(event, salt: [1])
        let record = try #require(AuditAppend(milliseconds: Clock.wallMilliseconds(), body: body))
        let frame = AuditRequest.append(number: number, record).encoded()
        let isSent = stream.writeAll(frame, milliseconds: 1000)
        try #require(isSent)
    }

    /// The index in the next receipt, which must be that of `number`: receipts keep the order of the records,
    /// also when the committer is held up between its commit and its receipts (seen on a busy machine).
    ///
    /// Looks again and again: the vault behind the line needs the threads that a wait would hold.
    mutating func index(of number: UInt64) async throws -> UInt64 {
        while true {
            if let frame = try assembler.next() {
                let reply = try AuditReply(frame: frame)
                guard case .durable(number, let index) = reply else {
                    throw AuditFailure(reason: "\(reply) in place of the receipt for \(number)")
                }
                return index
            }
            switch stream.read(limit: 4096) {
            case .bytes(let bytes): assembler.append(bytes)
            case .nothing: try await Task.sleep(for: .microseconds(100))
            case .end: throw AuditFailure(reason: "no answer")
            }
        }
    }
}
