// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sends every published record to a syslog receiver, at least once.

internal import AuditLog
internal import Glibc
package import LinuxKit
internal import MerkleLog
package import OpenSSLKit
internal import Synchronization

/// Where to, and as whom.
package struct ForwardingTarget: Hashable, Sendable {
    package var host: String
    package var port: UInt16
    /// The name that the receiver's certificate must have.
    package var name: String
    package var identity: TLSClientIdentity
    /// A private enterprise number (IANA); 32473 is that of documentation.
    package var enterprise: UInt32

    /// Takes every field as it is.
    package init(
        host: String,
        port: UInt16,
        name: String,
        identity: TLSClientIdentity,
        enterprise: UInt32
    ) {
        self.host = host
        self.port = port
        self.name = name
        self.identity = identity
        self.enterprise = enterprise
    }
}

/// One thread with one line; the log never waits for it.
package final class Forwarder: Sendable {
    /// What somebody should hear of.
    package enum Notice: Hashable, Sendable {
        /// Records wait for the receiver; told once until it has caught up.
        case behind(receiver: String, reason: String, waiting: UInt64)
        case caughtUp(receiver: String)
    }

    private let target: ForwardingTarget
    private let walk: LogWalk
    private let cursor: String
    private let tell: @Sendable (Notice) -> Void
    private let isStopping = Mutex(false)

    /// Starts the thread.
    ///
    /// `logs` has one folder for each log; `cursor` is a file of ours.
    package init(
        _ target: ForwardingTarget,
        logs: String,
        cursor: String,
        tell: @escaping @Sendable (Notice) -> Void
    ) throws(SystemError) {
        self.target = target
        walk = LogWalk(root: logs)
        self.cursor = cursor
        self.tell = tell
        try Threads.start(name: "forward", nice: 5) { self.run() }
    }

    /// The thread ends at its next look.
    package func stop() { isStopping.withLock { $0 = true } }

    private var isOver: Bool { isStopping.withLock { $0 } }

    // MARK: The thread

    private func run() {
        var progress = ForwardProgress(receiver: "\(target.host):\(target.port)", tell: tell)
        var pause = ForwardingLimits.firstPause
        while !isOver {
            do {
                guard var position = try start() else {
                    usleep(ForwardingLimits.look * 1000)
                    continue
                }
                try forward(&position, &progress) { pause = ForwardingLimits.firstPause }
            } catch {
                progress.fail("\(error)", waiting: waiting(), now: Clock.monotonicMilliseconds())
                sleep(pause)
                pause = min(pause * 2, ForwardingLimits.lastPause)
            }
        }
    }

    /// From the cursor, or from the oldest log's start; nil when there is no log yet.
    private func start() throws -> LogPosition? {
        if let position = try ForwardCursor.read(cursor) { return position }
        return try walk.folders().first.map { LogPosition(folder: $0, index: 0) }
    }

    private func waiting() -> UInt64 {
        guard let position = try? start(), let batch = try? walk.next(position, limit: 1) else { return 0 }
        return batch.waiting + UInt64(batch.records.count)
    }

    private func sleep(_ milliseconds: UInt64) {
        let end = Clock.monotonicMilliseconds() + milliseconds
        while !isOver, Clock.monotonicMilliseconds() < end { usleep(50_000) }
    }

    /// One connection, until it breaks.
    private func forward(
        _ position: inout LogPosition,
        _ progress: inout ForwardProgress,
        _ succeeded: () -> Void
    ) throws {
        let line = try ForwardLine(target)
        var lastCheckpoint: UInt64 = 0
        // What the receiver's kernel has, and since when; it counts as delivered a little later.
        var sent: [(position: LogPosition, since: UInt64)] = []
        while !isOver {
            let now = Clock.monotonicMilliseconds()
            try line.expectOpen()
            if let settled = sent.lastIndex(where: { $0.since + ForwardingLimits.settling <= now }) {
                try ForwardCursor.write(cursor, sent[settled].position)
                sent.removeFirst(settled + 1)
                succeeded()
            }
            guard let batch = try walk.next(position, limit: ForwardingLimits.batch) else {
                progress.deliver(waiting: 0, now: now)
                if lastCheckpoint + ForwardingLimits.checkpointInterval <= now {
                    try line.send(checkpoint: walk.note(position.folder))
                    lastCheckpoint = now
                }
                usleep(ForwardingLimits.look * 1000)
                continue
            }
            try line.send(batch)
            if lastCheckpoint + ForwardingLimits.checkpointInterval <= now {
                try line.send(checkpoint: walk.note(position.folder))
                lastCheckpoint = now
            }
            try line.flush { isOver }
            position = batch.next
            sent.append((position, Clock.monotonicMilliseconds()))
            progress.deliver(waiting: batch.waiting, now: now)
        }
    }
}

/// When to tell that records wait.
struct ForwardProgress {
    let receiver: String
    let tell: @Sendable (Forwarder.Notice) -> Void
    private var isBehind = false
    /// Monotonic milliseconds since when records have waited without one being delivered.
    private var stuckSince: UInt64?

    init(receiver: String, tell: @escaping @Sendable (Forwarder.Notice) -> Void) {
        self.receiver = receiver
        self.tell = tell
    }

    mutating func deliver(waiting: UInt64, now: UInt64) {
        stuckSince = nil
        if waiting == 0, isBehind {
            isBehind = false
            tell(.caughtUp(receiver: receiver))
        }
        if ForwardingLimits.behindRecords <= waiting { raise("the receiver is slow", waiting) }
    }

    mutating func fail(_ reason: String, waiting: UInt64, now: UInt64) {
        guard 0 < waiting else { return }
        let since = stuckSince ?? now
        stuckSince = since
        if ForwardingLimits.behindRecords <= waiting || since + ForwardingLimits.behindTime <= now {
            raise(reason, waiting)
        }
    }

    private mutating func raise(_ reason: String, _ waiting: UInt64) {
        guard !isBehind else { return }
        isBehind = true
        tell(.behind(receiver: receiver, reason: reason, waiting: waiting))
    }
}
