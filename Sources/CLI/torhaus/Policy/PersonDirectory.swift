// SPDX-License-Identifier: EUPL-1.2
// Torhaus: people and groups as this machine's name service has them.

import AccessPolicy
import ArgumentParser
import Cedar
import Glibc
import LinuxKit
import PolicyTools

enum PersonDirectory {
    // Members of groups that are looked up; a county has some thousands.
    private static let mostPeople = 20_000

    /// The groups of a user; ends the command when this machine does not know the name.
    static func groups(of user: String) throws -> [String] {
        do throws(SystemError) {
            if let known = try UserDatabase.user(named: user) {
                return try UserDatabase.groupNames(of: known)
            }
        } catch {
            throw CedarProblem(text: "the groups of \(user) cannot be read: \(error)")
        }
        throw CedarProblem(text: "this machine has no user \(user); name groups with --groups")
    }

    /// The groups and people that rules name and this machine does not have; ends the command when that cannot be
    /// found out.
    static func missing(in set: AccessPolicySet) throws -> Set<EntityUID> {
        var missing: Set<EntityUID> = []
        for uid in Set(set.rules.flatMap(\.policy.namedEntities).map(\.0)) {
            let name = uid.id.string
            do throws(SystemError) {
                if uid.type == Gw.group, try !UserDatabase.hasGroup(named: name) { missing.insert(uid) }
                if uid.type == Gw.user, try UserDatabase.user(named: name) == nil { missing.insert(uid) }
            } catch {
                let hint = "--skip-names leaves names out"
                throw CedarProblem(text: "\(name) cannot be looked up: \(error); \(hint)")
            }
        }
        return missing
    }

    /// All members of the groups that the sets speak of, one for each combination of groups.
    static func people(_ sets: [AccessPolicySet]) -> [PersonClass] {
        let groups = sets.reduce(into: Set<String>()) { $0.formUnion($1.input.groups) }
        var users: Set<String> = []
        for group in groups.sorted() { users.formUnion(members(of: group)) }
        var classes: [[String]: PersonClass] = [:]
        for user in users.sorted().prefix(mostPeople) {
            guard let own = try? self.groups(of: user) else { continue }
            // Groups that no rule names make no difference.
            let named = own.filter(groups.contains).sorted()
            if classes[named] == nil { classes[named] = PersonClass(groups: named, example: user) }
        }
        return classes.values.sorted()
    }

    private static func members(of group: String) -> [String] {
        guard let entry = getgrnam(group), var place = entry.pointee.gr_mem else { return [] }
        var names: [String] = []
        while let name = place.pointee {
            names.append(String(cString: name))
            place += 1
        }
        return names
    }
}
