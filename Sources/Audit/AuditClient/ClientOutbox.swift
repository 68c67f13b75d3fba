// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records between the tasks that wait and the thread that sends.

internal import AuditEvents
internal import DaemonMessages
internal import LinuxKit
internal import Synchronization

/// What a record's sender gets to know.
typealias ReceiptResult = Result<AuditReceipt, AuditFailure>

/// Whether a record may wait in the spool.
enum RecordPatience: Sendable {
    case never
    case always
    /// As long as not too many others of its kind do.
    case asRefusal
}

/// One record whose sender waits.
struct WaitingRecord: Sendable {
    let record: AuditAppend
    let waits: RecordPatience
    /// Monotonic milliseconds.
    let since: UInt64
    let done: @Sendable (ReceiptResult) -> Void
}

/// Filled by tasks, emptied by the client's thread.
final class ClientOutbox: Sendable {
    private let state = Mutex(State())
    private let wake: WakeUp

    private struct State {
        var records: [WaitingRecord] = []
        /// Handed to the thread and not answered yet.
        var taken = 0
        var isClosed = false
        var isAvailable = false
    }

    init() throws(SystemError) { wake = try WakeUp() }

    var descriptor: Int32 { wake.fd }
    func clear() { wake.clear() }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    var isAvailable: Bool {
        get { state.withLock { $0.isAvailable } }
        set { state.withLock { $0.isAvailable = newValue } }
    }

    func put(
        _ record: AuditAppend,
        _ waits: RecordPatience,
        _ done: @escaping @Sendable (ReceiptResult) -> Void
    ) {
        let waiting = WaitingRecord(
            record: record,
            waits: waits,
            since: Clock.monotonicMilliseconds(),
            done: done
        )
        let refusal: String? = state.withLock { state in
            guard !state.isClosed else { return "the audit log is being closed" }
            guard state.records.count + state.taken < ClientLimits.waiting else {
                return "too many records wait for the audit log"
            }
            state.records.append(waiting)
            return nil
        }
        if let refusal { return done(.failure(AuditFailure(reason: refusal))) }
        wake.signal()
    }

    func take(_ limit: Int) -> [WaitingRecord] {
        state.withLock { state in
            let taken = Array(state.records.prefix(limit))
            state.records.removeFirst(taken.count)
            state.taken += taken.count
            return taken
        }
    }

    func answered(_ count: Int) {
        state.withLock { $0.taken -= count }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
    }
}
