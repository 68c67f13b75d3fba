// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checks policies against a schema.

import ArgumentParser
import Cedar

struct CedarValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks policies, and entities if named, strictly against a schema.",
        discussion: "Exit status: 0 all is valid, 1 something is not."
    )

    @Option(help: ArgumentHelp("The policies; - is standard input.", valueName: "file"))
    var policies: String

    @Option(help: ArgumentHelp("The schema.", valueName: "file"))
    var schema: String

    @Option(help: ArgumentHelp("The entities as JSON.", valueName: "file"))
    var entities: String?

    func run() throws {
        let set = try CedarFiles.policies(policies)
        guard let schema = try CedarFiles.schema(schema) else { return }
        var findings = schema.validate(set)
        if let entities { findings += schema.validate(try CedarFiles.entities(entities, schema)) }
        for finding in findings {
            Terminal.say("\(finding.isError ? "error" : "warning"): \(finding)")
        }
        if !findings.errors.isEmpty { throw Ending.problem }
        Terminal.say("\(Terminal.count(set.policies.count, "policy", plural: "policies")): valid")
    }
}
