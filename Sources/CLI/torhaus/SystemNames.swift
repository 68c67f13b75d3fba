// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whether this machine knows the users, groups and holders that the configuration names.

import CountyConfiguration
import Glibc
import LinuxKit

/// Asks NSS.
///
/// A name that is not there may be there tomorrow, and a directory that does not answer may answer then: these are
/// warnings, and they say which of the two it is.
enum SystemNames {
    static func unknown(in loaded: Configuration, file: String) -> [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        let users = [
            ("users.gate", loaded.users.gate), ("users.control", loaded.users.control),
            ("users.auth", loaded.users.auth), ("users.audit", loaded.users.audit),
        ]
        let operators = loaded.users.operators.map { ("users.operators", $0) }
        for (key, name) in users + operators {
            switch Self.user(name) {
            case .there: break
            case .missing:
                found.append(
                    warning(file, key, "this machine has no user \(name)", hint: "getent passwd \(name)")
                )
            case .unknown(let fault):
                found.append(
                    warning(
                        file,
                        key,
                        "whether this machine has the user \(name) cannot be found out: \(fault)",
                        hint: "\(nameService); getent passwd \(name)"
                    )
                )
            }
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
        return found + loaded.namedGroups.compactMap(warning(of:))
    }

    // MARK: Asking

    /// What NSS says of a name.
    private enum Answer {
        case there
        case missing
        /// A service of NSS failed, so nobody knows.
        case unknown(SystemError)
    }

    private static let nameService = "the name service is in trouble, see /etc/nsswitch.conf"

    private static func user(_ name: String) -> Answer {
        do throws(SystemError) {
            return try UserDatabase.user(named: name) == nil ? .missing : .there
        } catch {
            return .unknown(error)
        }
    }

    private static func group(_ name: String) -> Answer {
        do throws(SystemError) {
            return try UserDatabase.hasGroup(named: name) ? .there : .missing
        } catch {
            return .unknown(error)
        }
    }

    // MARK: Warnings

    /// A slip in a role's group takes the role from everybody, and nothing else would tell.
    private static func warning(of group: NamedGroup) -> ConfigurationProblem? {
        let look = "getent group \"\(group.name)\""
        switch Self.group(group.name) {
        case .there: return nil
        case .missing:
            return warning(
                group,
                "this machine has no group \(group.name)",
                hint: "until it has, \(group.consequence); \(look)"
            )
        case .unknown(let fault):
            return warning(
                group,
                "whether this machine has the group \(group.name) cannot be found out: \(fault)",
                hint: "\(nameService); \(look)"
            )
        }
    }

    private static func warning(
        _ group: NamedGroup,
        _ message: String,
        hint: String
    ) -> ConfigurationProblem {
        ConfigurationProblem(
            severity: .warning,
            file: group.file,
            line: group.line,
            column: group.column,
            key: group.key,
            message: message,
            hint: hint
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
