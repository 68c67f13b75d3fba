// SPDX-License-Identifier: EUPL-1.2
// Torhaus: signed-in browsers: begin, recognise, end.

import DaemonMessages
import Hummingbird
import Logging
import Sessions

/// The rules for web sessions; the store only keeps them.
struct WebSessions: Sendable {
    let access: any DesktopAccess
    let store: any WebSessionStore
    let settings: @Sendable () -> PortalSettings
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64
    let logger: Logger

    /// A session as one request sees it.
    struct Recognised: Sendable {
        let session: WebSession
        /// Seconds left without use, or until the longest time, whichever is sooner.
        let secondsLeft: Int
        /// True when the longest time is the sooner one: it cannot be extended.
        let endsFinally: Bool
    }

    // MARK: Beginning

    /// Records the sign-in, then stores a session under a cookie that nobody has seen before.
    func begin(
        _ person: SignedInPerson,
        client: ClientContext
    ) async throws -> (cookie: String, session: WebSession) {
        let cookie = try RandomText.make()
        let id = WebSessionID(value: try RandomText.make())
        let time = now()
        let session = WebSession(
            id: id,
            cookieHash: RandomText.hash(cookie),
            csrfToken: try RandomText.make(),
            person: person,
            begunAt: time,
            lastUsedAt: time
        )
        try await access.signedIn(person, web: id, client: client)
        do {
            try await store.save(session)
        } catch {
            await access.signedOut(person, web: id, client: client)
            throw error
        }
        return (cookie, session)
    }

    // MARK: Recognising

    /// The request's session, if it still lives.
    ///
    /// Each page counts as use; `touching: false` only looks.
    func recognise(_ request: Request, touching: Bool = true) async throws -> Recognised? {
        guard let cookie = request.cookie(.session),
            let session = try await store.find(cookieHash: RandomText.hash(cookie))
        else { return nil }
        let time = now()
        guard let left = timeLeft(session, at: time, touching: touching) else { return nil }
        if touching, PortalLimits.touchInterval <= time &- min(session.lastUsedAt, time) {
            try await store.touch(session.id, at: time)
        }
        return left
    }

    /// The session of a submitted form; throws unless the form carries the session's own field and comes from
    /// us.
    func recognise(_ request: Request, form: FormBody) async throws -> Recognised? {
        guard let found = try await recognise(request) else { return nil }
        guard request.comesFromOurPages(origins: settings().origins),
            RandomText.equal(form.text("csrf"), found.session.csrfToken)
        else { throw PortalError.forbidden }
        return found
    }

    private func timeLeft(_ session: WebSession, at time: UInt64, touching: Bool) -> Recognised? {
        let settings = settings()
        let idleEnd = session.lastUsedAt.addingSeconds(settings.webIdleSeconds)
        let finalEnd = session.begunAt.addingSeconds(settings.webLongestSeconds)
        guard time < idleEnd, time < finalEnd else { return nil }
        let usedEnd = touching ? time.addingSeconds(settings.webIdleSeconds) : idleEnd
        let end = min(usedEnd, finalEnd)
        return Recognised(
            session: session,
            // Rounded up: a browser that waits this long finds the session ended, not nearly.
            secondsLeft: Int((end - time - 1) / 1000) + 1,
            endsFinally: finalEnd <= usedEnd
        )
    }

    // MARK: Ending

    /// Sign-out: what the session could still do ends with it.
    func end(_ session: WebSession, client: ClientContext?) async throws {
        try await store.remove(session.id)
        await access.signedOut(session.person, web: session.id, client: client)
    }

    /// Ends what was not used for too long, or lasted too long.
    func sweep() async {
        let settings = settings()
        let time = now()
        do {
            let ended = try await store.removeExpired(
                lastUsedBefore: time.removingSeconds(settings.webIdleSeconds),
                begunBefore: time.removingSeconds(settings.webLongestSeconds)
            )
            for session in ended {
                await access.signedOut(session.person, web: session.id, client: nil)
            }
        } catch {
            logger.error("ended web sessions could not be removed", metadata: ["error": "\(error)"])
        }
    }
}

extension UInt64 {
    fileprivate func addingSeconds(_ seconds: Int) -> UInt64 {
        let (span, tooLong) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1000)
        let (sum, over) = addingReportingOverflow(span)
        return tooLong || over ? .max : sum
    }

    fileprivate func removingSeconds(_ seconds: Int) -> UInt64 {
        let (span, tooLong) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1000)
        return !tooLong && span < self ? self - span : 0
    }
}
