// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Auth carries out PAM conversations: a master process that only relays, counts and waits, and workers that run
// one conversation each and end. This file: every bound, with its reason.

internal import DaemonMessages

/// What a conversation may cost.
package enum AuthLimits {
    /// A user name in bytes: NSS and Active Directory stay below; a longer one is no account's.
    static let userBytes = 256
    /// An IPv6 address with a zone is the longest text expected for a client.
    static let remoteHostBytes = 64
    /// PAM_MAX_RESP_SIZE of Linux-PAM.
    static let answerBytes = 512
    /// The largest frame a client has reason to send: 32 answers of 512 bytes each.
    static let clientFrameBytes = 20_000
    /// The largest frame of the protocol (FrameLimits); a worker's answer with many groups comes near.
    static let workerFrameBytes = FrameLimits.frame
    /// Messages of one reply, in either direction what a frame takes; PAM_MAX_NUM_MSG of Linux-PAM is the same.
    static let promptsPerReply = FrameLimits.prompts
    /// Messages of one conversation.
    ///
    /// Password, code, and three tries at a new password need about 20.
    static let promptsPerConversation = 128
    /// Replies before the end of one conversation.
    static let repliesPerConversation = 32
    /// Bytes of a module's text (the wire format's limit).
    static let promptBytes = FrameLimits.prompt

    /// From accept to the first frame.
    static let firstRequest = Duration.seconds(10)
    /// For a worker that should end: from the end of its line to SIGKILL.
    static let workerFarewell = Duration.seconds(5)
    /// For a client that should read its last reply and close.
    static let clientFarewell = Duration.seconds(2)
    /// Connections taken in one turn, so that a crowd at the door does not starve those inside.
    static let acceptsPerTurn = 16
    /// Reads from the line of a worker that has ended; five turns hold the largest frame.
    static let lastWords = 8
    /// Told to a client that found all conversations taken.
    static let retryWhenFull: UInt32 = 5
    /// Bytes taken from one descriptor in one turn.
    static let bytesPerTurn = 16_384
}
