// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one conversation as the master sees it. Requests, replies and time go in, actions come out; no I/O.

internal import DaemonMessages

/// Decides what is passed on, when, and what ends a conversation.
///
/// Times are durations since the master's start.
struct Conversation: Sendable {
    /// What the settings say.
    struct Rules: Hashable, Sendable {
        var deadline: Duration
        var floor: FailureFloor
    }

    /// What the master is to do, in order.
    enum Action: Equatable, Sendable {
        /// Take a worker and pass this request's frame to it.
        case employWorker
        /// Pass this request's frame to the worker.
        case passOn
        /// Send to the client.
        case reply(SignInReply)
        /// Send what is left, then close.
        case finish
        /// Close now, without a word.
        case drop
        /// End the worker's line; it cleans up and goes.
        case dismissWorker
        /// SIGKILL for the worker and what it started.
        case killWorker
    }

    private struct Held {
        let reply: SignInReply
        let due: Duration
        /// The state once it is sent.
        let then: ConversationState
    }

    private(set) var state = ConversationState.fresh
    /// The last reply, for the log.
    private(set) var outcome: SignInReply?
    /// Set by `begin`.
    private(set) var correlation: CorrelationID?
    private let rules: Rules
    private let jitter: Duration
    private var deadline: Duration
    /// When the request came that the worker is busy with.
    private var began: Duration
    private var key: TryDelays.Key?
    private var tryIsNoted = false
    private var held: [Held] = []
    private var changeIsTold = false
    private var promptCount = 0
    private var replyCount = 0

    /// Starts at accept.
    ///
    /// The jitter is drawn anew for each conversation; only one failure can end it.
    init(rules: Rules, jitter: Duration, now: Duration) {
        self.rules = rules
        self.jitter = jitter
        deadline = now + AuthLimits.firstRequest
        began = now
    }

    /// When ``tick(now:delays:)`` has something to do.
    var nextEvent: Duration? {
        if state == .over { return nil }
        return [held.first?.due, outcome == nil ? deadline : nil].compactMap { $0 }.min()
    }

    // MARK: From the client

    /// A request; anything that the table does not permit now ends the conversation at once.
    mutating func receive(_ request: SignInRequest, now: Duration, delays: inout TryDelays) -> [Action] {
        guard PermittedRequests.requests(in: state.kind).contains(request.kind) else { return violation() }
        switch request {
        case .begin(let begin): return receive(begin, now, delays)
        case .answer(let answers): return receive(answers, now, &delays)
        case .abandon: return clientLeft(now: now, delays: &delays)
        case .lookUpGroups(let user):
            deadline = now + rules.deadline
            began = now
            guard ModuleText.isPossibleUser(user) else { return last(.groups(nil)) }
            state = .lookingUp
            return [.employWorker]
        }
    }

    private mutating func receive(_ begin: SignInBegin, _ now: Duration, _ delays: TryDelays) -> [Action] {
        guard let source = ClientSource(begin.remoteHost) else { return violation() }
        correlation = begin.correlation
        deadline = now + rules.deadline
        began = now
        let key = TryDelays.Key(user: begin.user, source: source)
        self.key = key
        let wait = delays.wait(key, now: now)
        guard wait == 0 else { return tooManyTries(wait) }
        guard ModuleText.isPossibleUser(begin.user) else { return settle(.denied, now) }
        state = .working
        return [.employWorker]
    }

    private mutating func receive(
        _ answers: [[UInt8]],
        _ now: Duration,
        _ delays: inout TryDelays
    ) -> [Action] {
        guard case .asking(let questions) = state, answers.count == questions,
            answers.allSatisfy({ $0.count <= AuthLimits.answerBytes && !$0.contains(0) }), let key
        else { return violation() }
        if !tryIsNoted {
            // Asked again here: many conversations may have begun before the first of them failed.
            let wait = delays.wait(key, now: now)
            guard wait == 0 else { return [.dismissWorker] + tooManyTries(wait) }
            delays.noteTry(key, now: now)
            tryIsNoted = true
        }
        began = now
        state = .working
        return [.passOn]
    }

    /// The client closed its side, or said so.
    mutating func clientLeft(now: Duration, delays: inout TryDelays) -> [Action] {
        if state == .over { return [.drop] }
        // Who does not wait for the failure gains no time by it.
        if let key, case .failed = outcome { delays.noteFailure(key, now: now) }
        state = .over
        return [.dismissWorker, .drop]
    }

    /// A frame that cannot be read, from either side of the line to the client.
    mutating func violation() -> [Action] {
        state = .over
        held = []
        return [.killWorker, .drop]
    }

    /// There is no room for this conversation.
    mutating func refuse() -> [Action] {
        last(.failed(SignInFailure(code: .unavailable, retryAfterSeconds: AuthLimits.retryWhenFull)))
    }

    // MARK: From the worker

    /// A reply; what a worker may not say now makes the sign-in unavailable.
    mutating func workerSaid(_ reply: SignInReply, now: Duration, delays: inout TryDelays) -> [Action] {
        guard PermittedRequests.replies(in: state.kind).contains(reply.kind) else {
            return workerMisbehaved(now)
        }
        switch reply {
        case .prompts(let prompts): return workerAsked(prompts, now)
        case .passwordChanged:
            guard !changeIsTold else { return workerMisbehaved(now) }
            changeIsTold = true
            return hold(reply, due: now, then: .working, now)
        case .failed(let failure):
            guard PermittedRequests.workerFailures.contains(failure.code) else {
                return workerMisbehaved(now)
            }
            return settle(failure.code, now)
        case .succeeded:
            if let key { delays.noteSuccess(key) }
            return hold(reply, due: now, then: .over, now)
        case .groups:
            return hold(reply, due: now, then: .over, now)
        }
    }

    private mutating func workerAsked(_ prompts: [SignInPrompt], _ now: Duration) -> [Action] {
        promptCount += prompts.count
        replyCount += 1
        guard !prompts.isEmpty, prompts.count <= AuthLimits.promptsPerReply,
            promptCount <= AuthLimits.promptsPerConversation, replyCount <= AuthLimits.repliesPerConversation,
            prompts.allSatisfy({ $0.text.utf8.count <= AuthLimits.promptBytes })
        else { return workerMisbehaved(now) }
        let questions = prompts.count { $0.style == .hidden || $0.style == .visible }
        let due = tryIsNoted ? rules.floor.questionDue(began: began, now: now) : now
        let next: ConversationState = 0 < questions ? .asking(questions: questions) : .working
        return hold(.prompts(prompts), due: due, then: next, now)
    }

    /// The worker's process ended; after its last reply that is as it should be.
    mutating func workerEnded(now: Duration) -> [Action] {
        if state == .over || outcome != nil { return [] }
        return settle(.unavailable, now)
    }

    /// No worker could be started, or it broke the rules.
    mutating func workerMisbehaved(_ now: Duration) -> [Action] {
        if state == .over { return [.killWorker] }
        return [.killWorker] + settle(.unavailable, now)
    }

    // MARK: Time

    /// Sends what is due, and ends what took too long.
    mutating func tick(now: Duration, delays: inout TryDelays) -> [Action] {
        var actions: [Action] = []
        if state != .over, outcome == nil, deadline <= now {
            if state == .fresh { return violation() }
            actions += [.killWorker] + settle(.timedOut, now)
            if state == .over { return actions }
        }
        while let first = held.first, first.due <= now {
            held.removeFirst()
            actions.append(.reply(first.reply))
            if case .failed = first.reply, let key, tryIsNoted { delays.noteFailure(key, now: now) }
            // Messages without a question do not change what the client may do.
            if first.then != .working { state = first.then }
        }
        if state == .over, outcome != nil, !actions.isEmpty { actions.append(.finish) }
        return actions
    }

    // MARK: Ends

    private mutating func settle(_ code: SignInFailure.Code, _ now: Duration) -> [Action] {
        if case .asking = state {
            // No secret is being looked at, so there is nothing to hide; and the client's answer, on its way already, must
            // not find a state in which it is a violation.
            return [.dismissWorker] + last(.failed(SignInFailure(code: code, retryAfterSeconds: 0)))
        }
        let due = rules.floor.failureDue(began: began, now: now, jitter: jitter)
        // A question still waiting is not worth asking any more.
        held.removeAll { $0.then != .working }
        return hold(.failed(SignInFailure(code: code, retryAfterSeconds: 0)), due: due, then: .over, now)
    }

    private mutating func tooManyTries(_ seconds: UInt32) -> [Action] {
        last(.failed(SignInFailure(code: .tooManyTries, retryAfterSeconds: seconds)))
    }

    private mutating func last(_ reply: SignInReply) -> [Action] {
        state = .over
        outcome = reply
        return [.reply(reply), .finish]
    }

    private mutating func hold(
        _ reply: SignInReply,
        due: Duration,
        then next: ConversationState,
        _ now: Duration
    ) -> [Action] {
        let due = max(due, held.last?.due ?? due)
        held.append(Held(reply: reply, due: due, then: next))
        if next == .over { outcome = reply }
        if next != .working { state = .holding }
        return next == .over ? [.dismissWorker] : []
    }
}
