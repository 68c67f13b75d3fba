// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the rules are made once while loading, so that a mistake in them stops the load like any other.

internal import AccessPolicy
internal import Cedar

/// What the rules of a configuration that is otherwise right are worth.
enum PolicyFindings {
    /// The same configuration, with the warnings about its rules; throws when they cannot be used.
    static func check(_ configuration: Configuration) throws(ConfigurationError) -> Configuration {
        do throws(PolicyError) {
            let set = try configuration.policySet()
            return configuration.with(set.version, set.warnings.map(problem))
        } catch {
            let problems = error.findings.map(problem)
            throw ConfigurationError(
                problems: problems.filter { $0.severity == .error },
                warnings: configuration.warnings + problems.filter { $0.severity == .warning }
            )
        }
    }

    private static func problem(_ finding: PolicyFinding) -> ConfigurationProblem {
        ConfigurationProblem(
            severity: finding.severity == .error ? .error : .warning,
            file: finding.origin.file,
            line: finding.origin.position.map { Int($0.line) },
            column: finding.origin.position.map { Int($0.column) },
            key: finding.rule,
            message: finding.message,
            hint: finding.hint
        )
    }
}

extension Configuration {
    /// The same with the version of its rules and more warnings.
    fileprivate func with(_ version: String, _ more: [ConfigurationProblem]) -> Configuration {
        Configuration(
            county: county,
            publicNames: publicNames,
            publicPort: publicPort,
            listen: listen,
            tls: tls,
            rdpSigning: rdpSigning,
            sessions: sessions,
            signIn: signIn,
            gate: gate,
            paths: paths,
            users: users,
            policy: policy.named(version),
            audit: audit,
            municipalities: municipalities,
            warnings: warnings + more
        )
    }
}
