// SPDX-License-Identifier: EUPL-1.2
// Torhaus: counts connections.

internal import Synchronization

/// A fixed number of places.
final class ConnectionPlaces: Sendable {
    private let limit: Int
    private let taken = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// False when all places are taken.
    func take() -> Bool {
        taken.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func give() {
        taken.withLock { $0 -= 1 }
    }
}
