// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy show` prints the Cedar that rows became.

import AccessPolicy
import ArgumentParser
import Cedar
import PolicyTools

struct PolicyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints every rule as Cedar, with the place it was written at.",
        discussion: "The output is a Cedar text that other engines read."
    )

    @OptionGroup var options: PolicyOptions

    @Argument(help: "Only rules whose names begin so, such as rhoenblick/.")
    var prefix = ""

    @Flag(help: "Print the schema the rules are checked against.")
    var schema = false

    func run() throws {
        if schema {
            Terminal.say(GatewaySchema.text)
            return
        }
        let set = try PolicyFiles.set(options.files.config)
        let rules = set.rules.filter { $0.name.name.hasPrefix(prefix) }
        if rules.isEmpty, !prefix.isEmpty { throw CedarProblem(text: "no rule's name begins with \(prefix)") }
        guard !options.json else {
            Terminal.say(Self.json(set, rules).text)
            return
        }
        Terminal.say("// \(Terminal.count(rules.count, "rule")), version \(set.version)")
        for rule in rules {
            Terminal.say("\n// \(rule.name.origin) (\(rule.kind.rawValue))")
            Terminal.say(String(rule.text.dropLast(rule.text.hasSuffix("\n") ? 1 : 0)))
        }
    }

    private static func json(_ set: AccessPolicySet, _ rules: [PolicyRule]) -> CedarJSON {
        let list = rules.map { rule -> CedarJSON in
            [
                "rule": rule.name.json, "kind": .text(rule.kind.rawValue), "cedar": .text(rule.text),
            ]
        }
        return ["policy_version": .text(set.version), "rules": .array(list)]
    }
}
