// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy test` asks whether the rules keep what is expected of them.

import AccessPolicy
import ArgumentParser
import Cedar
import CountyConfiguration
import PolicyTools

struct PolicyTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Checks the expectations that stand beside the rules.",
        discussion: """
            Reads all files *.expect.yaml in the directory of guardrails, or the file or directory named.
            Exit status: 0 all are kept, 1 something cannot be read or is not kept.
            """
    )

    @OptionGroup var options: PolicyOptions

    @Argument(help: "A file or directory of expectations.")
    var path: String?

    /// Monday, 2026-01-12, 00:00 in Berlin: hours without a date are in that week, which has no holidays, so
    /// that expectations do not depend on the day they are checked.
    private static let ordinaryWeek: Int64 = 1_768_172_400_000
    private static let ordinaryTime = "wed 12:00"

    func run() throws {
        let loaded = try PolicyFiles.configuration(options.files.config)
        let set = try PolicyFiles.set(loaded)
        let expectations = try rows(path ?? loaded.paths.policies).map { try Self.expectation($0, set) }
        let results = expectations.map { (expectation: $0, failures: $0.failures(set)) }
        let broken = results.filter { !$0.failures.isEmpty }
        if options.json {
            Terminal.say(CedarJSON.array(results.map(Self.json)).text)
        } else {
            for (expectation, failures) in broken {
                Terminal.say("\(expectation.origin): \(expectation.name)")
                for failure in failures { Terminal.say("  \(failure)") }
                Terminal.say("  asked: \(expectation.circumstances.text(set))")
            }
            let kept = results.count - broken.count
            Terminal.say(
                "\(Terminal.count(results.count, "expectation")), \(kept) kept, \(broken.count) broken"
            )
        }
        if !broken.isEmpty { throw Ending.problem }
    }

    private func rows(_ path: String) throws -> [AccessExpectationRow] {
        do throws(ConfigurationError) {
            return try Configuration.expectations(path)
        } catch {
            for problem in error.problems { Terminal.complain("error: \(problem)") }
            throw Ending.problem
        }
    }

    private static func expectation(
        _ row: AccessExpectationRow,
        _ set: AccessPolicySet
    ) throws -> AccessExpectation {
        guard let time = MomentText.parse(row.at ?? ordinaryTime, reference: ordinaryWeek) else {
            throw CedarProblem(text: "\(row.origin): at: \"\(row.at ?? "")\" is no time")
        }
        guard let address = CedarIPAddress(row.from ?? SituationOptions.internet) else {
            throw CedarProblem(text: "\(row.origin): from: \"\(row.from ?? "")\" is no address")
        }
        let target: PolicyTarget =
            switch row.action {
            case .signIn: .gateway
            case .connect, .reconnect, .keep: .desktop((try? set.desktop(row.desktop)) ?? row.desktop)
            case .viewAudit, .exportAudit, .revealPseudonym, .answerReveal, .retainAudit, .operate:
                .municipality(row.municipality)
            }
        return AccessExpectation(
            name: row.name,
            origin: row.origin,
            user: row.user,
            groups: row.groups,
            action: row.action,
            target: target,
            circumstances: PolicyCircumstances(
                time: time,
                address: address,
                factor: row.factor,
                factorAge: Int64(row.factorSeconds),
                client: row.client,
                trust: row.managedDevice ? .managed : .unknown
            ),
            isAllowed: row.isAllowed,
            reason: row.reason,
            rule: row.rule,
            passes: row.passes,
            staysOut: row.staysOut,
            idleSeconds: row.idleSeconds,
            longestSeconds: row.longestSeconds
        )
    }

    private static func json(_ result: (expectation: AccessExpectation, failures: [String])) -> CedarJSON {
        [
            "name": .text(result.expectation.name), "origin": .text(result.expectation.origin.description),
            "kept": .bool(result.failures.isEmpty), "failures": .texts(result.failures),
        ]
    }
}
