// SPDX-License-Identifier: EUPL-1.2
// Torhaus: users and groups as NSS knows them. Calls may block for a directory's answer.

internal import CLinux
internal import Glibc

/// One user of the name service.
package struct DatabaseUser: Hashable, Sendable {
    /// As the directory writes it, whatever case was asked for.
    package let name: String
    package let user: UInt32
    package let group: UInt32
    /// The first GECOS field, or empty.
    package let fullName: String
}

/// getpwnam, getgrnam, getgrouplist and getgrgid with growing buffers.
///
/// An error means that nobody knows: a service of NSS did not answer. What is not there is no error.
package enum UserDatabase {
    /// Room for a name with its NUL; useradd allows 32 bytes, directories 256.
    private static let nameRoom = 512
    /// Enough for NGROUPS_MAX (65,536); a directory that wants more is refused.
    private static let maximumGroups: Int32 = 65_536

    /// The user, or nil when NSS has none of that name.
    package static func user(named name: String) throws(SystemError) -> DatabaseUser? {
        var uid: UInt32 = 0
        var gid: UInt32 = 0
        var canonical = [CChar](repeating: 0, count: nameRoom)
        var fullName = [CChar](repeating: 0, count: nameRoom)
        let result = unsafe th_user_by_name(name, &uid, &gid, &canonical, nameRoom, &fullName, nameRoom)
        guard 0 <= result else { throw .last("getpwnam_r") }
        guard result == 1 else { return nil }
        return DatabaseUser(name: text(canonical), user: uid, group: gid, fullName: text(fullName))
    }

    /// The user with this number, or nil when NSS has none.
    package static func user(numbered uid: UInt32) throws(SystemError) -> DatabaseUser? {
        var gid: UInt32 = 0
        var canonical = [CChar](repeating: 0, count: nameRoom)
        var fullName = [CChar](repeating: 0, count: nameRoom)
        let result = unsafe th_user_by_number(uid, &gid, &canonical, nameRoom, &fullName, nameRoom)
        guard 0 <= result else { throw .last("getpwuid_r") }
        guard result == 1 else { return nil }
        return DatabaseUser(name: text(canonical), user: uid, group: gid, fullName: text(fullName))
    }

    /// Names of all groups of a user, sorted, each once.
    ///
    /// A group without a name is left out.
    package static func groupNames(of user: DatabaseUser) throws(SystemError) -> [String] {
        var names: Set<String> = []
        for group in try groups(of: user) {
            if let name = try groupName(group) { names.insert(name) }
        }
        return names.sorted()
    }

    /// Numbers of all groups of a user, the primary one among them.
    package static func groups(of user: DatabaseUser) throws(SystemError) -> [UInt32] {
        var capacity: Int32 = 64
        while capacity <= maximumGroups {
            var groups = [UInt32](repeating: 0, count: Int(capacity))
            let wanted = unsafe th_groups_of(user.name, user.group, &groups, capacity)
            guard 0 <= wanted else { throw .last("getgrouplist") }
            if wanted <= capacity { return Array(groups.prefix(Int(wanted))) }
            capacity = wanted
        }
        throw SystemError("getgrouplist", code: E2BIG)
    }

    /// Whether NSS has a group of that name.
    package static func hasGroup(named name: String) throws(SystemError) -> Bool {
        let result = unsafe th_group_exists(name)
        guard 0 <= result else { throw .last("getgrnam_r") }
        return result == 1
    }

    private static func groupName(_ group: UInt32) throws(SystemError) -> String? {
        var name = [CChar](repeating: 0, count: nameRoom)
        let result = unsafe th_group_name(group, &name, nameRoom)
        guard 0 <= result else { throw .last("getgrgid_r") }
        return result == 1 ? text(name) : nil
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
