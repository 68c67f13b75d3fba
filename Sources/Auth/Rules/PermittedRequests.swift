// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the whole of what may be asked, and when. Everything that is not in these tables ends the conversation.

internal import DaemonMessages

/// Where a conversation stands, seen from the client.
enum ConversationState: Hashable, Sendable {
    /// Connected, nothing asked yet.
    case fresh
    /// A worker runs PAM; the client waits.
    case working
    /// A worker asks the name service; the client waits.
    case lookingUp
    /// A reply is ready and held back until its time has come.
    case holding
    /// The client is asked this many questions.
    case asking(questions: Int)
    /// The last reply is sent.
    case over

    /// The row of the tables.
    enum Kind: Hashable, Sendable, CaseIterable {
        case fresh
        case working
        case lookingUp
        case holding
        case asking
        case over
    }

    var kind: Kind {
        switch self {
        case .fresh: .fresh
        case .working: .working
        case .lookingUp: .lookingUp
        case .holding: .holding
        case .asking: .asking
        case .over: .over
        }
    }
}

/// What a client may send and a worker may answer.
enum PermittedRequests {
    enum Request: Hashable, Sendable, CaseIterable {
        case begin
        case answer
        case abandon
        case lookUpGroups
    }

    enum Reply: Hashable, Sendable, CaseIterable {
        case prompts
        case passwordChanged
        case succeeded
        case failed
        case groups
    }

    /// From the client.
    static func requests(in state: ConversationState.Kind) -> Set<Request> {
        switch state {
        case .fresh: [.begin, .lookUpGroups, .abandon]
        case .working: [.abandon]
        case .lookingUp: [.abandon]
        case .holding: [.abandon]
        case .asking: [.answer, .abandon]
        case .over: []
        }
    }

    /// From the worker.
    static func replies(in state: ConversationState.Kind) -> Set<Reply> {
        switch state {
        case .fresh: []
        case .working: [.prompts, .passwordChanged, .succeeded, .failed]
        case .lookingUp: [.groups, .failed]
        case .holding: []
        case .asking: []
        case .over: []
        }
    }

    /// Outcomes that a worker may report; the others are the master's own.
    static let workerFailures: Set<SignInFailure.Code> = [
        .denied, .accountUnusable, .passwordNotChanged, .unavailable,
    ]
}

extension SignInRequest {
    var kind: PermittedRequests.Request {
        switch self {
        case .begin: .begin
        case .answer: .answer
        case .abandon: .abandon
        case .lookUpGroups: .lookUpGroups
        }
    }
}

extension SignInReply {
    var kind: PermittedRequests.Reply {
        switch self {
        case .prompts: .prompts
        case .passwordChanged: .passwordChanged
        case .succeeded: .succeeded
        case .failed: .failed
        case .groups: .groups
        }
    }
}
