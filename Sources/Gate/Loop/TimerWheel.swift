// SPDX-License-Identifier: EUPL-1.2
// Torhaus: deadlines of a loop's connections, with constant cost for each.

/// A lazy wheel: an entry says "look at this connection then"; the connection knows its real deadline, so moving a
/// deadline later costs nothing.
struct TimerWheel {
    /// With ticks of 100 ms the wheel turns once in 102 s; later deadlines are looked at once a turn.
    private static let slots = 1_024

    private var entries = [[ConnectionID]](repeating: [], count: slots)
    /// The last tick that was handed out.
    private var current: UInt64

    init(now: UInt64) { current = now / GateLimits.tickMilliseconds }

    /// Enters a connection for a time in milliseconds and returns the time it will really be looked at.
    mutating func schedule(_ id: ConnectionID, at milliseconds: UInt64) -> UInt64 {
        let wanted = milliseconds / GateLimits.tickMilliseconds + 1
        let tick = min(max(wanted, current + 1), current + UInt64(Self.slots - 1))
        entries[Int(tick % UInt64(Self.slots))].append(id)
        return tick * GateLimits.tickMilliseconds
    }

    /// The connections to look at now, in no order; some may be gone or not due.
    mutating func advance(to now: UInt64) -> [ConnectionID] {
        let target = now / GateLimits.tickMilliseconds
        var due: [ConnectionID] = []
        // After a long sleep one turn sees every slot.
        let first = max(current + 1, target < UInt64(Self.slots) ? 0 : target - UInt64(Self.slots) + 1)
        guard first <= target else { return due }
        for tick in first...target {
            let slot = Int(tick % UInt64(Self.slots))
            guard !entries[slot].isEmpty else { continue }
            due.append(contentsOf: entries[slot])
            entries[slot] = []
        }
        current = target
        return due
    }
}
