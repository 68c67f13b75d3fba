// SPDX-License-Identifier: EUPL-1.2
// Torhaus: torhaus-authd, the sign-in service. The master listens and relays; the same program with `--worker` runs one
// PAM conversation.

import Auth
import DaemonSettings
import Glibc
import LinuxKit

/// Exit codes of the master: 0 after SIGTERM, 1 when it could not start, 64 for wrong arguments (EX_USAGE).
@main
enum TorhausAuthd {
    private static let usage = "usage: torhaus-authd --settings FILE\n"

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == Worker.flag {
            work(Array(arguments.dropFirst()))
        }
        guard arguments.count == 2, arguments[0] == "--settings" else { fail(usage, code: 64) }
        do {
            // Before anything that could start a thread: signals are blocked for all of them.
            let stop = try StopRequest()
            let settings = try readSettings(arguments[1])
            // Three descriptors for each conversation.
            _ = InheritedSockets.raiseDescriptorLimit()
            let listener = try listen(settings)
            let master = try AuthMaster(
                settings: settings,
                program: "/proc/self/exe",
                listener: listener,
                stop: stop
            )
            try ProcessHardening.protectSecrets()
            master.run()
        } catch {
            fail("torhaus-authd: \(error)\n", code: 1)
        }
    }

    private static func work(_ arguments: [String]) -> Never {
        let line = UnixStream(adopting: OwnedFD(adopting: Worker.lineDescriptor))
        guard let worker = Worker(arguments: arguments, line: line) else { fail(usage, code: 64) }
        _exit(worker.run())
    }

    private static func readSettings(_ path: String) throws -> AuthSettings {
        let file = try SmallFile.read(path, limit: SettingsLimits.fileBytes)
        return try AuthSettings(text: String(decoding: file, as: UTF8.self))
    }

    /// The socket systemd passed, or one of our own.
    ///
    /// Only the allowed users may connect: a single one owns the socket's file; with several, SO_PEERCRED
    /// alone decides.
    private static func listen(_ settings: AuthSettings) throws -> UnixListener {
        if let inherited = InheritedSockets.take().first {
            return UnixListener(adopting: OwnedFD(adopting: inherited))
        }
        let listener = try UnixListener(path: settings.socket, mode: 0o600)
        if settings.allowedUsers.count == 1, let user = try UserDatabase.user(named: settings.allowedUsers[0])
        {
            _ = chown(settings.socket, user.user, user.group)
        } else {
            _ = chmod(settings.socket, 0o666)
        }
        return listener
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        _ = write(STDERR_FILENO, text, text.utf8.count)
        exit(code)
    }
}
