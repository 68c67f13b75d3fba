// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus check` lists everything that is wrong, and what is in effect.

import ArgumentParser
import CountyConfiguration
import DaemonSettings

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists every mistake of the configuration with file, line and a hint.",
        discussion: "Run it as root: few may read the keys of certificates."
    )

    @OptionGroup var files: FileOptions

    @Flag(name: .long, help: "Do not look at certificates and keys.")
    var skipCertificates = false

    func run() throws {
        let report = makeReport()
        for problem in report.problems { Terminal.say("error: \(problem)") }
        for warning in report.warnings { Terminal.say("warning: \(warning)") }
        if !report.problems.isEmpty || !report.warnings.isEmpty { Terminal.say("") }
        for line in report.summary { Terminal.say(line) }
        if !report.summary.isEmpty { Terminal.say("") }
        let problems = Terminal.count(report.problems.count, "problem")
        Terminal.say("\(problems), \(Terminal.count(report.warnings.count, "warning"))")
        guard report.problems.isEmpty else { throw Ending.problem }
    }

    private struct Report {
        var problems: [String] = []
        var warnings: [String] = []
        var summary: [String] = []
    }

    private func makeReport() -> Report {
        do throws(ConfigurationError) {
            let loaded = try Configuration.load(files.config, certificates: skipCertificates ? .none : .all)
            let unknown = SystemNames.unknown(in: loaded, file: files.config)
            return Report(
                problems: RenderedSettings.problems(of: loaded),
                warnings: (loaded.warnings + unknown).map(\.description),
                summary: Summary(loaded, withCertificates: !skipCertificates).lines
            )
        } catch {
            return Report(
                problems: error.problems.map(\.description),
                warnings: error.warnings.map(\.description)
            )
        }
    }
}

/// What a right configuration comes to.
struct Summary {
    let lines: [String]

    init(_ loaded: Configuration, withCertificates: Bool) {
        var rows: [(String, String)] = [
            ("county", loaded.county),
            ("listens on", loaded.listen.map(\.description).joined(separator: ", ")),
            ("public names", "\(loaded.publicNames.joined(separator: ", ")), port \(loaded.publicPort)"),
            ("TLS profile", loaded.tls.profile.rawValue),
        ]
        if withCertificates {
            for pair in loaded.tls.certificates {
                rows.append(("certificate", CertificateSummary(chain: pair.chain)?.description ?? pair.chain))
            }
            if let signing = loaded.rdpSigning {
                rows.append(
                    (".rdp signing", CertificateSummary(chain: signing.chain)?.description ?? signing.chain)
                )
            }
        }
        let desktops = loaded.desktops.map(\.desktop)
        let native = desktops.count { $0.rdp != nil }
        let browser = desktops.count { $0.vnc != nil }
        rows.append(("municipalities", String(loaded.municipalities.count)))
        rows.append(("pools", String(loaded.municipalities.reduce(0) { $0 + $1.pools.count })))
        rows.append(("desktops", "\(desktops.count) (\(native) by RDP, \(browser) in the browser)"))
        rows.append(("audit log", "\(loaded.audit.origin), in \(loaded.audit.logs)"))
        rows.append(("records are kept", loaded.audit.retentionText))
        let unaudited = loaded.municipalities.filter { !$0.auditRequired }.map(\.name)
        if !unaudited.isEmpty { rows.append(("without waiting for it", unaudited.joined(separator: ", "))) }
        let width = rows.map(\.0.count).max() ?? 0
        lines = rows.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value
        }
    }
}
