// SPDX-License-Identifier: EUPL-1.2
// Torhaus: asks a set of rules what was asked before, and counts what it answers otherwise.

package import AccessPolicy
internal import Cedar

/// Recorded decisions against a set of rules; takes one line after the other and keeps only sums.
package struct DecisionReplay {
    /// Decisions that changed in the same way by the same rules.
    package struct Group: Hashable, Sendable {
        package let kind: AccessChange.Kind
        /// Names of the rules that decided then.
        package let before: [String]
        /// Names of the rules that decide now.
        package let after: [String]
        /// Why it is refused now; nil when it is allowed.
        package let reason: PolicyReason?
    }

    /// How often, and the first of them.
    package struct Sum: Hashable, Sendable {
        package fileprivate(set) var count: Int
        package let line: Int
        package let example: RecordedDecision
    }

    /// A line that is no record.
    package struct Unreadable: Hashable, Sendable {
        package let line: Int
        package let message: String
    }

    /// Of unreadable lines so many are kept with their messages.
    package static let keptMessages = 20
    // People, as the rules see them; more than a county has. Beyond that they are made again.
    private static let keptPeople = 20_000

    private let set: AccessPolicySet
    private var people: [PersonKey: PolicyPerson] = [:]
    /// Lines so far, empty ones too.
    package private(set) var lines = 0
    /// Decisions so far.
    package private(set) var decisions = 0
    /// Decisions by rules that could not be evaluated.
    package private(set) var faults = 0
    package private(set) var groups: [Group: Sum] = [:]
    package private(set) var unreadable: [Unreadable] = []
    package private(set) var unreadableCount = 0

    private struct PersonKey: Hashable {
        let user: String
        let groups: [String]
    }

    package init(_ set: AccessPolicySet) { self.set = set }

    /// Takes the next line of the file; an unreadable one is counted.
    package mutating func add(line: String) {
        lines += 1
        guard !line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) else { return }
        do throws(CedarError) {
            try add(RecordedDecision(line: line))
        } catch {
            unreadableCount += 1
            if unreadable.count < Self.keptMessages {
                unreadable.append(Unreadable(line: lines, message: error.description))
            }
        }
    }

    private mutating func add(_ record: RecordedDecision) throws(CedarError) {
        let decision = set.decide(record.question(person(of: record)))
        decisions += 1
        if !decision.faults.isEmpty { faults += 1 }
        for kind in Self.kinds(record, decision) {
            let group = Group(
                kind: kind,
                before: record.rules,
                after: decision.rules.map(\.name),
                reason: decision.reason
            )
            groups[group, default: Sum(count: 0, line: lines, example: record)].count += 1
        }
    }

    private mutating func person(of record: RecordedDecision) -> PolicyPerson {
        let key = PersonKey(user: record.user, groups: record.groups)
        if let known = people[key] { return known }
        let person = set.person(record.user, groups: record.groups)
        if Self.keptPeople <= people.count { people = [:] }
        people[key] = person
        return person
    }

    private static func kinds(_ record: RecordedDecision, _ now: PolicyDecision) -> [AccessChange.Kind] {
        guard record.isAllowed == now.isAllowed else { return [now.isAllowed ? .gains : .loses] }
        guard now.isAllowed, let passed = record.redirections else { return [] }
        var kinds: [AccessChange.Kind] = []
        if !now.redirections.isSubset(of: passed) { kinds.append(.morePasses) }
        if !passed.isSubset(of: now.redirections) { kinds.append(.lessPasses) }
        return kinds
    }

    /// All groups, the most frequent first.
    package var sorted: [(group: Group, sum: Sum)] {
        groups.map { ($0.key, $0.value) }.sorted { left, right in
            left.1.count == right.1.count ? left.1.line < right.1.line : right.1.count < left.1.count
        }
    }
}
