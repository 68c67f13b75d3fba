// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a thread of ours waits for something asynchronous.

internal import LinuxKit
internal import Synchronization

/// For named threads only: the body runs on the thread that waits for it, and needs nobody of the cooperative pool, whose
/// few threads others may hold up.
enum Blocking {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// The body's result; nil when the system has no descriptor left to wait with.
    static func wait<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value? {
        guard let bell = try? Doorbell() else { return nil }
        let executor = WaitingThread(bell)
        let box = Box<Value>()
        // Owned by this call, which does not return before it ends.
        Task(executorPreference: executor) {
            let value = await body()
            box.value.withLock { $0 = value }
        }
        while true {
            executor.work()
            if let value = box.value.withLock({ $0 }) { return value }
            bell.wait(milliseconds: -1)
        }
    }
}

/// Keeps the jobs of one task for the thread that waits.
private final class WaitingThread: TaskExecutor {
    private let jobs = Mutex([UnownedJob]())
    private let bell: Doorbell

    init(_ bell: Doorbell) { self.bell = bell }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        bell.ring()
    }

    /// Runs what is there.
    func work() {
        let ready = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in ready { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
