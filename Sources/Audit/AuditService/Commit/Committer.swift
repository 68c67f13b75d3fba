// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread that writes: everything that waits becomes durable with one flush.

internal import AuditEvents
internal import AuditLog
internal import DaemonMessages
internal import LinuxKit
internal import Synchronization

/// Takes from the queue, appends, and hands out receipts.
final class Committer: Sendable {
    private let queue: CommitQueue
    private let receipts: ReceiptBox
    private let holder: LogHolder
    private let publisher: Publisher
    private let upkeep: Upkeep
    private let health: Health
    private let succession: Succession
    /// Held while somebody commits or changes the log.
    private let turn: Mutex<Turn>

    /// What one commit leaves for the next.
    private struct Turn {
        /// Records of our own that could not be written yet.
        var owed: [CommitQueue.Item] = []
        /// Monotonic milliseconds from which on a log that could not be written is tried again.
        var nextProbe: UInt64
        /// The last commit took less than `ServiceLimits.quickMilliseconds`.
        var isQuick = true
    }

    /// What became of a batch: an answer for each of its records that a producer waits for.
    private typealias Answers = [(connection: UInt64, reply: AuditReply)]

    init(
        queue: CommitQueue,
        receipts: ReceiptBox,
        holder: LogHolder,
        publisher: Publisher,
        upkeep: Upkeep,
        health: Health,
        succession: Succession
    ) {
        self.queue = queue
        self.receipts = receipts
        self.holder = holder
        self.publisher = publisher
        self.upkeep = upkeep
        self.health = health
        self.succession = succession
        turn = Mutex(Turn(nextProbe: Clock.monotonicMilliseconds()))
    }

    /// Works until the queue is closed and empty.
    func run() {
        while true {
            queue.wait(milliseconds: health.isWritable ? 1000 : Int32(ServiceLimits.probeMilliseconds))
            // Within the turn, so that the next one to commit has no receipt out before these.
            turn.withLock { receipts.put(takeTurn(&$0)) }
            publisher.hurry()
            // A failed log ends too: whoever waits got a refusal.
            if queue.isOver { return }
        }
    }

    /// Commits one record on the caller's thread and returns its answer; nil when it has to queue.
    ///
    /// For a record that nothing else waits beside: two changes of threads cost more than a good disk's flush. It
    /// queues when anything is before it, and when the disk is not quick, because the caller has others to serve.
    /// The receipts of records before it are in their box by then; they go out first.
    func commitAtOnce(_ item: CommitQueue.Item) -> AuditReply? {
        turn.withLockIfAvailable { turn -> AuditReply? in
            guard turn.isQuick, turn.owed.isEmpty, health.isWritable, queue.count == 0 else { return nil }
            return commit([item], &turn).first?.reply
        } ?? nil
    }

    private func takeTurn(_ turn: inout Turn) -> Answers {
        let items = queue.take()
        let now = Clock.monotonicMilliseconds()
        let isProbe = items.isEmpty && !health.isWritable && turn.nextProbe <= now
        guard !items.isEmpty || isProbe else {
            succeed()
            return []
        }
        turn.nextProbe = now + ServiceLimits.probeMilliseconds
        let answers = commit(items, &turn)
        if items.isEmpty { succeed() }
        return answers
    }

    // MARK: Committing

    private func commit(_ items: [CommitQueue.Item], _ turn: inout Turn) -> Answers {
        let log = holder.current
        let begun = Clock.monotonicMilliseconds()
        var batch = turn.owed
        if !health.isWritable { batch.append(CommitQueue.item(.logRecovered(refused: health.refused))) }
        let own = batch.count
        batch += items
        // Nobody else appends, so this is the first record's index.
        let first = log.durableSize
        let entries = batch.enumerated().map { place, item in
            AuditLine.join(item.body, index: first + UInt64(place), milliseconds: item.milliseconds)
        }
        do throws(AuditLogError) {
            let index = try log.append(entries)
            let ended = Clock.monotonicMilliseconds()
            turn.isQuick = ended - begun < ServiceLimits.quickMilliseconds
            if !health.isWritable { ServiceLog.write(.notice, "log-writable") }
            health.wrote(at: ended)
            if log.wantsNextSegment() { upkeep.hurry() }
            turn.owed = []
            for item in items { item.done?(true) }
            return items.enumerated().compactMap { place, item in
                item.producer.map {
                    ($0.connection, .durable(number: $0.number, index: index + UInt64(own + place)))
                }
            }
        } catch {
            return fail(items, &turn, error)
        }
    }

    private func fail(_ items: [CommitQueue.Item], _ turn: inout Turn, _ error: AuditLogError) -> Answers {
        if health.failed(refusing: items.count { $0.producer != nil }) {
            ServiceLog.write(.alert, "log-not-writable", ["error": error.message])
        }
        // Who waits decides what to do now; only what nobody waits for is tried again.
        let unasked = items.filter { $0.producer == nil && $0.done == nil }
        turn.owed = Array((turn.owed + unasked).prefix(ServiceLimits.owed))
        for item in items { item.done?(false) }
        let refusal: AuditRefusal =
            switch error.code {
            case .noSpace: .noSpace
            case .backlog: .backlog
            case .system, .invalid, .refused, .key: .unavailable
            }
        return items.compactMap { item in
            item.producer.map { ($0.connection, .refused(number: $0.number, refusal)) }
        }
    }

    // MARK: New year

    private func succeed() {
        do throws(AuditLogError) {
            guard let next = try succession.next(after: holder.current) else { return }
            holder.replace(by: next)
            ServiceLog.write(.notice, "log-continued", ["origin": next.place.origin])
        } catch {
            ServiceLog.write(.alert, "log-not-continued", ["error": error.message])
        }
    }
}
