// SPDX-License-Identifier: EUPL-1.2
// Torhaus: PAMKit runs one PAM transaction. Its calls block, and what a module does to the process it does to its
// caller: link it in a process that exists for one conversation only.

internal import CPAM

/// One `pam_start` … `pam_end`.
///
/// All calls come from one thread.
@safe package struct PAMTransaction: ~Copyable {
    private let handle: OpaquePointer
    // Kept alive as long as the handle: libpam holds its address.
    private let bridge: ConversationBridge
    private var lastStatus: Int32 = PAM_SUCCESS

    /// Starts a transaction for a user.
    ///
    /// The service is a file below `/etc/pam.d`, or below `directory` when that is given (`pam_start_confdir`).
    /// `converse` answers the modules' messages; see ``PAMConversing``.
    package init(
        service: String,
        user: String,
        directory: String? = nil,
        converse: any PAMConversing
    ) throws(PAMError) {
        let bridge = ConversationBridge(converse)
        unsafe handle = try Self.start(service, user, directory, bridge)
        self.bridge = bridge
    }

    private static func start(
        _ service: String,
        _ user: String,
        _ directory: String?,
        _ bridge: ConversationBridge
    ) throws(PAMError) -> OpaquePointer {
        var conversation = unsafe pam_conv(
            conv: torhausPAMConversation,
            appdata_ptr: Unmanaged.passUnretained(bridge).toOpaque()
        )
        var started: OpaquePointer?
        let code =
            if let directory {
                unsafe pam_start_confdir(service, user, &conversation, directory, &started)
            } else {
                unsafe pam_start(service, user, &conversation, &started)
            }
        guard code == PAM_SUCCESS, let handle = unsafe started else {
            throw PAMError(call: "pam_start", status: code)
        }
        // Modules such as pam_unix ask for a pause after a failure; with the callback in place nobody sleeps.
        let installed = unsafe th_pam_never_delay(handle)
        guard installed == PAM_SUCCESS else {
            unsafe pam_end(handle, installed)
            throw PAMError(call: "pam_set_item", status: installed)
        }
        return unsafe handle
    }

    deinit {
        // Wipes PAM_AUTHTOK and lets the modules clean up.
        _ = unsafe pam_end(handle, lastStatus)
    }

    // MARK: Items

    /// PAM_RHOST: the address of the person's machine, as text.
    package borrowing func setRemoteHost(_ text: String) throws(PAMError) { try set(PAM_RHOST, text) }

    /// PAM_TTY: modules such as pam_access refuse to work without one.
    package borrowing func setTerminal(_ text: String) throws(PAMError) { try set(PAM_TTY, text) }

    /// PAM_USER as the modules left it; nil when it is missing or no UTF-8.
    package borrowing func user() -> String? {
        var item: UnsafeRawPointer?
        guard unsafe pam_get_item(handle, PAM_USER, &item) == PAM_SUCCESS, let item = unsafe item else {
            return nil
        }
        return unsafe String(validatingCString: item.assumingMemoryBound(to: CChar.self))
    }

    /// A variable that modules put into the environment of this transaction; nil when there is none.
    ///
    /// What is no UTF-8 is repaired, so that it stays different from every word that is.
    package borrowing func variable(_ name: String) -> String? {
        guard let value = unsafe pam_getenv(handle, name) else { return nil }
        return unsafe String(cString: value)
    }

    private borrowing func set(_ item: Int32, _ text: String) throws(PAMError) {
        let code = unsafe text.withCString { unsafe pam_set_item(handle, item, $0) }
        guard code == PAM_SUCCESS else { throw PAMError(call: "pam_set_item", status: code) }
    }

    // MARK: Steps, in the order of calling

    /// Asks for and checks secrets; an empty password never counts.
    package mutating func authenticate() -> PAMStatus {
        note(unsafe pam_authenticate(handle, Int32(PAM_DISALLOW_NULL_AUTHTOK)))
    }

    /// May the account be used now? `newPasswordRequired` asks for ``changeExpiredPassword()``.
    package mutating func checkAccount() -> PAMStatus {
        note(unsafe pam_acct_mgmt(handle, Int32(PAM_DISALLOW_NULL_AUTHTOK)))
    }

    /// Asks for a new password in place of an expired one.
    ///
    /// Only on the handle that authenticated: modules need the old password, and refuse what looks like a
    /// reset by root.
    package mutating func changeExpiredPassword() -> PAMStatus {
        note(unsafe pam_chauthtok(handle, Int32(PAM_CHANGE_EXPIRED_AUTHTOK)))
    }

    /// Lets modules keep what the sign-in brought, such as a Kerberos ticket or a reset failure counter.
    package mutating func establishCredentials() -> PAMStatus {
        note(unsafe pam_setcred(handle, Int32(PAM_ESTABLISH_CRED)))
    }

    private mutating func note(_ status: Int32) -> PAMStatus {
        lastStatus = status
        return PAMStatus(status)
    }
}
