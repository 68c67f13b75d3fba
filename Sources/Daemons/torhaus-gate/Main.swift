// SPDX-License-Identifier: EUPL-1.2
// Torhaus: torhaus-gate, the data plane's process.

import DaemonSettings
import Gate
import Glibc
import LinuxKit
import WipedHeap

@main
struct Main {
    /// sysexits(3): wrong use, wrong configuration, failure of the system.
    private static let usage: Int32 = 64
    private static let configuration: Int32 = 78
    private static let system: Int32 = 71

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--version"] {
            print("torhaus-gate \(GateVersion.text)")
            return
        }
        guard arguments.count == 2, arguments[0] == "--settings" else {
            GateLog.line("usage: torhaus-gate --settings FILE")
            exit(usage)
        }
        run(arguments[1])
    }

    private static func run(_ path: String) {
        do {
            let signals = try SignalReceiver()
            // The TLS key is here, and whatever people type passes through.
            try ProcessHardening.protectSecrets()
            if !WipedHeap.isInPlace { GateLog.line("this build does not overwrite what it frees") }
            _ = InheritedSockets.raiseDescriptorLimit()
            let inherited = InheritedSockets.take()
            let settings: GateSettings
            do {
                settings = try SettingsFile.gate(path)
            } catch {
                GateLog.line("\(error)")
                exit(configuration)
            }
            let gate = try GateProcess(settings: settings, settingsPath: path, inherited: inherited)
            try gate.run(signals)
        } catch {
            GateLog.line("cannot start: \(error)")
            exit(system)
        }
    }
}
