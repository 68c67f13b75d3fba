// SPDX-License-Identifier: EUPL-1.2
// Torhaus: ends of sessions that the control plane has not recorded yet.

internal import DaemonMessages

/// A bounded queue in order of arrival; a session may end more than once (a line breaks, it resumes, it ends).
struct WaitingEnds {
    private(set) var all: [SessionEnded] = []
    /// How many were dropped because nobody took them for too long.
    private(set) var dropped = 0

    mutating func add(_ end: SessionEnded) {
        if GateLimits.waitingEnds <= all.count {
            all.removeFirst(GateLimits.waitingEnds / 100)
            dropped += GateLimits.waitingEnds / 100
        }
        all.append(end)
    }

    /// The oldest end of this session is recorded.
    mutating func acknowledge(_ session: SessionID) {
        guard let index = all.firstIndex(where: { $0.session == session }) else { return }
        all.remove(at: index)
    }
}
