// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records that wait for the next group commit.

package import AuditEvents
package import LinuxKit
internal import OpenSSLKit
internal import Synchronization

/// Filled by the intake and by the log's own threads, emptied by the committer.
package final class CommitQueue: Sendable {
    /// Who gets the receipt.
    struct Producer: Hashable {
        let connection: UInt64
        /// The producer's number for the record.
        let number: UInt64
    }

    /// One record without its place in the log.
    struct Item {
        /// Nil for records of our own.
        let producer: Producer?
        let milliseconds: UInt64
        let body: [UInt8]
        /// Whether the body has names that must not get into the log.
        var hasNames = false
        /// Told whether the record is durable; for records of our own that something waits for.
        var done: (@Sendable (Bool) -> Void)?

        func with(body: [UInt8]) -> Item {
            Item(producer: producer, milliseconds: milliseconds, body: body, done: done)
        }
    }

    private let items = Mutex([Item]())
    private let bell: Doorbell
    private let isClosed = Mutex(false)

    package init() throws(SystemError) { bell = try Doorbell() }

    // MARK: Filling

    func put(_ more: [Item]) {
        guard !more.isEmpty else { return }
        items.withLock { $0 += more }
        bell.ring()
    }

    /// A record of our own.
    package func note(_ event: AuditEvent) {
        put([Self.item(event)])
    }

    /// A record of our own without names; returns when it is durable, and throws when it will not be.
    package func noteDurably(_ event: AuditEvent) async throws(AuditFailure) {
        let isDurable = await withCheckedContinuation { continuation in
            var item = Self.item(event)
            item.done = { continuation.resume(returning: $0) }
            put([item])
        }
        guard isDurable else { throw AuditFailure(reason: "the log cannot be written") }
    }

    static func item(_ event: AuditEvent) -> Item {
        // Without random bytes there is no salt; our own events hold nothing that could be guessed at.
        let salt = (try? RandomBytes.make(count: AuditLine.saltLength)) ?? []
        return Item(
            producer: nil,
            milliseconds: Clock.wallMilliseconds(),
            body: AuditLine.body(event, salt: salt)
        )
    }

    var count: Int { items.withLock { $0.count } }

    // MARK: Emptying

    /// Nothing comes any more: the committer ends when the queue is empty.
    func close() {
        isClosed.withLock { $0 = true }
        bell.ring()
    }

    /// True when nothing is left and nothing will come.
    var isOver: Bool { isClosed.withLock { $0 } && items.withLock { $0.isEmpty } }

    func wait(milliseconds: Int32) {
        guard count == 0, !isOver else { return }
        bell.wait(milliseconds: milliseconds)
    }

    /// The oldest records, as many as one commit takes; at least one when there is any.
    func take() -> [Item] {
        items.withLock { items in
            var bytes = 0
            var count = 0
            while count < items.count, count < ServiceLimits.commitEntries {
                bytes += items[count].body.count
                guard count == 0 || bytes <= ServiceLimits.commitBytes else { break }
                count += 1
            }
            let taken = Array(items[..<count])
            items.removeFirst(count)
            return taken
        }
    }
}
