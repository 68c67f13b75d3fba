// SPDX-License-Identifier: EUPL-1.2
// Torhaus: waits until all loops have ended.

internal import LinuxKit
internal import Synchronization

final class EndCounter: Sendable {
    private let left: Mutex<Int>

    init(_ loops: Int) { left = Mutex(loops) }

    func count() { left.withLock { $0 -= 1 } }

    /// Returns when all have ended or the time is over.
    func wait(milliseconds: UInt64) {
        let deadline = Clock.monotonicMilliseconds() + milliseconds
        guard let poller = try? Poller() else { return }
        var batch = ReadyBatch()
        while 0 < left.withLock({ $0 }), Clock.monotonicMilliseconds() < deadline {
            poller.wait(into: &batch, milliseconds: 20)
        }
    }
}
