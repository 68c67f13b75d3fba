// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread that writes: everything that waits becomes durable with one flush.

internal import AuditEvents
internal import AuditLog
internal import DaemonMessages
internal import LinuxKit

/// Takes from the queue, appends, and hands out receipts.
final class Committer: Sendable {
    private let queue: CommitQueue
    private let receipts: ReceiptBox
    private let holder: LogHolder
    private let health: Health
    private let succession: Succession

    init(
        queue: CommitQueue,
        receipts: ReceiptBox,
        holder: LogHolder,
        health: Health,
        succession: Succession
    ) {
        self.queue = queue
        self.receipts = receipts
        self.holder = holder
        self.health = health
        self.succession = succession
    }

    /// Works until the queue is closed and empty.
    func run() {
        // Records of our own that could not be written yet.
        var owed: [CommitQueue.Item] = []
        var nextProbe = Clock.monotonicMilliseconds()
        while true {
            queue.wait(milliseconds: health.isWritable ? 1000 : Int32(ServiceLimits.probeMilliseconds))
            let items = queue.take()
            let now = Clock.monotonicMilliseconds()
            let isProbe = items.isEmpty && !health.isWritable && nextProbe <= now
            if !items.isEmpty || isProbe {
                nextProbe = now + ServiceLimits.probeMilliseconds
                commit(items, &owed)
            }
            // A failed log ends too: whoever waits got a refusal.
            if queue.isOver { return }
            if items.isEmpty { succeed() }
        }
    }

    // MARK: Committing

    private func commit(_ items: [CommitQueue.Item], _ owed: inout [CommitQueue.Item]) {
        let log = holder.current
        var batch = owed
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
            if !health.isWritable { ServiceLog.write(.notice, "log-writable") }
            health.wrote(at: Clock.monotonicMilliseconds())
            owed = []
            for item in items { item.done?(true) }
            receipts.put(
                items.enumerated().compactMap { place, item in
                    item.producer.map {
                        ($0.connection, .durable(number: $0.number, index: index + UInt64(own + place)))
                    }
                }
            )
        } catch {
            fail(items, &owed, error)
        }
    }

    private func fail(_ items: [CommitQueue.Item], _ owed: inout [CommitQueue.Item], _ error: AuditLogError) {
        if health.failed(refusing: items.count { $0.producer != nil }) {
            ServiceLog.write(.alert, "log-not-writable", ["error": error.message])
        }
        // Who waits decides what to do now; only what nobody waits for is tried again.
        let unasked = items.filter { $0.producer == nil && $0.done == nil }
        owed = Array((owed + unasked).prefix(ServiceLimits.owed))
        for item in items { item.done?(false) }
        let refusal: AuditRefusal =
            switch error.code {
            case .noSpace: .noSpace
            case .backlog: .backlog
            case .system, .invalid, .refused, .key: .unavailable
            }
        receipts.put(
            items.compactMap { item in
                item.producer.map { ($0.connection, .refused(number: $0.number, refusal)) }
            }
        )
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
