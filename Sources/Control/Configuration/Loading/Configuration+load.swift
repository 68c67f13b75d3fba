// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from a path to a value, or to everything that is wrong.

internal import AccessPolicy

extension Configuration {
    /// Reads torhaus.yaml and the municipalities' files.
    ///
    /// Certificates are looked at only when asked for: keys are readable by the gate alone, not by `torhausd`.
    package static func load(
        _ path: String,
        certificates: CertificateChecks = .none
    ) throws(ConfigurationError) -> Configuration {
        try ConfigurationLoader(files: SystemFiles(), certificates: certificates).load(path)
    }

    /// Where the daemons' sockets are, whatever else is wrong with the configuration; nil when torhaus.yaml cannot
    /// be read at all.
    package static func paths(_ path: String) -> Paths? {
        ConfigurationLoader(files: SystemFiles(), certificates: .none).paths(path)
    }
}

/// Puts the files together.
struct ConfigurationLoader {
    let files: any FileSource
    let certificates: CertificateChecks

    /// All files, or all mistakes.
    func load(_ path: String) throws(ConfigurationError) -> Configuration {
        let path = PathText.absolute(path, in: files.workingDirectory)
        let findings = Findings(file: path)
        guard let root = read(findings) else { throw failure([findings]) }
        let county = CountyFile(root, findings, directory: PathText.directory(of: path))
        CertificateFindings(checks: certificates).check(county, findings)
        var all = [findings]
        let municipalities = readMunicipalities(county, &all)
        let guardrails = GuardrailReader(files: files).read(county, findings, &all)
        if all.contains(where: { !$0.sorted(.error).isEmpty }) { throw failure(all) }
        let loaded = configuration(county, municipalities, guardrails, all)
        return try PolicyFindings.check(loaded)
    }

    /// The paths of torhaus.yaml, those with a mistake as if they were left out.
    func paths(_ path: String) -> Configuration.Paths? {
        let path = PathText.absolute(path, in: files.workingDirectory)
        let findings = Findings(file: path)
        return read(findings).map { root in
            CountyFile(root, findings, directory: PathText.directory(of: path)).paths
        }
    }

    private func configuration(
        _ county: CountyFile,
        _ municipalities: [Municipality],
        _ guardrails: [GuardrailFile],
        _ all: [Findings]
    ) -> Configuration {
        Configuration(
            county: county.county,
            publicNames: county.publicNames,
            publicPort: county.publicPort,
            listen: county.listen,
            tls: county.tls,
            rdpSigning: county.rdpSigning,
            sessions: county.sessions,
            signIn: county.signIn,
            gate: county.gate,
            paths: county.paths,
            users: county.users,
            policy: Configuration.Policy(
                zones: county.policy.zones,
                roles: county.policy.roles,
                externalGroups: county.policy.externalGroups,
                guardrails: guardrails,
                origin: county.policy.origin
            ),
            audit: county.audit,
            municipalities: municipalities,
            warnings: all.flatMap { $0.sorted(.warning) }
        )
    }

    /// Nil when the file cannot be read; the findings say why.
    private func read(_ findings: Findings) -> YAMLValue? {
        do throws(FileFault) {
            let bytes = try files.read(findings.file, limit: ConfigurationLimits.fileBytes)
            if let bits = files.permissions(findings.file), bits & 0o002 != 0 {
                findings.warning(
                    nil,
                    "",
                    "every user of this machine may change this file",
                    hint: "chmod o-w \(findings.file)"
                )
            }
            return YAMLFile.parse(bytes, findings)
        } catch {
            findings.error(nil, "", error.message, hint: error.hint)
            return nil
        }
    }

    // MARK: Municipalities

    private func readMunicipalities(_ county: CountyFile, _ all: inout [Findings]) -> [Municipality] {
        let directory = Findings(file: county.paths.municipalities)
        all.append(directory)
        let uniqueness = CountyNames()
        var municipalities: [Municipality] = []
        for name in fileNames(directory) {
            let findings = Findings(file: "\(directory.file)/\(name)")
            all.append(findings)
            guard let root = read(findings) else { continue }
            let file = MunicipalityFile(
                root,
                findings,
                stem: String(name.dropLast(5)),
                sessions: county.sessions
            )
            uniqueness.add(file.names, findings)
            municipalities.append(file.municipality)
        }
        return municipalities
    }

    private typealias Municipality = Configuration.Municipality

    /// The names of the municipalities' files, sorted.
    private func fileNames(_ directory: Findings) -> [String] {
        let names: [String]
        do throws(FileFault) {
            names = try files.list(directory.file)
        } catch {
            directory.error(nil, "", error.message, hint: error.hint)
            return []
        }
        let visible = names.filter { !$0.hasPrefix(".") }.sorted()
        let chosen = visible.filter { $0.hasSuffix(".yaml") }
        for name in visible where name.hasSuffix(".yml") {
            directory.warning(nil, name, "the file is not read", hint: "rename it to end in .yaml")
        }
        if chosen.isEmpty {
            directory.warning(nil, "", "there is no municipality yet", hint: "add a file NAME.yaml here")
        }
        if ConfigurationLimits.municipalities < chosen.count {
            directory.error(nil, "", "more than \(ConfigurationLimits.municipalities) files")
            return []
        }
        return chosen
    }

    private func failure(_ all: [Findings]) -> ConfigurationError {
        ConfigurationError(
            problems: all.flatMap { $0.sorted(.error) },
            warnings: all.flatMap { $0.sorted(.warning) }
        )
    }
}
