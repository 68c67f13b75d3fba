// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whose cosignatures are enough (C2SP tlog-policy).

/// A policy file: logs, witnesses, groups of them, and the quorum.
///
/// A line is `log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME any|all|K MEMBER…` or `quorum NAME|none`;
/// what stands behind `#` at the start of a line is for people.
package struct WitnessPolicy: Hashable, Sendable {
    /// A witness and where it is asked.
    package struct Witness: Hashable, Sendable {
        package let name: String
        package let key: VerifierKey
        /// Nil for one whose cosignatures come another way.
        package let url: String?
    }

    private struct Group: Hashable, Sendable {
        let name: String
        let threshold: Int
        let members: [String]
    }

    package private(set) var logs: [VerifierKey] = []
    package private(set) var witnesses: [Witness] = []
    private var groups: [Group] = []
    private var quorum: String?
    private var isQuorumSet = false

    /// A line that breaks a rule.
    package struct Mistake: Error, Hashable, Sendable {
        /// From 1; 0 for the file as a whole.
        package let line: Int
        /// One lower-case sentence without a full stop.
        package let message: String
    }

    /// No witness, and none is needed.
    package static let none = WitnessPolicy()

    private init() {}

    /// Reads a file.
    package init(text: String, _ hasher: TreeHasher) throws(Mistake) {
        guard text.utf8.count <= MerkleLimits.policyBytes else {
            throw Mistake(line: 0, message: "the policy has more than \(MerkleLimits.policyBytes) bytes")
        }
        let feed = UInt8(ascii: "\n")
        let lines = text.utf8.split(separator: feed, omittingEmptySubsequences: false)
        for (place, line) in lines.enumerated() {
            let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 0x0D }
                .compactMap { String($0) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            do throws(MerkleError) {
                try take(first, Array(words.dropFirst()), hasher)
            } catch {
                if case .invalid(let message) = error { throw Mistake(line: place + 1, message: message) }
                throw Mistake(line: place + 1, message: "the line cannot be read")
            }
        }
        guard isQuorumSet else { throw Mistake(line: 0, message: "a quorum line is missing") }
    }

    private mutating func take(_ word: String, _ rest: [String], _ hasher: TreeHasher) throws(MerkleError) {
        switch word {
        case "log" where (1...2).contains(rest.count):
            logs.append(try VerifierKey(text: rest[0], hasher))
        case "witness" where (2...3).contains(rest.count):
            try expectFree(rest[0])
            let key = try VerifierKey(text: rest[1], hasher)
            guard key.algorithm == .cosignature else {
                throw .invalid(field: "a witness needs a cosignature key")
            }
            guard !witnesses.contains(where: { $0.key == key }) else {
                throw .invalid(field: "the same key is named twice")
            }
            witnesses.append(Witness(name: rest[0], key: key, url: rest.count == 3 ? rest[2] : nil))
        case "group" where 3 <= rest.count:
            try expectFree(rest[0])
            let members = Array(rest[2...])
            guard Set(members).count == members.count else {
                throw .invalid(field: "a member is named twice")
            }
            for member in members where !isKnown(member) {
                throw .invalid(field: "a member is not defined above")
            }
            guard let threshold = Self.threshold(rest[1], of: members.count) else {
                throw .invalid(field: "expected any, all or a number of members")
            }
            groups.append(Group(name: rest[0], threshold: threshold, members: members))
        case "quorum" where rest.count == 1 && !isQuorumSet:
            guard rest[0] == "none" || isKnown(rest[0]) else {
                throw .invalid(field: "the quorum is not defined above")
            }
            quorum = rest[0] == "none" ? nil : rest[0]
            isQuorumSet = true
        default:
            throw .invalid(field: "expected log, witness, group or one quorum with their words")
        }
    }

    private static func threshold(_ word: String, of count: Int) -> Int? {
        switch word {
        case "any": 1
        case "all": count
        default: Int(word).flatMap { (1...count).contains($0) ? $0 : nil }
        }
    }

    private func isKnown(_ name: String) -> Bool {
        witnesses.contains { $0.name == name } || groups.contains { $0.name == name }
    }

    private func expectFree(_ name: String) throws(MerkleError) {
        guard name != "none", !isKnown(name) else { throw .invalid(field: "the name is taken") }
    }

    // MARK: Judging

    /// True when these keys' cosignatures are the quorum.
    package func isSatisfied(by keys: some Collection<VerifierKey>) -> Bool {
        guard let quorum else { return true }
        var satisfied = Set(witnesses.filter { keys.contains($0.key) }.map(\.name))
        // A group names only what stands above it, so one pass is enough.
        for group in groups where group.threshold <= group.members.count(where: satisfied.contains) {
            satisfied.insert(group.name)
        }
        return satisfied.contains(quorum)
    }
}
