// SPDX-License-Identifier: EUPL-1.2
// Torhaus: refusals that found no room in the spool, as numbers.

/// Counts them, and says when a part of the count should go to the disk.
///
/// That is at 1, 2, 4, 8 and so on: a flood of refusals costs the disk next to nothing, and after a crash at least half
/// of them are on record.
struct UnkeptRefusals {
    /// Told since the spool was empty.
    private var told = 0
    /// Counted and not told.
    private var untold = 0

    /// One more; what should be told now, if anything.
    mutating func add() -> Int? {
        untold += 1
        guard told <= untold else { return nil }
        return rest()
    }

    /// What is not told yet; the caller tells it, or puts it back.
    mutating func rest() -> Int? {
        guard 0 < untold else { return nil }
        told += untold
        defer { untold = 0 }
        return untold
    }

    /// It could not be told.
    mutating func putBack(_ count: Int) {
        told -= count
        untold += count
    }

    /// There is room again: the next one counts from the start.
    mutating func isSpoolEmpty() { told = 0 }
}
