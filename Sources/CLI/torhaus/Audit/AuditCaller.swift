// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who called this tool, and what the county's roles allow that person.

import AccessPolicy
import AuditReading
import CountyConfiguration
import Glibc
import LinuxKit

/// The person who called, as far as the kernel knows, and as NSS writes them.
///
/// The tool runs as root or as the log's own user, so the account of the process says little. The kernel remembers who
/// logged in (`/proc/self/loginuid`), through sudo and su; where it knows nobody, as in a container, sudo's word has to do.
struct AuditCaller {
    /// Who is asked about: the person who logged in, else the one whom sudo names, else the account.
    let name: String
    /// Sorted names; none for an account that NSS does not know.
    let groups: [String]
    /// What is certain: who logged in, else the account of the process.
    let certain: String
    /// Whom sudo names, if that is somebody else; whoever is root can say so.
    let claimed: String?
    /// Root, or a person whom sudo let act as root.
    let hasRootRights: Bool
    /// Nobody logged in and no sudo: a timer, a service, or root at the console of a container.
    let isUnattended: Bool

    init() throws {
        let origin = try CallerOrigin.present()
        hasRootRights = getuid() == 0
        isUnattended = origin.isUnattended
        certain = origin.certain
        claimed = origin.claimed
        let called = origin.person
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

    /// What the policy says about this person; warns when it is only because there are no roles yet.
    func duties(_ loaded: Configuration) throws -> PolicyDuties {
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
        return duties
    }
}

extension PolicyDuties {
    /// The same answers, for whoever reads the log.
    var permission: ReadingPermission {
        ReadingPermission { action, municipality in allows(action.asked, in: municipality) }
    }
}

extension ReadingAction {
    /// As the policy calls it.
    var asked: PolicyAction {
        switch self {
        case .viewAudit: .viewAudit
        case .exportAudit: .exportAudit
        case .revealPseudonym: .revealPseudonym
        case .answerReveal: .answerReveal
        case .retainAudit: .retainAudit
        }
    }
}
