// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread for all that may wait: settling, space, signs of life, the clock, pruning.

internal import AuditEvents
internal import AuditIdentity
internal import AuditLog
internal import DaemonMessages
internal import DaemonSettings
internal import LinuxKit
internal import Synchronization

/// Looks once a second, and when somebody rings.
final class Upkeep: Sendable {
    private let settings: AuditSettings
    private let holder: LogHolder
    private let queue: CommitQueue
    private let receipts: ReceiptBox
    private let health: Health
    private let vault: IdentityVault?
    private let rules: RetentionRules
    private let reload: SettingsReload?
    private let bell: Doorbell
    private let orders = Mutex([Order]())
    private let isStopping = Mutex(false)

    private struct Order {
        let producer: CommitQueue.Producer
        let order: AuditPruneOrder
    }

    init(
        settings: AuditSettings,
        holder: LogHolder,
        queue: CommitQueue,
        receipts: ReceiptBox,
        health: Health,
        vault: IdentityVault?,
        rules: RetentionRules,
        reload: SettingsReload?
    ) throws(SystemError) {
        self.settings = settings
        self.holder = holder
        self.queue = queue
        self.receipts = receipts
        self.health = health
        self.vault = vault
        self.rules = rules
        self.reload = reload
        bell = try Doorbell()
    }

    /// Takes an order to prune.
    func prune(_ order: AuditPruneOrder, for producer: CommitQueue.Producer) {
        orders.withLock { $0.append(Order(producer: producer, order: order)) }
        bell.ring()
    }

    /// Looks now instead of at the end of the second: the journal needs a segment soon.
    func hurry() { bell.ring() }

    func stop() {
        isStopping.withLock { $0 = true }
        bell.ring()
    }

    /// Works until asked to stop.
    func run() {
        var space = SpaceWatch(minimum: UInt64(settings.minimumFreeMebibytes) << 20)
        var clock = ClockWatch()
        var names = NameUpkeep(vault: vault, rules: rules)
        var keeper = SettingsKeeper(
            settings,
            origin: holder.current.place.origin,
            reload: reload,
            record: { [queue] event in DurableNote.put(event, in: queue) }
        )
        while !isStopping.withLock({ $0 }) {
            bell.wait(milliseconds: ServiceLimits.upkeepMilliseconds)
            settle()
            for order in orders.withLock({ orders in
                defer { orders = [] }
                return orders
            }) { prune(order) }
            if let event = space.look(at: settings.logDirectory) { queue.note(event) }
            if let event = clock.look() { queue.note(event) }
            if let rules = keeper.look(origin: holder.current.place.origin) {
                // A new one looks at once, not in an hour.
                names = NameUpkeep(vault: vault, rules: rules)
            }
            names.work(now: Clock.monotonicMilliseconds())
            showLife()
        }
    }

    private func settle() {
        do throws(AuditLogError) {
            try holder.current.settle()
        } catch {
            ServiceLog.write(.warning, "not-settled", ["error": error.message])
        }
    }

    /// Silence would look like a log that was cut off.
    private func showLife() {
        let silent = Clock.monotonicMilliseconds() &- health.lastRecord
        guard UInt64(settings.heartbeatSeconds) * 1000 <= silent, health.isWritable, queue.count == 0 else {
            return
        }
        let log = holder.current
        queue.note(.heartbeat(origin: log.place.origin, size: log.durableSize))
    }

    private func prune(_ order: Order) {
        let reply: AuditReply
        do throws(AuditLogError) {
            let gone = try holder.current.prune(below: order.order.below) { bundle in
                order.order.held.contains { $0.overlaps(bundle) }
            }
            ServiceLog.write(.notice, "pruned", ["bundles": "\(gone.count)"])
            reply = .pruned(number: order.producer.number, bundles: UInt64(gone.count))
        } catch {
            ServiceLog.write(.error, "not-pruned", ["error": error.message])
            reply = .refused(number: order.producer.number, .unavailable)
        }
        receipts.put([(order.producer.connection, reply)])
    }
}
