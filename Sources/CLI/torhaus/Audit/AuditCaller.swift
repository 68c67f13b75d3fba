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

extension PolicyRefusal {
    /// For the person who was refused.
    var sentence: String {
        let rules = rules.isEmpty ? "" : " (\(self.rules.joined(separator: ", ")))"
        return switch reason {
        case .unknownPerson: "no rule names a group of this account"
        case .notMember: "the roles that allow it have other groups, or other municipalities\(rules)"
        case .noRule: "no role allows it to anybody in the whole county; see roles: in torhaus.yaml"
        case .policyFault: "a rule could not be evaluated\(rules)"
        default: "a rule of the county forbids it: \(reason.rawValue)\(rules)"
        }
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
