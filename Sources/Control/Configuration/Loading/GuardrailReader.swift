// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the files of guardrails.

internal import AccessPolicy
internal import DaemonSettings

/// Reads `*.cedar` in the directory `paths.policies`.
struct GuardrailReader {
    let files: any FileSource

    /// The files in the order of their names.
    ///
    /// A directory that is missing is an error when the configuration names it, else a warning: guardrails
    /// that vanish unnoticed would open doors.
    func read(
        _ county: CountyFile,
        _ findings: Findings,
        _ all: inout [Findings]
    ) -> [GuardrailFile] {
        let directory = Findings(file: county.paths.policies)
        all.append(directory)
        let names: [String]
        do throws(FileFault) {
            names = try files.list(directory.file)
        } catch {
            if county.policiesPlace != nil {
                findings.error(county.policiesPlace, "paths.policies", error.message, hint: error.hint)
            } else {
                directory.warning(
                    nil,
                    "",
                    "there are no guardrails: \(error.message)",
                    hint: "create the directory; it may be empty"
                )
            }
            return []
        }
        let chosen = names.filter { !$0.hasPrefix(".") && $0.hasSuffix(".cedar") }.sorted()
        if ConfigurationLimits.guardrailFiles < chosen.count {
            directory.error(nil, "", "more than \(ConfigurationLimits.guardrailFiles) files")
            return []
        }
        return chosen.compactMap { name in
            let file = Findings(file: "\(directory.file)/\(name)")
            all.append(file)
            return text(file).map { GuardrailFile(file: file.file, text: $0) }
        }
    }

    private func text(_ findings: Findings) -> String? {
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
            guard let text = String(validating: bytes, as: UTF8.self) else {
                findings.error(nil, "", "the file is not UTF-8", hint: "save it again as UTF-8")
                return nil
            }
            return text
        } catch {
            findings.error(nil, "", error.message, hint: error.hint)
            return nil
        }
    }
}
