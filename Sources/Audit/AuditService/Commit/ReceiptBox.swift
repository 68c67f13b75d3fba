// SPDX-License-Identifier: EUPL-1.2
// Torhaus: receipts on their way from the committer to the connections.

internal import DaemonMessages
internal import LinuxKit
internal import Synchronization

/// Filled by the committer, emptied by the intake.
final class ReceiptBox: Sendable {
    /// Receipts of one connection, encoded.
    struct Receipts {
        var bytes: [UInt8] = []
        var count = 0
    }

    private let waiting = Mutex([UInt64: Receipts]())
    let bell: Doorbell

    init() throws(SystemError) { bell = try Doorbell() }

    func put(_ replies: [(connection: UInt64, reply: AuditReply)]) {
        guard !replies.isEmpty else { return }
        let encoded = replies.map { ($0.connection, $0.reply.encoded()) }
        waiting.withLock { waiting in
            for (connection, bytes) in encoded {
                waiting[connection, default: Receipts()].bytes += bytes
                waiting[connection, default: Receipts()].count += 1
            }
        }
        bell.ring()
    }

    func take() -> [UInt64: Receipts] {
        waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting
        }
    }
}
