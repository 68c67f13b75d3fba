// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a worker's exit code, the channel on which it reports why. Nothing is decided by it: it is for the log.

/// How a worker ended.
///
/// 0 to 63 are what modules, libc and shells use and mean nothing here.
enum WorkerExit: Hashable, Sendable {
    /// The call of PAM that said no.
    enum Stage: Int32, Hashable, Sendable, CaseIterable {
        case authenticate = 0
        case account = 1
        case changePassword = 2
        case credentials = 3
    }

    case succeeded
    case groupsAnswered
    /// The client left, or was sent away.
    case abandoned
    /// A frame from the master could not be read or was out of order.
    case lineBroken
    /// A module sent more than it may, or a style nobody knows.
    case moduleBrokeLimit
    /// A module changed the process's user.
    case userIdChanged
    /// PAM_USER is missing, too long, or no text.
    case unreadableUser
    case tooManyGroups
    case nameServiceFailed
    /// `pam_start` failed.
    case startFailed
    /// PAM said no, with libpam's number.
    case refused(Stage, status: Int32)

    private static let plain: [WorkerExit] = [
        .succeeded, .groupsAnswered, .abandoned, .lineBroken, .moduleBrokeLimit, .userIdChanged,
        .unreadableUser,
        .tooManyGroups, .nameServiceFailed, .startFailed,
    ]
    private static let firstPlain: Int32 = 64
    private static let firstRefused: Int32 = 128
    /// libpam has 32 codes (_PAM_RETURN_VALUES).
    private static let statuses: Int32 = 32

    /// 64 and up.
    var code: Int32 {
        if case .refused(let stage, let status) = self {
            let known = 0 <= status && status < Self.statuses ? status : Self.statuses - 1
            return Self.firstRefused + stage.rawValue * Self.statuses + known
        }
        let index = Self.plain.firstIndex(of: self) ?? 0
        return Self.firstPlain + Int32(index)
    }

    /// Nil for a code that no worker of ours gives: a module called exit.
    init?(code: Int32) {
        if Self.firstRefused <= code {
            let (stage, status) = (code - Self.firstRefused).quotientAndRemainder(dividingBy: Self.statuses)
            guard let stage = Stage(rawValue: stage) else { return nil }
            self = .refused(stage, status: status)
        } else {
            let index = Int(code) - Int(Self.firstPlain)
            guard Self.plain.indices.contains(index) else { return nil }
            self = Self.plain[index]
        }
    }

    /// For the log.
    var text: String {
        if case .refused(let stage, let status) = self { return "\(stage) status=\(status)" }
        return "\(self)"
    }
}
