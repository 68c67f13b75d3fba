// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the worker process. It runs one conversation and ends; nothing it does outlives it.

internal import DaemonMessages
internal import Glibc
package import LinuxKit
internal import PAMKit

/// The whole life of a worker, from its first request to its exit code.
package struct Worker {
    /// The worker's end of the line; the master puts it there.
    package static let lineDescriptor: Int32 = 3
    /// The first argument of a worker.
    package static let flag = "--worker"

    private let stack: PAMStack
    private let line: WorkerLine

    /// Takes what the master gave: `--worker SERVICE [DIRECTORY]` and the line.
    ///
    /// Nil for other arguments.
    package init?(arguments: [String], line: consuming UnixStream) {
        guard arguments.count == 1 || arguments.count == 2, let service = arguments.first else { return nil }
        // What a module starts must not hold the line.
        line.closeOnExec()
        stack = PAMStack(service: service, directory: arguments.dropFirst().first)
        self.line = WorkerLine(line)
    }

    /// Runs the conversation; the result is the exit code.
    ///
    /// The caller must end with `_exit`: handlers that modules registered with atexit may point into code
    /// that is unloaded.
    package func run() -> Int32 {
        // Everything else is given up by the master between fork and exec: descriptors, signals, environment.
        try? ProcessHardening.protectSecrets()
        do {
            guard let request = try line.receive() else { return WorkerExit.abandoned.code }
            switch request {
            case .begin(let begin): return try signIn(begin).code
            case .lookUpGroups(let user): return try lookUp(user).code
            case .answer, .abandon: return WorkerExit.lineBroken.code
            }
        } catch {
            // What failed and why is nobody's business but the log's; the master turns the end without a reply into
            // "unavailable".
            return error.exit.code
        }
    }

    private func signIn(_ begin: SignInBegin) throws(WorkerFailure) -> WorkerExit {
        let dialogue = WorkerDialogue(line: line)
        var transaction = try SignInTransaction(begin, stack: stack, dialogue: dialogue)
        if let refused = try transaction.run() {
            if case .refused(let stage, let status) = refused {
                let code = SignInTransaction.failure(stage, PAMStatus(status))
                if stage == .authenticate { dialogue.forgetWaiting() }
                _ = dialogue.sendWaiting()
                _ = line.send(.failed(SignInFailure(code: code, retryAfterSeconds: 0)))
            }
            return refused
        }
        let success = try transaction.success()
        guard dialogue.sendWaiting(), line.send(.succeeded(success)) else { return .abandoned }
        return .succeeded
    }

    private func lookUp(_ user: String) throws(WorkerFailure) -> WorkerExit {
        let identity = try Directory.identity(of: user)
        return line.send(.groups(identity)) ? .groupsAnswered : .abandoned
    }
}
