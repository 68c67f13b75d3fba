// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit trail's first version: one file of JSON lines, durable before anybody is told so.

package import AuditEvents
internal import Dispatch
internal import Synchronization

/// Appends events to a file; a record is acknowledged when it is on the disk.
///
/// All that wait at the same time share one write and one sync. A failure is told to everybody it concerns,
/// and the next record tries again.
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
    }

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
        let result = file.withLock { file -> Result<UInt64, AuditFailure> in
            do throws(AuditFailure) {
                try file.makeReady()
                let first = file.nextIndex
                var lines: [UInt8] = []
                for (offset, entry) in batch.enumerated() {
                    let index = first + UInt64(offset)
                    lines += AuditLine.render(entry.event, index: index, milliseconds: entry.milliseconds)
                    lines.append(UInt8(ascii: "\n"))
                }
                try file.append(lines, count: batch.count)
                return .success(first)
            } catch {
                return .failure(error)
            }
        }
        waiting.withLock { waiting in
            if case .success = result { waiting.isHealthy = true } else { waiting.isHealthy = false }
        }
        for (offset, entry) in batch.enumerated() {
            entry.done.resume(returning: result.map { AuditReceipt(index: $0 + UInt64(offset)) })
        }
    }
}
