// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of the portal, in one place.

import NIOCore

/// What the portal accepts and how long it waits.
enum PortalLimits {
    /// A sign-in form with a few secrets fits many times.
    static let formBytes = 16 * 1024
    /// PAM asks for a handful of answers at once.
    static let formFields = 32
    /// PAM_MAX_RESP_SIZE of libpam: longer answers are cut off there, so they are refused here.
    static let answerBytes = 511
    /// LOGIN_NAME_MAX of Linux is 256 with the NUL.
    static let userNameBytes = 255
    /// Longest path and query that means anything here.
    static let targetBytes = 1024
    /// A request's head fields together; browsers send about 2 kB.
    static let headBytes = 16 * 1024
    static let headFields = 100
    /// `User-Agent` bytes that go on to the records.
    static let userAgentBytes = 256

    /// A form is sent at once; whoever needs longer is not a browser.
    static let formDeadline = Duration.seconds(10)
    /// The gate sends the PROXY header before anything else.
    static let proxyHeaderDeadline = TimeAmount.seconds(5)
    /// A connection without a request.
    static let connectionIdle = TimeAmount.seconds(60)
    /// Connections at once; a browser holds up to six for a moment.
    static let connections = 4096
    /// Answering any request; a little more than the sign-in service may take for a step with slow modules.
    static let requestDeadline = Duration.seconds(160)

    /// Sign-ins begun and not ended, in the whole county.
    static let pendingSignIns = 1024
    /// ...and from one address: a branch office behind one address on Monday morning.
    static let pendingSignInsPerAddress = 256

    /// Messages that wait for the page after a sign-in.
    static let waitingNotices = 2048

    /// A session that is used is written down at most this often.
    static let touchInterval: UInt64 = 10_000
    /// How often ended sessions are looked for.
    static let sweepInterval = Duration.seconds(15)
    /// How long before its end a session warns (WCAG 2.2.1 asks for at least 20 s).
    static let warnSeconds = 120

    /// A noVNC file; the largest today has 105 kB.
    static let scriptFileBytes = 1024 * 1024
}
