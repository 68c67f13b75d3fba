// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whether this machine knows the users, groups and holders that the configuration names.

import CountyConfiguration
import Glibc

/// Asks NSS.
///
/// A name that is not there may be there tomorrow: these are warnings.
enum SystemNames {
    static func unknown(in loaded: Configuration, file: String) -> [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        let users = [
            ("users.gate", loaded.users.gate), ("users.control", loaded.users.control),
            ("users.auth", loaded.users.auth), ("users.audit", loaded.users.audit),
        ]
        let operators = loaded.users.operators.map { ("users.operators", $0) }
        for (key, name) in users + operators where getpwnam(name) == nil {
            found.append(
                warning(file, key, "this machine has no user \(name)", hint: "getent passwd \(name)")
            )
        }
        if access(loaded.audit.holders, F_OK) != 0 {
            found.append(
                warning(
                    file,
                    "audit.holders",
                    "nobody is registered for whom names are sealed; the audit log does not start",
                    hint: "torhaus audit holders write \(loaded.audit.holders)"
                )
            )
        }
        return found + loaded.namedGroups.filter { getgrnam($0.name) == nil }.map(missing)
    }

    /// A slip in a role's group takes the role from everybody, and nothing else would tell.
    private static func missing(_ group: NamedGroup) -> ConfigurationProblem {
        ConfigurationProblem(
            severity: .warning,
            file: group.file,
            line: group.line,
            column: group.column,
            key: group.key,
            message: "this machine has no group \(group.name)",
            hint: "until it has, \(group.consequence); getent group \"\(group.name)\""
        )
    }

    private static func warning(
        _ file: String,
        _ key: String,
        _ message: String,
        hint: String
    ) -> ConfigurationProblem {
        ConfigurationProblem(severity: .warning, file: file, key: key, message: message, hint: hint)
    }
}
