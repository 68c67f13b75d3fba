// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a module says, and who answers.

/// One message of a module.
package struct PAMMessage: Hashable, Sendable {
    /// The four styles of `pam_conv(3)`.
    package enum Style: Int32, Hashable, Sendable, CaseIterable {
        case hidden = 1
        case visible = 2
        case error = 3
        case info = 4

        /// True for the two styles that want an answer.
        package var asks: Bool { self == .hidden || self == .visible }
    }

    package let style: Style
    /// The module's bytes, cut at ``PAMLimits/textBytes``; any encoding, any control character.
    package let text: [UInt8]
}

/// Answers messages, on the thread that runs the transaction, while the module waits.
package protocol PAMConversing: AnyObject {
    /// One answer for each message that asks, in order; nil makes the module fail with a conversation error. The answers
    /// must be free of NUL; the bytes are copied for the module and wiped here.
    func answers(to messages: [PAMMessage]) -> [[UInt8]]?

    /// The module broke a limit or used an unknown style: the conversation cannot go on.
    func conversationBroken()
}

/// Bounds on what modules may send.
package enum PAMLimits {
    /// PAM_MAX_NUM_MSG of Linux-PAM.
    package static let messagesPerCall = 32
    /// PAM_MAX_MSG_SIZE of Linux-PAM; modules exceed it, and the rest is cut.
    package static let textBytes = 512
    /// PAM_MAX_RESP_SIZE of Linux-PAM; modules may copy an answer into a buffer of that size.
    package static let answerBytes = 512
}
