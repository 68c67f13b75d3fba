// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit trail's first version: one file of JSON lines, durable before anybody is told so.

package import AuditEvents
internal import Dispatch
internal import Synchronization

/// Appends events to a file; a record is acknowledged when it is on the disk.
///
/// All that wait at the same time share one write and one sync. A failure is told to everybody it concerns;
/// the next record tries again, and so does the trail itself, because a balancer that saw the failure may not
/// send anybody who would.
package final class JSONLinesAuditTrail: AuditTrail {
    private let queue = DispatchQueue(label: "torhaus.audit")
    private let waiting = Mutex(Waiting())
    /// Locked by the writer queue alone, and at the end.
    private let file: Mutex<AuditFile>
    /// Milliseconds since 1970.
    private let now: @Sendable () -> UInt64

    private struct Entry {
        let event: AuditEvent
        let milliseconds: UInt64
        let done: CheckedContinuation<Result<AuditReceipt, AuditFailure>, Never>
    }

    private struct Waiting {
        var entries: [Entry] = []
        var isDraining = false
        var isHealthy = true
        /// Records that failed since the trail was healthy.
        var refused = 0
    }

    /// Between two tries while the log cannot be written.
    private static let probeInterval = DispatchTimeInterval.seconds(2)

    /// Records that may wait; what comes on top is refused at once, which refuses what it was to record.
    private static let longestQueue = 16_384

    /// Opens the log, finds its end, and records the repair if a crash had torn the last line.
    package init(
        path: String,
        calls: AuditFileCalls = .system,
        now: @escaping @Sendable () -> UInt64
    ) throws(AuditFailure) {
        var opened = try AuditFile(path: path, calls: calls)
        if 0 < opened.repaired {
            let event = AuditEvent.logRepaired(bytes: opened.repaired)
            let line = AuditLine.render(event, index: opened.nextIndex, milliseconds: now())
            try opened.append(line + [UInt8(ascii: "\n")], count: 1)
        }
        self.file = Mutex(opened)
        self.now = now
    }

    deinit { file.withLock { $0.close() } }

    /// False after a failure, until a record is durable again.
    package var isHealthy: Bool { waiting.withLock { $0.isHealthy } }

    package func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt {
        let milliseconds = now()
        let result = await withCheckedContinuation { continuation in
            enqueue(Entry(event: event, milliseconds: milliseconds, done: continuation))
        }
        return try result.get()
    }

    // MARK: Group commit

    private enum Next {
        case start
        case wait
        case refuse
    }

    private func enqueue(_ entry: Entry) {
        let next = waiting.withLock { waiting -> Next in
            guard waiting.entries.count < Self.longestQueue else { return .refuse }
            waiting.entries.append(entry)
            guard !waiting.isDraining else { return .wait }
            waiting.isDraining = true
            return .start
        }
        switch next {
        case .wait: break
        case .refuse: entry.done.resume(returning: .failure(AuditFailure(reason: "too many records wait")))
        case .start: queue.async { self.drain() }
        }
    }

    private func drain() {
        while true {
            let batch = waiting.withLock { waiting -> [Entry] in
                let batch = waiting.entries
                waiting.entries = []
                if batch.isEmpty { waiting.isDraining = false }
                return batch
            }
            guard !batch.isEmpty else { return }
            commit(batch)
        }
    }

    private func commit(_ batch: [Entry]) {
        let (isHealthy, refused) = waiting.withLock { ($0.isHealthy, $0.refused) }
        let recovery = isHealthy ? [] : [(AuditEvent.logRecovered(refused: refused), now())]
        let events = recovery + batch.map { ($0.event, $0.milliseconds) }
        let result = write(events)
        let isFirstFailure = waiting.withLock { waiting in
            switch result {
            case .success:
                waiting.isHealthy = true
                waiting.refused = 0
                return false
            case .failure:
                waiting.refused += batch.count
                defer { waiting.isHealthy = false }
                return waiting.isHealthy
            }
        }
        if isFirstFailure { probeLater() }
        for (offset, entry) in batch.enumerated() {
            let index = UInt64(recovery.count + offset)
            entry.done.resume(returning: result.map { AuditReceipt(index: $0 + index) })
        }
    }

    /// Writes events as consecutive records; the first one's number.
    private func write(_ events: [(event: AuditEvent, milliseconds: UInt64)]) -> Result<UInt64, AuditFailure>
    {
        file.withLock { file in
            do throws(AuditFailure) {
                try file.makeReady()
                let first = file.nextIndex
                var lines: [UInt8] = []
                for (offset, each) in events.enumerated() {
                    let index = first + UInt64(offset)
                    lines += AuditLine.render(each.event, index: index, milliseconds: each.milliseconds)
                    lines.append(UInt8(ascii: "\n"))
                }
                try file.append(lines, count: events.count)
                return .success(first)
            } catch {
                return .failure(error)
            }
        }
    }

    /// Tries until the trail is healthy, by itself or because somebody else's record was written.
    private func probeLater() {
        queue.asyncAfter(deadline: .now() + Self.probeInterval) { [weak self] in
            guard let self, !isHealthy else { return }
            commit([])
            if !isHealthy { probeLater() }
        }
    }
}
