// SPDX-License-Identifier: EUPL-1.2
// Torhaus: an audit trail in memory that can be full, and a clock that stands still.

import AuditEvents
import Sessions
import Synchronization

final class MemoryAudit: AuditTrail {
    private struct State {
        var events: [AuditEvent] = []
        var isFull = false
        var before: (@Sendable (AuditEvent) async -> Void)?
    }

    private let state = Mutex(State())

    var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    /// Runs while a record is being written.
    func whileWriting(_ hook: (@Sendable (AuditEvent) async -> Void)?) { state.withLock { $0.before = hook } }

    var events: [AuditEvent] { state.withLock { $0.events } }
    var names: [String] { events.map(\.name) }

    /// The value of a field in the last event of that name.
    func last(_ name: String, _ key: String) -> AuditEvent.Value? {
        events.last { $0.name == name }?.fields.first { $0.key == key }?.value
    }

    func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt {
        if let hook = state.withLock({ $0.before }) { await hook(event) }
        await Task.yield()
        let index = state.withLock { state -> UInt64? in
            guard !state.isFull else { return nil }
            state.events.append(event)
            return UInt64(state.events.count - 1)
        }
        guard let index else { throw AuditFailure(reason: "no space left on device") }
        return AuditReceipt(index: index)
    }
}

final class ManualClock: Sendable {
    private let milliseconds: Mutex<UInt64>

    init(_ milliseconds: UInt64) { self.milliseconds = Mutex(milliseconds) }

    var now: UInt64 { milliseconds.withLock { $0 } }

    func advance(seconds: UInt64) { milliseconds.withLock { $0 += seconds * 1000 } }
}

/// Different bytes each time, the same in each run.
final class CountingRandom: RandomSource {
    private let state = Mutex<UInt64>(0x2545_F491_4F6C_DD1D)

    func bytes(_ count: Int) -> [UInt8] {
        state.withLock { state in
            (0..<count).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(truncatingIfNeeded: state >> 24)
            }
        }
    }
}
