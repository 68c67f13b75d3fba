// SPDX-License-Identifier: EUPL-1.2
// Torhaus: torhaus-auditd, the only process that can write the audit log or read its key.

import AuditLog
import AuditService
import DaemonSettings
import Glibc
import LinuxKit
import MerkleLog

/// Exit codes: 0 after SIGTERM, 1 when it could not start, 64 for wrong arguments (EX_USAGE), 78 for wrong settings
/// (EX_CONFIG), 70 when the log is refused: somebody must look, and a restart does not help (EX_SOFTWARE).
@main
enum TorhausAuditd {
    private static let usage = "usage: torhaus-auditd --settings FILE [--init]\n"

    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--version"] { return print("torhaus-auditd \(AuditVersion.text)") }
        let isInit = arguments.last == "--init"
        if isInit { arguments.removeLast() }
        guard arguments.count == 2, arguments[0] == "--settings" else { fail(usage, code: 64) }
        do {
            // Before anything that could start a thread: signals are blocked for all of them.
            let stop = try StopRequest()
            let hangUps = try SignalReceiver([.hangUp])
            let path = arguments[1]
            let settings = try readSettings(path)
            if isInit { return try initialise(settings) }
            try ProcessHardening.protectSecrets()
            _ = InheritedSockets.raiseDescriptorLimit()
            let descriptor = stop.withRaw { $0 }
            let reload = SettingsReload { try readSettings(path) }
            // Ends with the process: nothing waits for it.
            try Threads.start(name: "hang-up") {
                while true { if hangUps.next() == .hangUp { reload.request() } }
            }
            try AuditService.run(
                settings: settings,
                version: AuditVersion.text,
                listener: try listen(settings),
                stopDescriptor: descriptor,
                reload: reload
            )
            // The descriptor is open as long as it is polled.
            _ = consume stop
        } catch let error as SettingsError {
            fail("torhaus-auditd: \(error)\n", code: 78)
        } catch let error as AuditLogError {
            if case .refused = error.code {
                fail("torhaus-auditd: the log stays closed: \(error)\n", code: 70)
            }
            fail("torhaus-auditd: \(error)\n", code: 1)
        } catch {
            fail("torhaus-auditd: \(error)\n", code: 1)
        }
    }

    /// Begins the log of this year and prints its public key, for everybody who will verify it.
    private static func initialise(_ settings: AuditSettings) throws {
        let place = try Succession(settings, version: AuditVersion.text).place(Succession.presentYear)
        print(try LogCreation.create(place).text)
    }

    private static func readSettings(_ path: String) throws -> AuditSettings {
        let file = try SmallFile.read(path, limit: SettingsLimits.fileBytes)
        return try AuditSettings(text: String(decoding: file, as: UTF8.self))
    }

    /// The socket systemd passed, or one of our own; SO_PEERCRED decides who may use it.
    private static func listen(_ settings: AuditSettings) throws -> UnixListener {
        if let inherited = InheritedSockets.take().first {
            return UnixListener(adopting: OwnedFD(adopting: inherited))
        }
        return try UnixListener(path: settings.socket, mode: 0o666)
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        _ = write(STDERR_FILENO, text, text.utf8.count)
        exit(code)
    }
}
