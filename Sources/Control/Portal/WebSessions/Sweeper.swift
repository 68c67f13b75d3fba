// SPDX-License-Identifier: EUPL-1.2
// Torhaus: looks for what has run out of time.

import ServiceLifecycle

/// Ends sessions and abandoned sign-ins, again and again.
struct Sweeper: Service {
    let sessions: WebSessions
    let pending: PendingSignIns

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await sessions.sweep()
                await pending.sweep()
                try? await Task.sleep(for: PortalLimits.sweepInterval)
            }
        }
    }
}
