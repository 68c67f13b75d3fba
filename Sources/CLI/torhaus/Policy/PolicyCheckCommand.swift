// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy check` looks for rules that are wrong, or not what somebody meant.

import AccessPolicy
import ArgumentParser
import Cedar
import CountyConfiguration
import PolicyTools

struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Lists what is wrong with the rules, or looks wrong.",
        discussion: """
            Syntax, strict validation and names that nothing has are errors.
            Rules without condition, for everybody, that never match, that another covers, that a forbid
            undoes, that look at the hour in UTC or that may fail are warnings.
            """
    )

    @OptionGroup var options: PolicyOptions

    @Flag(help: "Do not ask this machine for groups and people.")
    var skipNames = false

    @Flag(help: "Warnings are problems too.")
    var strict = false

    func run() throws {
        let findings = try findings()
        if options.json {
            Terminal.say(CedarJSON.array(findings.map(\.json)).text)
        } else {
            for finding in findings { Terminal.say(finding.description) }
            let errors = findings.count { $0.severity == .error }
            let warnings = Terminal.count(findings.count - errors, "warning")
            Terminal.say("\(Terminal.count(errors, "error")), \(warnings)")
        }
        if findings.contains(where: { strict || $0.severity == .error }) { throw Ending.problem }
    }

    /// Mistakes of the configuration that are none of the rules are left to `torhaus check`, unless they are
    /// why there are no rules.
    private func findings() throws -> [CheckFinding] {
        let loaded: Configuration
        do throws(ConfigurationError) {
            loaded = try Configuration.load(PolicyFiles.path(options.files.config))
        } catch {
            return error.problems.map(Self.finding)
        }
        let set: AccessPolicySet
        do throws(PolicyError) {
            set = try loaded.policySet()
        } catch {
            return error.findings.map(Self.finding)
        }
        let missing = skipNames ? [] : try PersonDirectory.missing(in: set)
        return set.warnings.map(Self.finding) + PolicyCheck(set, missing: missing).findings()
    }

    private static func finding(_ problem: ConfigurationProblem) -> CheckFinding {
        let place = [problem.line, problem.column].compactMap { $0 }.map { ":\($0)" }.joined()
        return CheckFinding(
            problem.severity == .error ? .error : .warning,
            .building,
            rule: nil,
            place: problem.file + place,
            problem.key.isEmpty ? problem.message : "\(problem.key): \(problem.message)",
            hint: problem.hint
        )
    }

    private static func finding(_ finding: PolicyFinding) -> CheckFinding {
        CheckFinding(
            finding.severity == .error ? .error : .warning,
            .building,
            rule: finding.rule.isEmpty ? nil : finding.rule,
            place: finding.origin.description,
            finding.message,
            hint: finding.hint
        )
    }
}
