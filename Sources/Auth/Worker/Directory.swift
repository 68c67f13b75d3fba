// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a person's name and groups from NSS.

internal import DaemonMessages
internal import LinuxKit

/// Asks the name service; blocks as long as a directory takes.
enum Directory {
    /// Nil when NSS knows no such user.
    ///
    /// The name is the directory's own spelling, so that `ANNA` and `anna` are one person everywhere behind
    /// this process.
    static func identity(of name: String) throws(WorkerFailure) -> SignInIdentity? {
        let found: DatabaseUser?
        let groups: [String]
        do {
            found = try UserDatabase.user(named: name)
            guard let found else { return nil }
            groups = try UserDatabase.groupNames(of: found)
        } catch {
            throw WorkerFailure(.nameServiceFailed)
        }
        guard let found else { return nil }
        let identity = SignInIdentity(
            user: found.name,
            displayName: ModuleText.clean([UInt8](found.fullName.utf8)),
            groups: groups
        )
        // Never a shortened list: a policy may forbid something to a group that would be missing.
        guard groups.count <= FrameLimits.groups, groups.allSatisfy({ $0.utf8.count <= FrameLimits.group })
        else {
            throw WorkerFailure(.tooManyGroups)
        }
        return identity
    }
}
