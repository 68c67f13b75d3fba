// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the files that say what is expected of the rules.

internal import AccessPolicy
internal import DaemonSettings

extension Configuration {
    /// Where the files of expectations end; they stand beside the guardrails.
    package static let expectationSuffix = ".expect.yaml"

    /// The expectations of one file, or of all files in a directory in the order of their names.
    package static func expectations(_ path: String) throws(ConfigurationError) -> [AccessExpectationRow] {
        try ExpectationReader(files: SystemFiles()).read(path)
    }
}

/// Reads `expect:`.
struct ExpectationReader {
    let files: any FileSource

    func read(_ path: String) throws(ConfigurationError) -> [AccessExpectationRow] {
        let path = PathText.absolute(path, in: files.workingDirectory)
        var names = [path]
        if !path.hasSuffix(".yaml"), let listed = try? files.list(path) {
            let chosen = listed.filter { !$0.hasPrefix(".") && $0.hasSuffix(Configuration.expectationSuffix) }
            names = chosen.sorted().prefix(ConfigurationLimits.guardrailFiles).map { "\(path)/\($0)" }
        }
        var rows: [AccessExpectationRow] = []
        var problems: [ConfigurationProblem] = []
        for name in names {
            let findings = Findings(file: name)
            rows += self.rows(findings)
            problems += findings.sorted(.error)
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems, warnings: []) }
        return rows
    }

    private func rows(_ findings: Findings) -> [AccessExpectationRow] {
        let bytes: [UInt8]
        do throws(FileFault) {
            bytes = try files.read(findings.file, limit: ConfigurationLimits.fileBytes)
        } catch {
            findings.error(nil, "", error.message, hint: error.hint)
            return []
        }
        guard let root = YAMLFile.parse(bytes, findings) else { return [] }
        var file = Section(root, path: "", findings: findings)
        let elements = file.requiredElements("expect", hint: "expect: a list of questions with their answers")
        let rows = file.sections(elements).enumerated().map { number, section in
            var section = section
            return row(&section, number + 1, PolicyReader(file: findings.file))
        }
        file.finish()
        return rows
    }

    private enum Answer: String, CaseIterable {
        case allow
        case refuse
    }

    private enum Device: String, CaseIterable {
        case any
        case managed
    }

    private func row(_ section: inout Section, _ number: Int, _ reader: PolicyReader) -> AccessExpectationRow
    {
        let place = section.place
        let action: PolicyAction = section.choice("action", default: .connect)
        let isSession = [.connect, .reconnect, .keep].contains(action)
        let desktop = text(&section, "desktop")
        if isSession, desktop == nil {
            section.findings.error(place, section.path("desktop"), "the key is missing")
        }
        let answer = answer(&section)
        let row = AccessExpectationRow(
            name: text(&section, "name") ?? "number \(number)",
            origin: reader.origin(place),
            user: text(&section, "user") ?? "-",
            groups: groups(&section),
            action: action,
            desktop: desktop ?? "",
            municipality: text(&section, "municipality"),
            at: text(&section, "at"),
            from: text(&section, "from"),
            factor: section.choice("factor", default: .totp),
            factorSeconds: seconds(&section, "factor_age") ?? 0,
            client: section.choice("client", default: .native),
            managedDevice: section.choice("device", default: Device.any) == .managed,
            isAllowed: answer == .allow,
            reason: reason(&section),
            rule: text(&section, "rule"),
            passes: passing(&section, "may"),
            staysOut: passing(&section, "may_not"),
            idleSeconds: seconds(&section, "idle"),
            longestSeconds: seconds(&section, "longest")
        )
        section.finish()
        return row
    }

    private func text(_ section: inout Section, _ key: String) -> String? {
        section.value(key).flatMap { section.line($0, key, limit: ConfigurationLimits.groupBytes) }
    }

    private func groups(_ section: inout Section) -> [String] {
        section.elements("groups", mayBeEmpty: true).map { MunicipalityFile.groups(&section, $0) } ?? []
    }

    private func answer(_ section: inout Section) -> Answer? {
        guard let value = section.required("answer", hint: "answer: allow, or answer: refuse"),
            let text = section.scalar(value, "answer")
        else { return nil }
        return section.word(text, value.place, "answer")
    }

    private func reason(_ section: inout Section) -> PolicyReason? {
        guard let value = section.value("reason"), let text = section.scalar(value, "reason") else {
            return nil
        }
        return section.word(text, value.place, "reason")
    }

    private func passing(_ section: inout Section, _ key: String) -> Set<PolicyRedirection> {
        let words = (section.elements(key) ?? []).compactMap { element -> PassingWord? in
            section.scalar(element.value, element.key)
                .flatMap { section.word($0, element.value.place, element.key) }
        }
        return Set(words.flatMap(\.redirections))
    }

    // Longer than any limit that a rule can set.
    private static let lengths = 0...604_800

    private func seconds(_ section: inout Section, _ key: String) -> UInt32? {
        section.duration(key, Self.lengths, default: nil, mayBeOff: false)
            .flatMap { UInt32(exactly: $0.components.seconds) }
    }
}
