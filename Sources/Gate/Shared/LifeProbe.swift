// SPDX-License-Identifier: EUPL-1.2
// Torhaus: does the client of this connection still answer?

internal import DaemonMessages
internal import LinuxKit

/// Runs while a newcomer with the same ticket waits for the verdict.
struct LifeProbe {
    private var askers: [LoopAddress] = []
    private(set) var deadline = UInt64.max

    var isRunning: Bool { !askers.isEmpty }

    /// Adds a newcomer; true when the client should be poked now.
    mutating func begin(_ asker: LoopAddress, now: UInt64) -> Bool {
        askers.append(asker)
        guard deadline == .max else { return false }
        deadline = now + GateLimits.probeMilliseconds
        return true
    }

    /// Tells all newcomers.
    mutating func answer(_ predecessor: Predecessor, _ services: GateServices) {
        for asker in askers { services.post(.predecessor(asker.connection, predecessor), to: asker.loop) }
        askers = []
        deadline = .max
    }
}
