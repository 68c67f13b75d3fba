// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sign-ins that wait for a person's next answer.

import AuthClient
import DaemonMessages

/// A bounded table: one conversation for each entry cookie, each with a deadline.
actor PendingSignIns {
    /// A conversation between two pages.
    struct Pending: Sendable {
        let user: String
        let conversation: any SignInConversation
        let prompts: [SignInPrompt]
        let address: ClientAddress
        /// Milliseconds since 1970, set at the beginning and not moved by answers.
        let deadline: UInt64
        /// Which round the page shows: an answer to an older page is not taken for this one.
        let round: Int
    }

    enum Taken: Sendable {
        case found(Pending)
        /// None, or its time is over.
        case none
        /// The page is older than the conversation; the conversation was ended.
        case outdated
    }

    private var table: [[UInt8]: Pending] = [:]
    /// Places held by conversations that are at the service right now.
    private var busy: [ClientAddress.Bytes: Int] = [:]
    private let now: @Sendable () -> UInt64

    init(now: @escaping @Sendable () -> UInt64) {
        self.now = now
    }

    /// How many wait.
    var count: Int { table.count }

    // MARK: Places

    /// Reserves a place for a conversation from this address; false when there is none.
    func reserve(_ address: ClientAddress) -> Bool {
        let held = busy.values.reduce(0, +)
        let here = table.values.count { $0.address.bytes == address.bytes } + (busy[address.bytes] ?? 0)
        guard table.count + held < PortalLimits.pendingSignIns, here < PortalLimits.pendingSignInsPerAddress
        else {
            return false
        }
        hold(address)
        return true
    }

    /// Keeps the place of a conversation that was taken out to be answered.
    func hold(_ address: ClientAddress) {
        busy[address.bytes, default: 0] += 1
    }

    /// Gives a place back.
    func release(_ address: ClientAddress) {
        guard let held = busy[address.bytes] else { return }
        busy[address.bytes] = 1 < held ? held - 1 : nil
    }

    // MARK: Waiting

    /// Keeps a conversation until its answers come; one that already waits under this cookie is ended.
    func keep(_ pending: Pending, entry: [UInt8]) async {
        let older = table.updateValue(pending, forKey: entry)
        await older?.conversation.abandon()
    }

    /// Takes the conversation out: only one request can answer it.
    func take(entry: [UInt8], round: Int?) async -> Taken {
        guard let pending = table.removeValue(forKey: entry) else { return .none }
        if pending.round != round {
            await pending.conversation.abandon()
            return .outdated
        }
        guard now() < pending.deadline else {
            await pending.conversation.abandon()
            return .none
        }
        return .found(pending)
    }

    /// Ends the conversation of a browser that went elsewhere.
    func abandon(entry: [UInt8]) async {
        await table.removeValue(forKey: entry)?.conversation.abandon()
    }

    /// Ends what is over its deadline.
    func sweep() async {
        let time = now()
        for (entry, pending) in table where pending.deadline <= time {
            table[entry] = nil
            await pending.conversation.abandon()
        }
    }
}

extension ClientAddress {
    /// The address without the port.
    typealias Bytes = [UInt8]
}
