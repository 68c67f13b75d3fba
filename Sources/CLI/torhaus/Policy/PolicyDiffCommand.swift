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

    @Flag(help: "Tell each change by itself, for everybody who sees it.")
    var all = false

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
            for line in Self.lines(diff, after, all: all) { Terminal.say(line) }
        }
        if !diff.changes.isEmpty { throw PolicyCommand.different }
    }

    private static let titles: [(AccessChange.Kind, String)] = [
        (.gains, "Gain access:"), (.loses, "Lose access:"), (.morePasses, "More may pass:"),
        (.lessPasses, "Less may pass:"), (.terms, "Other terms:"),
    ]

    private static func lines(_ diff: PolicyDiff, _ set: AccessPolicySet, all: Bool) -> [String] {
        let groups = all ? diff.changes.flatMap { ChangeGroup.all([$0]) } : ChangeGroup.all(diff.changes)
        var lines: [String] = []
        for (kind, title) in titles {
            let own = groups.filter { $0.kind == kind }
            guard !own.isEmpty else { continue }
            lines += lines.isEmpty ? [title] : ["", title]
            for group in own { lines += self.lines(group, set) }
        }
        let counts = titles.map { kind, _ in "\(diff.changes.count { $0.kind == kind }) \(kind.rawValue)" }
        if !lines.isEmpty { lines.append("") }
        lines.append(diff.changes.isEmpty ? "nothing changes for anybody" : counts.joined(separator: ", "))
        lines.append("\(Terminal.count(diff.asked, "question")) asked of both")
        if 0 < diff.cut {
            lines.append(
                "of \(diff.cut) combinations of people and desktops not all circumstances were asked"
            )
        }
        return lines
    }

    // Of many people or targets so many are named.
    private static let named = 8

    private static func lines(_ group: ChangeGroup, _ set: AccessPolicySet) -> [String] {
        let change = group.first
        var lines = listed(group.people.map(\.description)).map { "  \($0)" }
        lines += listed(targets(group.targets)).map { "    \($0)" }
        lines.append("      such as \(change.example.text(set)) (\(change.cells) of \(change.asked))")
        switch change.kind {
        case .gains, .loses:
            lines.append("      before: \(change.before.text)")
            lines.append("      after:  \(change.after.text)")
        case .morePasses, .lessPasses, .terms:
            lines.append("      before: \(change.before.termsText)")
            lines.append("      after:  \(change.after.termsText)")
        }
        return lines
    }

    /// One line for each thing, with all that is asked of it.
    private static func targets(_ targets: [AccessTarget]) -> [String] {
        var actions: [PolicyTarget: [String]] = [:]
        var order: [PolicyTarget] = []
        for target in targets {
            if actions[target.target] == nil { order.append(target.target) }
            actions[target.target, default: []].append(target.action.rawValue)
        }
        return order.map { target in
            let words = (actions[target] ?? []).joined(separator: ", ")
            return switch target {
            case .gateway: words
            case .desktop(let id): "\(words) \(id)"
            case .municipality(let name): "\(words) \(name ?? "the whole county")"
            }
        }
    }

    private static func listed(_ texts: [String]) -> [String] {
        named < texts.count ? texts.prefix(named) + ["and \(texts.count - named) more"] : texts
    }
}
