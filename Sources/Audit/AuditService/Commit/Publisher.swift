// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread that signs: a checkpoint soon after every growth.

internal import AuditLog
internal import LinuxKit
internal import Synchronization

/// Publishes what became durable, and tells those who follow.
final class Publisher: Sendable {
    /// Called with each new checkpoint, on the publishing thread; must be quick.
    typealias Follower = @Sendable (AuditLog, AuditLog.Publication) -> Void

    private let holder: LogHolder
    private let health: Health
    private let interval: Int32
    private let followers: [Follower]
    private let bell: Doorbell
    private let isStopping = Mutex(false)

    init(
        holder: LogHolder,
        health: Health,
        milliseconds: Int,
        followers: [Follower]
    ) throws(SystemError) {
        self.holder = holder
        self.health = health
        interval = Int32(clamping: milliseconds)
        self.followers = followers
        bell = try Doorbell()
    }

    /// Works until asked to stop; then publishes once more.
    func run() {
        var due = Clock.monotonicMilliseconds()
        while !isStopping.withLock({ $0 }) {
            let now = Clock.monotonicMilliseconds()
            // What publishing took is part of the interval: a checkpoint must not get old because there is much to do.
            due = max(due + UInt64(interval), now)
            bell.wait(milliseconds: Int32(clamping: due - now))
            // Rung for early, it has an interval of its own.
            due = min(due, Clock.monotonicMilliseconds())
            publish()
        }
        publish()
    }

    /// Publishes now instead of at the end of the interval, when much waits for it.
    func hurry() {
        if ServiceLimits.unpublished <= holder.current.unpublished { bell.ring() }
    }

    func stop() {
        isStopping.withLock { $0 = true }
        bell.ring()
    }

    private func publish() {
        let log = holder.current
        do throws(AuditLogError) {
            let publication = try log.publish()
            if health.published(true) { ServiceLog.write(.notice, "publishing") }
            guard let publication else { return }
            for follower in followers { follower(log, publication) }
        } catch {
            // Records are durable in the journal; it takes up to its bound while this goes on.
            if health.published(false) {
                ServiceLog.write(.alert, "not-publishing", ["error": error.message])
            }
        }
    }
}
