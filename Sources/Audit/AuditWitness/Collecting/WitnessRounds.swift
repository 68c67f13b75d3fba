// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which checkpoint the witnesses are asked to sign, and who had a turn.

internal import AuditLog
internal import MerkleLog

/// The rounds of signing; times are monotonic milliseconds.
struct WitnessRounds {
    /// A checkpoint and the log that can prove its growth.
    struct Item {
        let log: AuditLog
        let note: SignedNote
        let size: UInt64
    }

    private struct Seat {
        let isAsked: Bool
        var hadTurn = false
        var lastSeen: UInt64
        var nextTry: UInt64 = 0
        /// The last request failed; until the next one the others do not wait for it.
        var hasFailed = false
        var isMissing = false
    }

    /// A round ends after this time even when a witness has not had its turn.
    private static let longestRound: UInt64 = 15_000

    var hasQuorum = true
    private var seats: [Seat]
    private var candidate: Item?
    private var collected: [Int: NoteSignature] = [:]
    private var roundSince: UInt64 = 0
    private var newest: Item?

    /// `asked` tells for each witness whether it has an address.
    init(asked: [Bool], now: UInt64) {
        seats = asked.map { Seat(isAsked: $0, lastSeen: now) }
    }

    /// A new checkpoint.
    mutating func offer(_ item: Item, now: UInt64) {
        newest = item
        if candidate == nil { beginRound(now) }
    }

    private mutating func beginRound(_ now: UInt64) {
        candidate = newest
        collected = [:]
        roundSince = now
        for place in seats.indices { seats[place].hadTurn = !seats[place].isAsked }
    }

    /// The checkpoint that this witness should sign now; nil when there is nothing for it.
    ///
    /// Without news it signs again after `refresh`, so that everybody sees it is there.
    mutating func turn(_ place: Int, now: UInt64, refresh: UInt64) -> Item? {
        guard let candidate else { return nil }
        let isOver = seats.allSatisfy(\.hadTurn) || roundSince + Self.longestRound <= now
        let hasNews = newest.map { $0.size != candidate.size || $0.log !== candidate.log } ?? false
        if isOver, hasNews { beginRound(now) }
        guard seats[place].nextTry <= now else {
            if seats[place].hasFailed { seats[place].hadTurn = true }
            return nil
        }
        if seats[place].hadTurn, !seats[place].hasFailed {
            guard seats[place].lastSeen + refresh <= now else { return nil }
        }
        return self.candidate
    }

    /// True when it was missing before; the note with all cosignatures so far, while its round lasts.
    mutating func signed(
        _ place: Int,
        _ item: Item,
        _ signature: NoteSignature,
        now: UInt64
    ) -> (wasMissing: Bool, note: SignedNote?) {
        let wasMissing = seats[place].isMissing
        seats[place].hadTurn = true
        seats[place].lastSeen = now
        seats[place].nextTry = now + WitnessLimits.pace
        seats[place].hasFailed = false
        seats[place].isMissing = false
        guard let candidate, candidate.size == item.size, candidate.log === item.log else {
            return (wasMissing, nil)
        }
        collected[place] = signature
        var note = candidate.note
        note.signatures += collected.sorted { $0.key < $1.key }.map(\.value)
        return (wasMissing, note)
    }

    /// The milliseconds of its silence when the witness has just become missing.
    mutating func failed(_ place: Int, now: UInt64, missingAfter: UInt64) -> UInt64? {
        seats[place].hadTurn = true
        seats[place].hasFailed = true
        seats[place].nextTry = now + min(WitnessLimits.pause, missingAfter)
        let silent = now - min(now, seats[place].lastSeen)
        guard missingAfter <= silent, !seats[place].isMissing else { return nil }
        seats[place].isMissing = true
        return silent
    }

    /// It cosigned lately, or has not been asked for long enough to know.
    func isPresent(_ place: Int) -> Bool { seats[place].isAsked && !seats[place].isMissing }
}
