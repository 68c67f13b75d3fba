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
        while !isStopping.withLock({ $0 }) {
            bell.wait(milliseconds: interval)
            publish()
        }
        publish()
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
