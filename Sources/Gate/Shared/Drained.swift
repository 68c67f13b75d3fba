// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when a gate that takes no new connections may end, so that its successor is alone.

internal import DaemonSettings

/// A gate is replaced without ending a session: the successor accepts, the predecessor drains and ends itself.
struct Drained {
    /// How often it is looked.
    static let lookMilliseconds: Int32 = 1_000

    /// Since when there has been no session.
    private var emptySince: UInt64?

    /// True when the gate drains and had no session for as long as opening one may take.
    ///
    /// A tunnel that was accepted before the signal may still be on its way to its session.
    mutating func isOver(_ services: GateServices, now: UInt64) -> Bool {
        guard services.isDraining, services.registry.count == 0 else {
            emptySince = nil
            return false
        }
        let since = emptySince ?? now
        emptySince = since
        return UInt64(max(1, services.settings.tunnelSeconds)) * 1_000 <= now - min(since, now)
    }
}
