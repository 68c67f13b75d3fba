// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy who-can` lists by which rules a desktop opens.

import AccessPolicy
import ArgumentParser
import Cedar
import PolicyTools

struct PolicyWhoCan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-can",
        abstract: "Lists the groups that can open a desktop, with conditions and an example.",
        discussion: """
            With --at, --from and their like only those circumstances count, else any.
            """
    )

    @OptionGroup var options: PolicyOptions
    @OptionGroup var situation: SituationOptions

    @Argument(help: "municipality/pool/desktop, municipality/pool, or the desktop's name.")
    var desktop: String

    func run() throws {
        let set = try PolicyFiles.set(options.files.config)
        let name = try set.desktop(desktop)
        let circumstances = try situation.circumstances()
        let reach = DesktopReach(
            name,
            set,
            circumstances: situation.isNarrowed ? circumstances : nil,
            reference: circumstances.time
        )
        guard let reach else { throw CedarProblem(text: "there is no desktop \(name)") }
        guard !options.json else {
            Terminal.say(reach.json.text)
            return
        }
        Terminal.say(name)
        if situation.isNarrowed { Terminal.say(circumstances.text(set)) }
        if reach.grants.isEmpty { Terminal.say("\nNo rule is about this desktop: nobody can open it.") }
        for grant in reach.grants { Self.lines(grant, set).forEach(Terminal.say) }
        if !reach.limits.isEmpty {
            Terminal.say("\nUnless one of these forbids it:")
            for rule in reach.limits { Terminal.say("  \(rule.name) (\(rule.origin))") }
        }
    }

    private static func lines(_ grant: DesktopReach.Grant, _ set: AccessPolicySet) -> [String] {
        let who = grant.groups.isEmpty ? "everybody" : grant.groups.joined(separator: ", ")
        var lines = ["", "\(who): \(grant.rule.name) (\(grant.rule.origin))"]
        lines += grant.conditions.map { "  when \($0)" }
        if let example = grant.example {
            lines.append("  such as \(example.text(set))")
            if let terms = grant.decision?.termsText, !terms.isEmpty { lines.append("  \(terms)") }
        } else {
            let by = grant.obstacles.map(\.name).joined(separator: ", ")
            lines.append(by.isEmpty ? "  not under these circumstances" : "  never: \(by) forbids it")
        }
        return lines
    }
}
