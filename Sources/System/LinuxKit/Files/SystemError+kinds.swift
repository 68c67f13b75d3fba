// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the failures of files that callers tell apart.

internal import Glibc

extension SystemError {
    /// What a lock says that somebody else holds.
    package static let wouldBlock = EWOULDBLOCK
    /// What reading a file says that is not what it should be.
    package static let damaged = EBADMSG
    /// The disk is full, or a quota is reached.
    package var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }
    /// There is no such file or directory.
    package var isMissing: Bool { code == ENOENT }
}
