// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a thread of ours waits for something asynchronous.

internal import LinuxKit
internal import Synchronization

/// For named threads only: on the cooperative pool a wait could keep away what it waits for.
enum Blocking {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// The body's result; nil when the system has no descriptor left to wait with.
    static func wait<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value? {
        guard let bell = try? Doorbell() else { return nil }
        let box = Box<Value>()
        // Owned by this call, which does not return before it ends.
        Task {
            let value = await body()
            box.value.withLock { $0 = value }
            bell.ring()
        }
        while true {
            if let value = box.value.withLock({ $0 }) { return value }
            bell.wait(milliseconds: -1)
        }
    }
}
