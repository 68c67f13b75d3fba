// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how the log is, as all threads see it.

internal import LinuxKit
internal import Synchronization

/// Flags and counts for the status answer and for upkeep.
final class Health: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isWritable = true
        var isPublishing = true
        var isWitnessed = true
        /// Monotonic milliseconds until which a failure to make a pseudonym counts.
        var namelessUntil: UInt64 = 0
        /// Records that were refused since the last one that was written.
        var refused = 0
        /// Monotonic milliseconds of the last record.
        var lastRecord: UInt64 = 0
    }

    var isHealthy: Bool {
        let now = Clock.monotonicMilliseconds()
        return state.withLock { $0.isWritable && $0.isPublishing && $0.namelessUntil <= now }
    }
    var isWritable: Bool { state.withLock { $0.isWritable } }
    var refused: Int { state.withLock { $0.refused } }
    var lastRecord: UInt64 { state.withLock { $0.lastRecord } }

    var isWitnessed: Bool {
        get { state.withLock { $0.isWitnessed } }
        set { state.withLock { $0.isWitnessed = newValue } }
    }

    /// A record was refused because its names could not be replaced.
    ///
    /// It counts for a while only: nobody may be sent here who could show that it works again.
    func couldNotName(_ error: String) {
        let now = Clock.monotonicMilliseconds()
        let isFirst = state.withLock { state in
            defer { state.namelessUntil = now + ServiceLimits.namelessMilliseconds }
            return state.namelessUntil <= now
        }
        if isFirst { ServiceLog.write(.alert, "no-pseudonym", ["error": error]) }
    }

    /// A group commit went well.
    func wrote(at now: UInt64) {
        state.withLock {
            $0.isWritable = true
            $0.refused = 0
            $0.lastRecord = now
        }
    }

    /// A group commit failed; true when the one before did not.
    func failed(refusing count: Int) -> Bool {
        state.withLock { state in
            defer { state.isWritable = false }
            state.refused += count
            return state.isWritable
        }
    }

    /// A checkpoint was published or not; true when that changed.
    func published(_ isPublishing: Bool) -> Bool {
        state.withLock { state in
            defer { state.isPublishing = isPublishing }
            return state.isPublishing != isPublishing
        }
    }
}
