// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what witnesses and receivers give cause for, in the journal and as records.

internal import AuditEvents
internal import AuditForwarding
internal import AuditWitness
internal import Synchronization

/// Each alarm once, until it is over.
final class FollowingAlarms: Sendable {
    private let queue: CommitQueue
    private let health: Health
    /// Witnesses whose contradiction was told.
    private let contradicted = Mutex<Set<String>>([])

    init(queue: CommitQueue, health: Health) {
        self.queue = queue
        self.health = health
    }

    func hear(_ notice: WitnessCollector.Notice) {
        switch notice {
        case .back(let witness):
            contradicted.withLock { _ = $0.remove(witness) }
            ServiceLog.write(.notice, "witness-back", ["witness": witness])
        case .missing(let witness, let origin, let size, let reason, let milliseconds):
            ServiceLog.write(.alert, "witness-missing", ["witness": witness, "because": reason])
            queue.note(
                .witnessMissing(
                    origin: origin,
                    size: size,
                    witness: witness,
                    detail: reason,
                    milliseconds: milliseconds
                )
            )
        case .contradiction(let witness, let origin, let size, let reason):
            guard contradicted.withLock({ $0.insert(witness).inserted }) else { return }
            ServiceLog.write(.alert, "witness-contradicts", ["witness": witness, "because": reason])
            queue.note(
                .witnessMissing(
                    origin: origin,
                    size: size,
                    witness: witness,
                    detail: reason,
                    milliseconds: 0
                )
            )
        case .quorum(let has):
            health.isWitnessed = has
            ServiceLog.write(has ? .notice : .alert, has ? "quorum-again" : "quorum-missing")
        }
    }

    func hear(_ notice: Forwarder.Notice) {
        switch notice {
        case .behind(let receiver, let reason, let waiting):
            ServiceLog.write(
                .alert,
                "forwarder-behind",
                ["receiver": receiver, "because": reason, "waiting": "\(waiting)"]
            )
            queue.note(.forwarderBehind(receiver: receiver, detail: reason, waiting: waiting))
        case .caughtUp(let receiver):
            ServiceLog.write(.notice, "forwarder-caught-up", ["receiver": receiver])
        }
    }
}
