// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how often the refusals of one account are recorded.

/// Anybody on the machine may connect, as often as they like: the first refusal is recorded, those that follow shortly
/// after are counted.
package struct RefusalMeter: Sendable {
    /// What is to be done about a refusal.
    package enum Answer: Sendable, Hashable {
        /// Record it, and that there were so many more since the one before.
        case record(further: Int)
        /// The record of this reference stands for it.
        case counted(reference: String)
    }

    /// Milliseconds between two records about one account.
    package static let pause: UInt64 = 60_000
    /// Accounts that are told apart; all others share one entry.
    package static let accounts = 256
    private static let others = UInt32.max

    private struct Entry {
        var recorded: UInt64
        var reference: String
        var further: Int
    }

    private var entries: [UInt32: Entry] = [:]

    package init() {}

    /// A refusal at a time in monotonic milliseconds; its reference, if it is recorded, will be this.
    package mutating func refuse(_ uid: UInt32, at now: UInt64, reference: String) -> Answer {
        forget(before: now)
        let key = entries[uid] != nil || entries.count < Self.accounts ? uid : Self.others
        guard let entry = entries[key] else {
            entries[key] = Entry(recorded: now, reference: reference, further: 0)
            return .record(further: 0)
        }
        guard entry.recorded + Self.pause <= now else {
            entries[key]?.further += 1
            return .counted(reference: entry.reference)
        }
        entries[key] = Entry(recorded: now, reference: reference, further: 0)
        return .record(further: entry.further)
    }

    /// Who was quiet for long, and owes no count, takes no place.
    private mutating func forget(before now: UInt64) {
        guard Self.accounts <= entries.count else { return }
        entries = entries.filter { now < $0.value.recorded + Self.pause || 0 < $0.value.further }
    }
}
