// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which second factor the administrator's stack says was shown.

internal import DaemonMessages

/// The mark that a branch of the PAM stack leaves in the environment of its transaction.
///
/// Libpam tells an application that the stack succeeded, never by which of its modules, so the stack has to say.
enum FactorMark: Hashable, Sendable {
    /// What the stack sets, with `pam_env`.
    static let variable = "TORHAUS_SECOND_FACTOR"

    /// The stack says nothing.
    case absent
    case shown(SignInFactor)
    /// A word that names no factor: a slip in the stack, which must not let anybody in further.
    case unknown

    /// `value` is that of the variable.
    init(_ value: String?) {
        guard let value, !value.isEmpty else {
            self = .absent
            return
        }
        // A branch that shows nothing has nothing to say.
        guard let factor = SignInFactor(word: value), factor != .none else {
            self = .unknown
            return
        }
        self = .shown(factor)
    }

    /// The factor that counts; the administrator knows better than what can be read from the questions.
    func factor(afterQuestions questions: SecondFactor) -> SignInFactor {
        switch self {
        case .shown(let factor): factor
        case .absent: questions.shown ? .totp : .none
        case .unknown: .none
        }
    }
}
