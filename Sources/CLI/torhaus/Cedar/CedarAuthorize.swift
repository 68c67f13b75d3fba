// SPDX-License-Identifier: EUPL-1.2
// Torhaus: decides one request by plain Cedar.

import ArgumentParser
import Cedar

struct CedarAuthorize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize",
        abstract: "Decides one request.",
        discussion: """
            Prints {"decision", "reason", "errors"} on one line, the faults of policies on standard error.
            Exit status: 0 allowed, 1 something cannot be read or is not valid, 2 denied.
            """
    )

    private static let denied = ExitCode(2)

    @Option(help: ArgumentHelp("The policies; - is standard input.", valueName: "file"))
    var policies: String

    @Option(help: ArgumentHelp("The schema.", valueName: "file"))
    var schema: String?

    @Option(help: ArgumentHelp("The entities as JSON.", valueName: "file"))
    var entities: String?

    @Option(help: ArgumentHelp("Who asks, such as User::\"alice\".", valueName: "entity"))
    var principal: String

    @Option(help: ArgumentHelp("What for.", valueName: "entity"))
    var action: String

    @Option(help: ArgumentHelp("With which resource.", valueName: "entity"))
    var resource: String

    @Option(help: ArgumentHelp("The context as JSON.", valueName: "file"))
    var context: String?

    func run() throws {
        let set = try CedarFiles.policies(policies)
        let schema = try CedarFiles.schema(schema)
        let store = try CedarFiles.entities(entities, schema)
        let asked: CedarJSON = [
            "principal": .string(CedarText(principal)), "action": .string(CedarText(action)),
            "resource": .string(CedarText(resource)), "context": try CedarFiles.context(context),
        ]
        let request = try CedarFiles.named("request") { () throws(CedarError) in
            try CedarRequestReader.request(asked, schema: schema)
        }
        let findings = (schema?.validate(store) ?? []) + (schema?.validate(request) ?? [])
        if let finding = findings.errors.first { throw CedarProblem(text: finding.description) }
        let response = set.decide(request, store)
        for fault in response.faults { Terminal.complain("policy \(fault.policy): \(fault.error)") }
        print(response.json.text)
        if response.decision == .deny { throw Self.denied }
    }
}
