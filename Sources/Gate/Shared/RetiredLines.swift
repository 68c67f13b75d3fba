// SPDX-License-Identifier: EUPL-1.2
// Torhaus: clients that have gone, until somebody finds the time to free what the library holds of them.

internal import Synchronization

/// Takes the freeing of TLS connections off the relay threads.
///
/// It needs a lock of libcrypto that every handshake takes many times. A handshake thread that loses its core just
/// when it has the lock gets it back late, because relays come first, and glibc lets the relay that wants the lock
/// wait in a loop: all its sessions would stand still until the scheduler takes pity.
final class RetiredLines: Sendable {
    /// What is beyond, a relay frees itself: memory counts more than the moment.
    private let limit: Int
    private let lines = Mutex<[ClientLine]>([])

    init(limit: Int = GateLimits.retiredLines) { self.limit = limit }

    /// Takes the lines over and leaves the list empty.
    func add(_ gone: inout [ClientLine]) {
        lines.withLock { list in
            list.append(contentsOf: gone.prefix(max(0, limit - list.count)))
        }
        gone.removeAll(keepingCapacity: true)
    }

    /// Frees what has been added, on the calling thread; not for relay threads.
    func free() {
        let gone = lines.withLock { list in
            defer { list = [] }
            return list
        }
        withExtendedLifetime(gone) {}
    }
}
