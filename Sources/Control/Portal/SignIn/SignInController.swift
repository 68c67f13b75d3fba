// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sign-in, page by page.

import AuthClient
import DaemonMessages
import HTTPTypes
import Hummingbird
import Sessions

/// `/sign-in`, `/sign-in/answers`, `/sign-in/abandon`.
struct SignInController: Sendable {
    let sessions: WebSessions
    let service: any SignInService
    let pending: PendingSignIns
    let notices: WaitingNotices
    let pages: PageRenderer

    func addRoutes(to router: Router<PortalRequestContext>) {
        router.get("sign-in", use: show)
        router.post("sign-in", use: begin)
        router.post("sign-in/answers", use: answer)
        router.post("sign-in/abandon", use: abandon)
    }

    // MARK: User name

    /// The first page.
    ///
    /// Coming back to it ends a sign-in that was under way.
    @Sendable func show(_ request: Request, context: PortalRequestContext) async throws -> Response {
        if try await sessions.recognise(request) != nil { return .redirected(to: "/desktops") }
        let catalogue = pages.catalogue(context.language)
        var page = SignInPage()
        switch request.uri.query {
        case "notice=signed-out": page.notice = catalogue.text(.noticeSignedOut)
        case "notice=expired": page.notice = catalogue.text(.noticeExpired)
        default: break
        }
        let entry = try request.cookie(.entry) ?? RandomText.make()
        await pending.abandon(entry: RandomText.hash(entry))
        return try signInPage(page, status: .ok, entry: entry, request, context)
    }

    /// The user name is there: the conversation begins.
    @Sendable func begin(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let form = try await request.form()
        let user = (form.text("username") ?? "").trimmed
        guard let entry = entry(of: request, form: form) else {
            return try await again(.failureFormExpired, user: user, status: .forbidden, request, context)
        }
        guard !user.isEmpty else {
            return try await again(.failureUserNameMissing, user: "", status: .badRequest, request, context)
        }
        guard user.utf8.count <= PortalLimits.userNameBytes else {
            return try await again(.failureUserNameTooLong, user: "", status: .badRequest, request, context)
        }
        let client = try context.knownClient()
        await pending.abandon(entry: RandomText.hash(entry))
        guard await pending.reserve(client.address) else {
            return try await again(.failureCrowded, user: user, status: .serviceUnavailable, request, context)
        }
        let (conversation, reply) = await service.beginOrUnavailable(
            SignInBegin(user: user, remoteHost: client.address.text, correlation: client.correlation)
        )
        let deadline = sessions.now() + UInt64(clamping: pages.settings().signInDeadlineSeconds) * 1000
        let turn = Turn(user: user, conversation: conversation, client: client, deadline: deadline, round: 0)
        return try await proceed(reply, turn, request, context)
    }

    // MARK: Answers

    /// Answers to the prompts of the page before.
    @Sendable func answer(_ request: Request, context: PortalRequestContext) async throws -> Response {
        var form = try await request.form()
        defer { form.erase() }
        guard let entry = entry(of: request, form: form) else {
            return try await again(.failureFormExpired, user: "", status: .forbidden, request, context)
        }
        let client = try context.knownClient()
        let round = form.text("round").flatMap { Int($0) }
        guard case .found(let pending) = await pending.take(entry: RandomText.hash(entry), round: round)
        else {
            return try await again(.failureTimedOut, user: "", status: .forbidden, request, context)
        }
        guard var answers = Self.answers(in: form, to: pending.prompts) else {
            await pending.conversation.abandon()
            throw PortalError.badRequest
        }
        await self.pending.hold(client.address)
        let reply = await pending.conversation.answerOrUnavailable(answers)
        for index in answers.indices {
            answers[index].withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        }
        let turn = Turn(
            user: pending.user,
            conversation: pending.conversation,
            client: client,
            deadline: pending.deadline,
            round: pending.round + 1
        )
        return try await proceed(reply, turn, request, context)
    }

    /// A browser left the page; sent by its script while it goes.
    @Sendable func abandon(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let form = try await request.form()
        if let entry = entry(of: request, form: form) {
            await pending.abandon(entry: RandomText.hash(entry))
        }
        return Response(status: .noContent)
    }

    private static func answers(in form: FormBody, to prompts: [SignInPrompt]) -> [[UInt8]]? {
        let wanted = prompts.count(where: \.isQuestion)
        let answers = (0..<wanted).compactMap { form.bytes("answer-\($0)") }
        // A NUL would end the answer early inside PAM.
        let fit = answers.allSatisfy { $0.count <= PortalLimits.answerBytes && !$0.contains(0) }
        return answers.count == wanted && fit ? answers : nil
    }

    // MARK: What comes next

    /// A conversation that has just said something.
    private struct Turn {
        let user: String
        /// Nil when the service could not be reached.
        let conversation: (any SignInConversation)?
        let client: ClientContext
        let deadline: UInt64
        let round: Int
    }

    /// Shows the prompts, lets the person in, or says why not.
    ///
    /// Gives the reserved place back in each case.
    private func proceed(
        _ reply: SignInReply,
        _ turn: Turn,
        _ request: Request,
        _ context: PortalRequestContext
    ) async throws -> Response {
        await pending.release(turn.client.address)
        if let identity = await turn.conversation?.changedPassword() {
            await sessions.access.passwordChanged(person(identity), client: turn.client)
        }
        switch reply {
        case .prompts(let prompts):
            guard let conversation = turn.conversation else { throw PortalError.internalFault }
            // A fresh cookie for each page: the old one, if somebody else knew it, leads nowhere.
            let entry = try RandomText.make()
            let kept = PendingSignIns.Pending(
                user: turn.user,
                conversation: conversation,
                prompts: prompts,
                address: turn.client.address,
                deadline: turn.deadline,
                round: turn.round
            )
            await pending.keep(kept, entry: RandomText.hash(entry))
            return try answersPage(prompts, turn, entry: entry, context)
        case .succeeded(let success):
            return try await letIn(success, turn, request, context)
        case .failed(let failure):
            return try await refuse(failure, turn, request, context)
        case .groups, .passwordChanged:
            // Neither answers a sign-in.
            await turn.conversation?.abandon()
            throw PortalError.internalFault
        }
    }

    private func letIn(
        _ success: SignInSuccess,
        _ turn: Turn,
        _ request: Request,
        _ context: PortalRequestContext
    ) async throws -> Response {
        let person = person(success.identity, secondFactor: success.secondFactor)
        if let older = try await sessions.recognise(request, touching: false) {
            try await sessions.end(older.session, client: turn.client)
        }
        do {
            let begun = try await sessions.begin(person, client: turn.client)
            notices.keep(await turn.conversation?.messages() ?? [], for: begun.session.id)
            var response = Response.redirected(
                to: success.passwordChanged ? "/desktops?notice=password-changed" : "/desktops"
            )
            response.set(.session, to: begun.cookie)
            response.remove(.entry)
            return response
        } catch let refusal as AccessRefusal {
            let page = SignInPage(
                username: turn.user,
                error: FailureNote(
                    sentence: refusal.text.text(context.language),
                    reference: refusal.reference
                )
            )
            let status: HTTPResponse.Status = refusal.code == .unavailable ? .serviceUnavailable : .forbidden
            return try signInPage(page, status: status, entry: RandomText.make(), request, context)
        }
    }

    private func person(_ identity: SignInIdentity, secondFactor: SignInFactor = .none) -> SignedInPerson {
        SignedInPerson(
            user: identity.user,
            displayName: identity.displayName.isEmpty ? identity.user : identity.displayName,
            groups: identity.groups,
            secondFactor: secondFactor,
            signedInAt: sessions.now()
        )
    }

    private func refuse(
        _ failure: SignInFailure,
        _ turn: Turn,
        _ request: Request,
        _ context: PortalRequestContext
    ) async throws -> Response {
        let reference = await sessions.access.signInFailed(failure, user: turn.user, client: turn.client)
        let note = FailureWording.note(
            failure,
            reference: reference,
            catalogue: pages.catalogue(context.language)
        )
        let page = SignInPage(username: turn.user, error: note)
        let status = FailureWording.status(failure.code)
        var response = try signInPage(page, status: status, entry: RandomText.make(), request, context)
        if let wait = note.waitSeconds { response.headers[.retryAfter] = String(wait) }
        return response
    }

    // MARK: Pages

    /// The entry cookie, if the form belongs to it and comes from our page.
    private func entry(of request: Request, form: FormBody) -> String? {
        guard let entry = request.cookie(.entry),
            request.comesFromOurPages(origins: pages.settings().origins),
            RandomText.equal(form.text("csrf"), RandomText.formField(forEntry: entry))
        else { return nil }
        return entry
    }

    /// The first page again, with a sentence that needs no record.
    private func again(
        _ phrase: Phrase,
        user: String,
        status: HTTPResponse.Status,
        _ request: Request,
        _ context: PortalRequestContext
    ) async throws -> Response {
        let note = FailureNote(sentence: pages.catalogue(context.language).text(phrase), reference: nil)
        let page = SignInPage(username: user, error: note)
        return try signInPage(page, status: status, entry: RandomText.make(), request, context)
    }

    private func signInPage(
        _ page: SignInPage,
        status: HTTPResponse.Status,
        entry: String,
        _ request: Request,
        _ context: PortalRequestContext
    ) throws -> Response {
        let frame = PageFrame(
            title: .titleSignIn,
            csrf: RandomText.formField(forEntry: entry),
            script: "sign-in"
        )
        var response = try pages.page("sign-in", page, frame: frame, status: status, context: context)
        response.set(.entry, to: entry)
        return response
    }

    private func answersPage(
        _ prompts: [SignInPrompt],
        _ turn: Turn,
        entry: String,
        _ context: PortalRequestContext
    ) throws -> Response {
        let wording = PromptWording(catalogue: pages.catalogue(context.language))
        let page = AnswersPage(
            username: turn.user,
            round: turn.round,
            messages: wording.messages(prompts),
            questions: wording.questions(prompts),
            minutes: max(1, pages.settings().signInDeadlineSeconds / 60)
        )
        let frame = PageFrame(
            title: .titleAnswers,
            csrf: RandomText.formField(forEntry: entry),
            script: "sign-in"
        )
        var response = try pages.page("answers", page, frame: frame, context: context)
        response.set(.entry, to: entry)
        return response
    }
}

extension String {
    /// Without blanks around it: they come from pasting.
    fileprivate var trimmed: String {
        var text = Substring(self).drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
