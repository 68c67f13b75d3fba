// SPDX-License-Identifier: EUPL-1.2
// Torhaus: starts workers and keeps some ready.

internal import Glibc
internal import LinuxKit

/// Makes worker processes.
///
/// Starting one costs some ten milliseconds of another core, so a few wait ready for a busy morning; when
/// none is ready, one is started for the conversation at hand.
final class WorkerPool {
    private let program: String
    private let stack: PAMStack
    private let wanted: Int
    private var nextId: UInt64 = 1
    /// After a ready worker died or could not be started: no new ones until then.
    private var pauseUntil = Duration.zero
    private var pause = Duration.zero

    /// The first pause; a broken installation would otherwise keep a core busy.
    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(10)

    init(program: String, stack: PAMStack, wanted: Int) {
        self.program = program
        self.stack = stack
        self.wanted = wanted
    }

    /// When another ready worker is to be started, or nil when there are enough.
    func nextEvent(idle: Int, now: Duration) -> Duration? {
        idle < wanted ? max(now, pauseUntil) : nil
    }

    /// New ready workers, at most one for each call: between two, the master looks after its conversations.
    func refill(idle: Int, now: Duration) -> WorkerProcess? {
        guard idle < wanted, pauseUntil <= now else { return nil }
        do {
            return try start()
        } catch {
            AuthLog.write(.error, "worker-not-started", ["error": "\(error.code)"])
            noteFault(now: now)
            return nil
        }
    }

    /// A ready worker ended before it had anything to do.
    func noteFault(now: Duration) {
        pause = min(Self.longestPause, max(Self.firstPause, pause * 2))
        pauseUntil = now + pause
    }

    /// A worker reached its work: what was wrong is over.
    func noteHealth() { pause = .zero }

    /// One worker, ready to be told its first request.
    func start() throws(SystemError) -> WorkerProcess {
        let id = nextId
        nextId += 1
        let program = program
        let arguments = ["torhaus-authd", Worker.flag, stack.service] + (stack.directory.map { [$0] } ?? [])
        let order = SpawnOrder(path: program, arguments: arguments, environment: environment)
        return try UnixStream.withPair { (mine, theirs) throws(SystemError) in
            let process = try theirs.withRaw { (raw) throws(SystemError) in
                try order.start(descriptors: [nil, nil, STDERR_FILENO, raw])
            }
            return WorkerProcess(id: id, process: process, line: mine)
        }
    }

    /// Fixed, so that module texts are the ones PromptReading knows, and nothing from the caller's
    /// environment reaches a module.
    ///
    /// Tests and demonstrations, which name a directory, pass theirs on for libnss_wrapper and the like.
    private var environment: [String] {
        let fixed = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "SWIFT_BACKTRACE=enable=no"]
        guard stack.directory != nil else { return fixed }
        let names = Set(fixed.map { $0.prefix { $0 != "=" } })
        return fixed + ProcessEnvironment.all().filter { !names.contains($0.prefix { $0 != "=" }) }
    }
}
