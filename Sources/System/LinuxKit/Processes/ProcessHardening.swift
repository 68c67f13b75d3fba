// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a process gives up for itself.

internal import CLinux
internal import Glibc

/// Steps that cannot be undone by the process that took them.
package enum ProcessHardening {
    /// No core dump and no tracing by other processes: this one will hold passwords.
    package static func protectSecrets() throws(SystemError) {
        guard th_harden_secrets() == 0 else { throw .last("prctl(PR_SET_DUMPABLE)") }
    }

    /// exec gives no more rights than there are: set-user-id programs run as their caller.
    package static func refuseNewPrivileges() throws(SystemError) {
        guard th_no_new_privileges() == 0 else { throw .last("prctl(PR_SET_NO_NEW_PRIVS)") }
    }

    /// SIGKILL when the thread that started this process ends.
    ///
    /// A change of ids clears it.
    package static func dieWithParent() throws(SystemError) {
        guard th_death_signal(SIGKILL) == 0 else { throw .last("prctl(PR_SET_PDEATHSIG)") }
    }

    /// Overwrites the bytes in a way the compiler must keep.
    ///
    /// Copies made elsewhere are not reached.
    package static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { raw in
            if let base = raw.baseAddress { unsafe th_wipe(base, raw.count) }
        }
        bytes.removeAll(keepingCapacity: false)
    }
}
