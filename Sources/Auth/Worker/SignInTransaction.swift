// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the calls of PAM for one sign-in, in their order.

internal import DaemonMessages
internal import Glibc
internal import PAMKit

/// Which stack to run.
struct PAMStack: Hashable, Sendable {
    let service: String
    /// Nil for `/etc/pam.d`.
    let directory: String?
}

/// authenticate, account, expired password, credentials.
///
/// There is no PAM session: nothing runs on this machine for the person, the desktop opens its own; so
/// `open_session` and `setcred(DELETE)` have no place here.
struct SignInTransaction: ~Copyable {
    /// PAM_TTY; pam_access and others want one, as OpenSSH's `ssh` and Dovecot's `dovecot`.
    private static let terminal = "torhaus"

    private var transaction: PAMTransaction
    private let dialogue: WorkerDialogue
    /// As typed.
    private let claimedUser: String
    private let correlation: CorrelationID
    private let userId = geteuid()
    private var passwordChanged = false

    init(_ begin: SignInBegin, stack: PAMStack, dialogue: WorkerDialogue) throws(WorkerFailure) {
        self.dialogue = dialogue
        claimedUser = begin.user
        correlation = begin.correlation
        transaction = try Self.start(begin, stack, dialogue)
    }

    private static func start(
        _ begin: SignInBegin,
        _ stack: PAMStack,
        _ dialogue: WorkerDialogue
    ) throws(WorkerFailure) -> PAMTransaction {
        do {
            let transaction = try PAMTransaction(
                service: stack.service,
                user: begin.user,
                directory: stack.directory,
                converse: dialogue
            )
            try transaction.setRemoteHost(begin.remoteHost)
            try transaction.setTerminal(terminal)
            return transaction
        } catch {
            throw WorkerFailure(.startFailed)
        }
    }

    /// Nil is success; PAM_USER is settled then.
    mutating func run() throws(WorkerFailure) -> WorkerExit? {
        dialogue.phase = .authenticate
        if let refused = try check(.authenticate, transaction.authenticate()) { return refused }
        dialogue.phase = .account
        let account = transaction.checkAccount()
        if account.kind == .newPasswordRequired {
            try checkProcess()
            dialogue.phase = .changePassword
            let status = transaction.changeExpiredPassword()
            if status.kind == .success {
                passwordChanged = true
                // At once: whatever becomes of the sign-in, and of this process, the old password is gone.
                dialogue.tellPasswordChanged(changedIdentity())
            }
            if let refused = try check(.changePassword, status) { return refused }
        } else if let refused = try check(.account, account) {
            return refused
        }
        dialogue.phase = .credentials
        return try check(.credentials, transaction.establishCredentials())
    }

    /// What goes to the client after ``run()`` returned nil.
    borrowing func success() throws(WorkerFailure) -> SignInSuccess {
        guard let user = transaction.user(), ModuleText.isPossibleUser(user) else {
            throw WorkerFailure(.unreadableUser)
        }
        return SignInSuccess(
            identity: try Directory.identity(of: user)
                ?? SignInIdentity(user: user, displayName: "", groups: []),
            passwordChanged: passwordChanged,
            secondFactor: secondFactor()
        )
    }

    /// Credentials are established by now: `pam_env` sets its variables only then, on the path through the stack
    /// that `pam_authenticate` took.
    private borrowing func secondFactor() -> SignInFactor {
        let mark = FactorMark(transaction.variable(FactorMark.variable))
        if mark == .unknown {
            // Without the word: a stack that went wrong may have put a name into it.
            AuthLog.write(
                .error,
                "second-factor-unknown",
                ["correlation": AuthLog.hexadecimal(correlation)]
            )
        }
        return mark.factor(afterQuestions: dialogue.secondFactor)
    }

    /// Whose password it was, as far as PAM and the name service tell; the groups may be missing.
    private borrowing func changedIdentity() -> SignInIdentity {
        var name = claimedUser
        if let user = transaction.user(), ModuleText.isPossibleUser(user) { name = user }
        let known = try? Directory.identity(of: name)
        return known ?? SignInIdentity(user: name, displayName: "", groups: [])
    }

    private func check(_ stage: WorkerExit.Stage, _ status: PAMStatus) throws(WorkerFailure) -> WorkerExit? {
        try checkProcess()
        return status.kind == .success ? nil : .refused(stage, status: status.number)
    }

    /// A module that changed the process's user has left this process in a state nobody knows.
    private func checkProcess() throws(WorkerFailure) {
        if dialogue.isAbandoned { throw WorkerFailure(.abandoned) }
        guard geteuid() == userId, getuid() == userId else { throw WorkerFailure(.userIdChanged) }
    }

    /// The client's word for a refusal.
    ///
    /// Everything that the first call says is one word: unknown, wrong, locked, expired.
    static func failure(_ stage: WorkerExit.Stage, _ status: PAMStatus) -> SignInFailure.Code {
        if status.kind == .brokenStack { return .unavailable }
        switch stage {
        case .authenticate: return .denied
        case .account: return .accountUnusable
        case .changePassword: return .passwordNotChanged
        case .credentials: return .unavailable
        }
    }
}
