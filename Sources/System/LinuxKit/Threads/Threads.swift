// SPDX-License-Identifier: EUPL-1.2
// Torhaus: named threads for loops that must not share a pool.

internal import CLinux
internal import Glibc

package enum Threads {
    /// Starts a detached thread; `name` is cut at 15 bytes, `nice` lowers its priority.
    ///
    /// A short `slice` (microseconds) lets the thread run as soon as it wakes, at the price of shorter turns; 0 leaves
    /// it to the system. Both are wishes: a kernel that does not know them runs the thread all the same.
    package static func start(
        name: String,
        nice: Int32 = 0,
        slice: UInt32 = 0,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        let code = unsafe th_thread_start(name, nice, slice, box.toOpaque(), runThread)
        guard code == 0 else {
            unsafe box.release()
            throw SystemError("pthread_create", code: code)
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThread(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
}
