// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who called this tool, and what the county's roles allow that person.

import AccessPolicy
import AuditReading
import CountyConfiguration
import Glibc
import LinuxKit

/// The person behind sudo, as NSS knows them.
struct AuditCaller {
    /// Account name.
    let name: String
    /// Sorted names; none for an account that NSS does not know.
    let groups: [String]
    /// Root, or a person whom sudo let act as root.
    let hasRootRights: Bool

    init() throws {
        hasRootRights = getuid() == 0
        let called = Self.callerName()
        do throws(SystemError) {
            let user = try UserDatabase.user(named: called)
            // As the directory writes it: one person, one pseudonym.
            name = user?.name ?? called
            groups =
                try user.map { (user) throws(SystemError) in try UserDatabase.groupNames(of: user) } ?? []
        } catch {
            throw auditFailure("the groups of \(called) cannot be looked up: \(error)")
        }
    }

    private static func callerName() -> String {
        // SUDO_USER can be set by root alone, who could write every file here anyway.
        if getuid() == 0, let name = getenv("SUDO_USER") { return String(cString: name) }
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "\(getuid())" }
        return String(cString: name)
    }

    /// What the policy says about this person; warns when it is only because there are no roles yet.
    func permission(_ loaded: Configuration) throws -> ReadingPermission {
        let duties = PolicyDuties(
            try PolicyFiles.set(loaded),
            user: name,
            groups: groups,
            time: PolicyFiles.now,
            hasRootRights: hasRootRights
        )
        if duties.isUnruled, duties.allowsSomewhere(.viewAudit) {
            Terminal.complain("warning: no role is configured, so root may read the whole log; see roles:")
        }
        return ReadingPermission { action, municipality in duties.allows(action.asked, in: municipality) }
    }
}

extension ReadingAction {
    /// As the policy calls it.
    fileprivate var asked: PolicyAction {
        switch self {
        case .viewAudit: .viewAudit
        case .exportAudit: .exportAudit
        case .revealPseudonym: .revealPseudonym
        }
    }
}
