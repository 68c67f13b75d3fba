// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit log on disk: a journal that makes records durable, tiles and checkpoints that make them provable,
// and a verifier that needs nothing but the directory and the public key.

package import LinuxKit

/// Why the log cannot be opened, written or read.
package struct AuditLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// The disk is full or a quota is reached; it heals when there is space again.
        case noSpace
        /// Another failed system call; it may heal.
        case system
        /// More records wait for publication than the bound allows.
        case backlog
        /// The caller asks for what the log does not take or have.
        case invalid
        /// Files contradict each other or the state: nothing was changed, and somebody must look.
        case refused(LogMismatch)
        /// The key does not work.
        case key
    }

    package let code: Code
    /// One lower-case sentence; for a refusal it says what to do.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A failed call.
    package init(_ failure: SystemError) {
        self.init(failure.isOutOfSpace ? .noSpace : .system, failure.description)
    }

    /// A mismatch that recovery does not mend.
    package static func refused(_ mismatch: LogMismatch) -> AuditLogError {
        AuditLogError(.refused(mismatch), "\(mismatch.finding); \(mismatch.remedy)")
    }

    package var description: String { message }
}

/// Runs calls of the system and turns their failures into ours.
func attempt<R>(_ body: () throws(SystemError) -> R) throws(AuditLogError) -> R {
    do throws(SystemError) {
        return try body()
    } catch {
        throw AuditLogError(error)
    }
}
