// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy what-can` lists what one person can open.

import AccessPolicy
import ArgumentParser
import Cedar
import PolicyTools

struct PolicyWhatCan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-can",
        abstract: "Lists the desktops a person can open now, or at another time.",
        discussion: "Exit status: 0 something is open, 1 something cannot be read, 2 nothing is."
    )

    @OptionGroup var options: PolicyOptions
    @OptionGroup var person: PersonOptions
    @OptionGroup var situation: SituationOptions

    @Argument(help: "The user name.")
    var user: String

    func run() throws {
        let set = try PolicyFiles.set(options.files.config)
        let reach = PersonReach(
            set.person(user, groups: try person.groups(of: user)),
            set,
            try situation.circumstances()
        )
        if options.json {
            Terminal.say(reach.json.text)
        } else {
            for line in Self.lines(reach, set) { Terminal.say(line) }
        }
        guard reach.pools.contains(where: \.decision.isAllowed) || !reach.duties.isEmpty else {
            throw PolicyCommand.different
        }
    }

    private static func lines(_ reach: PersonReach, _ set: AccessPolicySet) -> [String] {
        let groups = reach.person.groups.sorted().joined(separator: ", ")
        var lines = [
            "\(reach.person.user) (\(groups.isEmpty ? "in no group" : "in \(groups)"))",
            reach.circumstances.text(set), "sign-in: \(reach.signIn.text)",
        ]
        for pool in reach.pools {
            let count = Terminal.count(pool.desktops.count, "desktop")
            lines += ["", "\(pool.municipality)/\(pool.pool), \(count): \(pool.decision.text)"]
            let terms = pool.decision.termsText
            if !terms.isEmpty { lines.append("  \(terms)") }
            if let other = pool.elsewise { lines.append("  would open \(other.text(set))") }
        }
        if reach.pools.isEmpty { lines += ["", "No desktop is for these groups."] }
        if !reach.duties.isEmpty {
            lines += ["", "Beside desktops:"] + reach.duties.map { "  \($0)" }
        }
        return lines
    }
}
