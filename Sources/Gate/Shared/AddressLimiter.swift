// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how many half-open connections one network may hold, and how many connections there are at all.

internal import LinuxKit
internal import Synchronization

/// An IPv4 address, or an IPv6 /64: what one household or one attacker usually has.
struct AddressKey: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    init(_ address: NetworkAddress) {
        high = address.high
        low = address.isIPv4 ? address.low : 0
    }
}

/// Counts connections from accept to their end, and half-open ones from accept to a proven request.
final class AddressLimiter: Sendable {
    private struct State {
        var halfOpen: [AddressKey: Int] = [:]
        var connections = 0
    }

    private let maximumConnections: Int
    private let maximumHalfOpen: Int
    private let state = Mutex(State())

    init(maximumConnections: Int, maximumHalfOpen: Int) {
        self.maximumConnections = maximumConnections
        self.maximumHalfOpen = maximumHalfOpen
    }

    /// Takes a place for a new connection; false when there is none.
    func enter(_ key: AddressKey) -> Bool {
        state.withLock { state in
            let count = state.halfOpen[key, default: 0]
            guard state.connections < maximumConnections, count < maximumHalfOpen else { return false }
            state.halfOpen[key] = count + 1
            state.connections += 1
            return true
        }
    }

    /// The connection has shown what it is for, or ended while half-open.
    func leaveHalfOpen(_ key: AddressKey) {
        state.withLock { state in
            guard let count = state.halfOpen[key] else { return }
            state.halfOpen[key] = 1 < count ? count - 1 : nil
        }
    }

    /// A connection ended; `leaveHalfOpen` is separate.
    func leave() {
        state.withLock { $0.connections = max(0, $0.connections - 1) }
    }
}
