// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy explain` says why somebody may, or may not.

import AccessPolicy
import ArgumentParser
import Cedar
import PolicyTools

struct PolicyExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says which rules decide about a person and a desktop, and what is missing.",
        discussion: "Exit status: 0 allowed, 1 something cannot be read, 2 refused."
    )

    @OptionGroup var options: PolicyOptions
    @OptionGroup var person: PersonOptions
    @OptionGroup var situation: SituationOptions

    @Option(help: ArgumentHelp("connect, reconnect or keep.", valueName: "action"))
    var action: PolicyAction = .connect

    @Argument(help: "The user name.")
    var user: String

    @Argument(help: "municipality/pool/desktop, municipality/pool, or the desktop's name.")
    var desktop: String

    func validate() throws {
        guard AccessTarget(action, .gateway).isSession else {
            throw ValidationError("--action: \(action.rawValue) is about no desktop.")
        }
    }

    func run() throws {
        let set = try PolicyFiles.set(options.files.config)
        let question = PolicyQuestion(
            set.person(user, groups: try person.groups(of: user)),
            action,
            .desktop(try set.desktop(desktop)),
            try situation.circumstances()
        )
        let explanation = Explanation(question, set)
        if options.json {
            Terminal.say(explanation.json.text)
        } else {
            for line in Self.lines(explanation, set) { Terminal.say(line) }
        }
        if !explanation.decision.isAllowed { throw PolicyCommand.different }
    }

    // Rules of one kind that are shown; the rest is counted.
    private static let shown = 8

    private static func lines(_ explanation: Explanation, _ set: AccessPolicySet) -> [String] {
        let question = explanation.question
        let groups = question.person.groups
        let names = groups.isEmpty ? "in no group" : "in \(groups.sorted().joined(separator: ", "))"
        var lines = [
            "\(question.person.user) (\(names)): \(AccessTarget(question.action, question.target))",
            question.circumstances.text(set),
            explanation.decision.text,
        ]
        let terms = explanation.decision.termsText
        if !terms.isEmpty { lines.append("on these terms: \(terms)") }
        let sections = [
            ("Decided:", explanation.satisfied.filter { explanation.decision.rules.contains($0.rule) }),
            (
                "Satisfied too:",
                explanation.satisfied.filter { !explanation.decision.rules.contains($0.rule) }
            ),
            ("Could not be evaluated:", explanation.failed),
            ("Nearly permitted:", explanation.near),
            ("Forbid, but not this:", explanation.passed),
        ]
        for (title, accounts) in sections where !accounts.isEmpty {
            lines += ["", title]
            for account in accounts.prefix(shown) {
                lines.append("  \(account.effect.rawValue) \(account.rule.name) (\(account.rule.origin))")
                lines.append("    \(account.account.text(groups: groups))")
            }
            if shown < accounts.count { lines.append("  and \(accounts.count - shown) more") }
        }
        if !explanation.forOthers.isEmpty {
            lines += ["", "For other people:"]
            for account in explanation.forOthers.prefix(shown) {
                let named = Set(account.account.policy.namedGroups).sorted().joined(separator: ", ")
                lines.append("  permit \(account.rule.name) (\(account.rule.origin)): \(named)")
            }
        }
        return lines
    }
}
