// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus render` writes what the gate, the auth worker and the audit log read at their start.

import ArgumentParser
import CountyConfiguration
import DaemonSettings

struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the settings file of a daemon.",
        discussion: "The file is replaced at once and as a whole, with the permissions 0640."
    )

    /// Which daemon.
    enum Daemon: String, ExpressibleByArgument, CaseIterable {
        case gate
        case auth
        case audit
    }

    @OptionGroup var files: FileOptions

    @Argument(help: "Whose settings.")
    var daemon: Daemon

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to; standard output otherwise.", valueName: "file")
    )
    var output: String?

    func run() throws {
        let loaded: Configuration
        do throws(ConfigurationError) {
            loaded = try Configuration.load(files.config)
        } catch {
            for problem in error.problems { Terminal.complain("error: \(problem)") }
            throw Ending.problem
        }
        let problems = RenderedSettings.problems(of: loaded)
        guard problems.isEmpty else {
            for problem in problems { Terminal.complain("error: \(problem)") }
            throw Ending.problem
        }
        let text =
            switch daemon {
            case .gate: loaded.gateSettings().rendered
            case .auth: loaded.authSettings().rendered
            case .audit: loaded.auditSettings().rendered
            }
        guard let output else {
            print(text, terminator: "")
            return
        }
        do throws(AtomicFileError) {
            try AtomicFile.write(text, to: output)
        } catch {
            Terminal.complain("error: \(output): \(error)")
            throw Ending.problem
        }
    }
}

/// Reads what would be written, as the daemons will: a mistake shows here and not at their start.
enum RenderedSettings {
    static func problems(of loaded: Configuration) -> [String] {
        var problems: [String] = []
        do throws(SettingsError) {
            _ = try GateSettings(text: loaded.gateSettings().rendered)
        } catch {
            problems += error.problems.map { "settings of the gate: \($0.key): \($0.message)" }
        }
        do throws(SettingsError) {
            _ = try AuthSettings(text: loaded.authSettings().rendered)
        } catch {
            problems += error.problems.map { "settings of the auth worker: \($0.key): \($0.message)" }
        }
        do throws(SettingsError) {
            _ = try AuditSettings(text: loaded.auditSettings().rendered)
        } catch {
            problems += error.problems.map { "settings of the audit log: \($0.key): \($0.message)" }
        }
        return problems
    }
}
