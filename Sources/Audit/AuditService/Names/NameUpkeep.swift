// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what happens to names without anybody asking: months are closed, and destroyed when they are over.

internal import AuditIdentity
internal import DaemonSettings
internal import LinuxKit

/// Used by the upkeep thread alone.
struct NameUpkeep {
    private let vault: IdentityVault?
    private let rules: RetentionRules
    private var next: UInt64 = 0

    /// Monotonic milliseconds between two rounds; days matter, an hour does not.
    private static let everyMilliseconds: UInt64 = 3_600_000

    init(vault: IdentityVault?, rules: RetentionRules) {
        self.vault = vault
        self.rules = rules
    }

    /// Does what is due; a failure is told, and tried again in the next round.
    mutating func work(now: UInt64) {
        guard let vault, next <= now else { return }
        next = now + Self.everyMilliseconds
        let rules = rules
        let fault = Blocking.wait { () async -> IdentityError? in
            do throws(IdentityError) {
                try await vault.closeFinishedPeriods()
                for period in try await vault.destroyExpiredPeriods(rules) {
                    ServiceLog.write(.notice, "period-destroyed", ["period": "\(period)"])
                }
                return nil
            } catch {
                return error
            }
        }
        if let fault = fault ?? nil {
            ServiceLog.write(.error, "names-not-kept-up", ["error": fault.description])
        }
    }
}

extension RetentionRules {
    /// The rules of a settings file; nil for days that its reader would have refused.
    init?(_ days: AuditRetentionDays) {
        self.init(
            access: days.access,
            security: days.security,
            operation: days.operation,
            accountability: days.accountability
        )
    }
}
