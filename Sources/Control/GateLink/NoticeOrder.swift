// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reports are worked on at the same time, but those of one session one after the other, and a question
// only after the reports that came before it.

internal import DaemonMessages
internal import Synchronization

/// Knows which reports are not finished.
final class NoticeOrder: Sendable {
    /// A report's number, and what must be finished before it begins.
    struct Place: Sendable, Hashable {
        let number: UInt64
        let earlier: [UInt64]
    }

    private struct Notice {
        let session: SessionID
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private struct State {
        var last: UInt64 = 0
        var open: [UInt64: Notice] = [:]
    }

    private let state = Mutex(State())

    /// Reports that are not finished now.
    var open: [UInt64] { state.withLock { Array($0.open.keys) } }

    /// Begins a report; finish it in any case.
    func begin(_ session: SessionID) -> Place {
        state.withLock { state in
            let earlier = state.open.filter { $0.value.session == session }.map(\.key)
            state.last += 1
            state.open[state.last] = Notice(session: session)
            return Place(number: state.last, earlier: earlier)
        }
    }

    func finish(_ place: Place) {
        let waiting = state.withLock { $0.open.removeValue(forKey: place.number)?.waiting ?? [] }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when all of these are finished.
    func finished(_ numbers: [UInt64]) async {
        for number in numbers {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    guard state.open[number] != nil else { return false }
                    state.open[number]?.waiting.append(continuation)
                    return true
                }
                if !isOpen { continuation.resume() }
            }
        }
    }
}
