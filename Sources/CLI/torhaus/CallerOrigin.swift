// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who stands behind this process: what the kernel knows, and what is only said.

import Glibc
import LinuxKit

/// The accounts behind the tool.
struct CallerOrigin: Equatable {
    /// The real user's account; `uid 4711` where NSS knows none.
    let account: String
    /// Who logged in, by the kernel; nil where nobody did, as in a service, or the kernel does not say.
    let login: String?
    /// Whom sudo names, as NSS writes that account.
    let sudo: String?

    /// What the kernel stands for.
    var certain: String { login ?? account }

    /// What only the environment says; nil when it is the same.
    var claimed: String? { sudo.flatMap { $0 == certain ? nil : $0 } }

    /// Whom the policy is asked about: sudo's word counts only where the kernel knows nobody.
    ///
    /// Root alone can set `SUDO_USER`, who could write every file of ours anyway.
    var person: String { login ?? sudo ?? account }

    var isUnattended: Bool { login == nil && sudo == nil }

    /// As it is now.
    static func present() throws -> CallerOrigin {
        do throws(SystemError) {
            return CallerOrigin(
                account: try name(of: getuid()),
                login: try loginNumber().map { (uid) throws(SystemError) in try name(of: uid) },
                sudo: try sudoName()
            )
        } catch {
            Terminal.complain("error: who called cannot be looked up: \(error)")
            throw Ending.problem
        }
    }

    /// Written by pam_loginuid at the login; sudo and su leave it as it is.
    private static let loginFile = "/proc/self/loginuid"
    /// As large a number as there is: nobody logged in.
    private static let nobody = UInt32.max

    private static func loginNumber() -> UInt32? {
        // A kernel without it knows nobody.
        guard let bytes = try? SmallFile.read(loginFile, limit: 32) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        return UInt32(text).flatMap { $0 == nobody ? nil : $0 }
    }

    private static func name(of uid: UInt32) throws(SystemError) -> String {
        try UserDatabase.user(numbered: uid)?.name ?? "uid \(uid)"
    }

    private static func sudoName() throws(SystemError) -> String? {
        guard let text = getenv("SUDO_USER").map({ String(cString: $0) }), !text.isEmpty else { return nil }
        return try UserDatabase.user(named: text)?.name ?? text
    }
}
