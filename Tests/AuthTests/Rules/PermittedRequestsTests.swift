// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every request in every state, and every reply in every state.

import DaemonMessages
import Testing

@testable import Auth

@Suite("The table of permitted requests")
struct PermittedRequestsTests {
    @Test("every request that is not in the table kills the worker and drops the connection")
    func requests() throws {
        for kind in ConversationState.Kind.allCases {
            for request in PermittedRequests.Request.allCases {
                var script = try Script(reaching: kind)
                let actions = script.send(request)
                let isViolation = actions == [.killWorker, .drop]
                let isPermitted = PermittedRequests.requests(in: kind).contains(request)
                #expect(isViolation != isPermitted, "\(request) in \(kind): \(actions)")
                if isViolation { #expect(script.conversation.state == .over) }
            }
        }
    }

    @Test("every reply that is not in the table kills the worker")
    func replies() throws {
        for kind in ConversationState.Kind.allCases {
            for reply in PermittedRequests.Reply.allCases {
                var script = try Script(reaching: kind)
                let actions = script.say(reply)
                let isPermitted = PermittedRequests.replies(in: kind).contains(reply)
                #expect(actions.contains(.killWorker) != isPermitted, "\(reply) in \(kind): \(actions)")
            }
        }
    }

    @Test("permits what a sign-in needs and nothing twice")
    func table() {
        #expect(PermittedRequests.requests(in: .fresh) == [.begin, .lookUpGroups, .abandon])
        #expect(PermittedRequests.requests(in: .asking) == [.answer, .abandon])
        for kind in [ConversationState.Kind.working, .lookingUp, .holding] {
            #expect(PermittedRequests.requests(in: kind) == [.abandon])
        }
        #expect(PermittedRequests.requests(in: .over).isEmpty)
    }
}

/// Drives a conversation into a state by what is permitted, and then does anything.
struct Script {
    var conversation: Conversation
    var delays = TryDelays()
    var now = Duration.seconds(100)

    static let rules = Conversation.Rules(deadline: .seconds(120), floor: FailureFloor(floor: .seconds(1)))
    static let question = SignInPrompt(style: .hidden, meaning: .password, text: "Password:")
    static let identity = SignInIdentity(user: "anna", displayName: "", groups: [])

    init(user: String = "anna", jitter: Duration = .milliseconds(100)) {
        conversation = Conversation(rules: Self.rules, jitter: jitter, now: now)
    }

    init(reaching kind: ConversationState.Kind) throws {
        self.init()
        switch kind {
        case .fresh: break
        case .working: send(.begin)
        case .lookingUp: send(.lookUpGroups)
        case .asking:
            send(.begin)
            say(.prompts)
            tick()
        case .holding:
            send(.begin)
            say(.failed)
        case .over:
            send(.begin)
            say(.succeeded)
            tick()
        }
        try #require(conversation.state.kind == kind)
    }

    @discardableResult
    mutating func send(_ kind: PermittedRequests.Request) -> [Conversation.Action] {
        switch kind {
        case .begin: begin()
        case .answer: send(.answer([[0x78]]))
        case .abandon: send(SignInRequest.abandon)
        case .lookUpGroups: send(SignInRequest.lookUpGroups(user: "anna"))
        }
    }

    mutating func begin(user: String = "anna", host: String = "192.0.2.1") -> [Conversation.Action] {
        guard let correlation = CorrelationID(bytes: [UInt8](repeating: 7, count: 16)) else { return [] }
        return send(.begin(SignInBegin(user: user, remoteHost: host, correlation: correlation)))
    }

    @discardableResult
    mutating func send(_ request: SignInRequest) -> [Conversation.Action] {
        conversation.receive(request, now: now, delays: &delays)
    }

    @discardableResult
    mutating func say(_ kind: PermittedRequests.Reply) -> [Conversation.Action] {
        switch kind {
        case .prompts: say(.prompts([Self.question]))
        case .passwordChanged: say(.passwordChanged(Self.identity))
        case .succeeded:
            say(
                .succeeded(
                    SignInSuccess(identity: Self.identity, passwordChanged: false, secondFactor: .none)
                )
            )
        case .failed: say(.failed(SignInFailure(code: .denied, retryAfterSeconds: 0)))
        case .groups: say(.groups(Self.identity))
        }
    }

    @discardableResult
    mutating func say(_ reply: SignInReply) -> [Conversation.Action] {
        conversation.workerSaid(reply, now: now, delays: &delays)
    }

    @discardableResult
    mutating func tick(after wait: Duration = .zero) -> [Conversation.Action] {
        now += wait
        return conversation.tick(now: now, delays: &delays)
    }
}
