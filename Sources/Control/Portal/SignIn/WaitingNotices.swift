// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the sign-in service said last, for the first page after it.

import DaemonMessages
import Sessions
import Synchronization

/// Kept in memory and shown once.
///
/// A restart loses a notice, and nothing else.
final class WaitingNotices: Sendable {
    private let table = Mutex<[WebSessionID: [SignInPrompt]]>([:])

    /// Keeps messages for a session's next page; its own page says already that a password was changed.
    func keep(_ prompts: [SignInPrompt], for session: WebSessionID) {
        let wanted = prompts.filter { !$0.isQuestion && $0.meaning != .passwordChanged }
        guard !wanted.isEmpty else { return }
        table.withLock { table in
            // Somebody who never opens the page must not hold the place for ever.
            if PortalLimits.waitingNotices <= table.count { table.removeAll() }
            table[session] = wanted
        }
    }

    /// Gives them out, once.
    func take(for session: WebSessionID) -> [SignInPrompt] {
        table.withLock { $0.removeValue(forKey: session) ?? [] }
    }
}
