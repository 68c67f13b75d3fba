// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy diff` says who gains and who loses by a change.

import AccessPolicy
import ArgumentParser
import Cedar
import PolicyTools

struct PolicyDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says who gains and who loses access when one configuration replaces another.",
        discussion: """
            Asks both sets at each side of every hour, day, network, factor and age that a rule draws.
            Exit status: 0 nothing changes, 1 something cannot be read, 2 something changes.
            """
    )

    @OptionGroup var options: PolicyOptions

    @Argument(help: "The torhaus.yaml in force, or its directory.")
    var old: String

    @Argument(help: "The torhaus.yaml to be, or its directory.")
    var new: String

    @Flag(help: "Ask for the people of this machine's groups too.")
    var people = false

    @Option(help: ArgumentHelp("The days asked about follow this one; now otherwise.", valueName: "time"))
    var at: String?

    func run() throws {
        let before = try PolicyFiles.set(old)
        let after = try PolicyFiles.set(new)
        let now = PolicyFiles.now
        guard let reference = at.map({ MomentText.parse($0, reference: now) }) ?? now else {
            throw ValidationError("--at: \"\(at ?? "")\" is no time.")
        }
        let known = people ? PersonDirectory.people([before, after]) : []
        let diff = PolicyDiff(before, after, people: known, reference: reference)
        if options.json {
            Terminal.say(diff.json.text)
        } else {
            for line in Self.lines(diff, after) { Terminal.say(line) }
        }
        if !diff.changes.isEmpty { throw PolicyCommand.different }
    }

    private static let titles: [(AccessChange.Kind, String)] = [
        (.gains, "Gain access:"), (.loses, "Lose access:"), (.morePasses, "More may pass:"),
        (.lessPasses, "Less may pass:"), (.terms, "Other terms:"),
    ]

    private static func lines(_ diff: PolicyDiff, _ set: AccessPolicySet) -> [String] {
        var lines: [String] = []
        for (kind, title) in titles {
            let changes = diff.changes.filter { $0.kind == kind }
            guard !changes.isEmpty else { continue }
            lines += lines.isEmpty ? [title] : ["", title]
            for change in changes { lines += self.lines(change, set) }
        }
        let counts = titles.map { kind, _ in
            "\(diff.changes.count { $0.kind == kind }) \(kind.rawValue)"
        }
        if !lines.isEmpty { lines.append("") }
        lines.append(
            diff.changes.isEmpty ? "nothing changes for anybody" : counts.joined(separator: ", ")
        )
        lines.append("\(Terminal.count(diff.asked, "question")) asked of both")
        if 0 < diff.cut {
            lines.append(
                "of \(diff.cut) combinations of people and desktops not all circumstances were asked"
            )
        }
        return lines
    }

    private static func lines(_ change: AccessChange, _ set: AccessPolicySet) -> [String] {
        var lines = [
            "  \(change.person): \(change.target)",
            "    such as \(change.example.text(set)) (\(change.cells) of \(change.asked))",
        ]
        switch change.kind {
        case .gains, .loses:
            lines.append("    before: \(change.before.text)")
            lines.append("    after:  \(change.after.text)")
        case .morePasses, .lessPasses, .terms:
            lines.append("    before: \(change.before.termsText)")
            lines.append("    after:  \(change.after.termsText)")
        }
        return lines
    }
}
