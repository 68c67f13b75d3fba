// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the growing pause between wrong passwords.

/// Counts tries for each pair of user and source.
///
/// A pair, because an attacker elsewhere must not lock out anybody: the person at home has another source.
/// Tries of many users from one source are not slowed down here: behind one address sits a whole branch
/// office.
struct TryDelays: Sendable {
    /// One user tried from one place.
    struct Key: Hashable, Sendable {
        /// Without case: directories do not tell `Anna` from `anna`.
        let user: String
        let source: ClientSource

        init(user: String, source: ClientSource) {
            self.user = user.lowercased()
            self.source = source
        }
    }

    private struct Entry {
        var tries: Int
        var last: Duration
    }

    /// The longest pause; the user is told the seconds, and a minute is still worth waiting for.
    static let longestPause = 60
    /// After each such time without a try half of them are forgotten.
    static let halfLife = Duration.seconds(300)
    /// Pairs remembered; 4,096 wrong users a second for a minute would be needed to push out a counter that has grown.
    static let capacity = 4_096

    private var entries: [Key: Entry] = [:]

    /// Pairs remembered now.
    var count: Int { entries.count }

    /// Seconds until another try is accepted; 0 when at once.
    func wait(_ key: Key, now: Duration) -> UInt32 {
        guard let entry = entries[key] else { return 0 }
        let pause = Self.pause(after: Self.remaining(entry, now))
        let left = entry.last + .seconds(pause) - now
        guard .zero < left else { return 0 }
        let (seconds, attoseconds) = left.components
        return UInt32(clamping: seconds + (0 < attoseconds ? 1 : 0))
    }

    /// Counts a try at the moment its secret arrives, whatever becomes of it: who opens many conversations at once, or
    /// leaves before the answer, gains nothing.
    mutating func noteTry(_ key: Key, now: Duration) {
        var entry = entries[key] ?? Entry(tries: 0, last: now)
        entry.tries = Self.remaining(entry, now) + 1
        entry.last = now
        if entries[key] == nil, Self.capacity <= entries.count { makeRoom(now) }
        entries[key] = entry
    }

    /// The failure is answered now: the pause runs from here.
    mutating func noteFailure(_ key: Key, now: Duration) {
        guard var entry = entries[key] else { return }
        entry.tries = Self.remaining(entry, now)
        entry.last = now
        entries[key] = entry
    }

    /// The person got in from there.
    mutating func noteSuccess(_ key: Key) {
        entries[key] = nil
    }

    /// Seconds between a try and the next: 0, 0, 1, 2, 4, 8 for the first, second, third and so on.
    static func pause(after tries: Int) -> Int {
        guard 2 <= tries else { return 0 }
        return min(longestPause, 1 << min(tries - 2, 16))
    }

    private static func remaining(_ entry: Entry, _ now: Duration) -> Int {
        let halvings = Int(max(0, (now - entry.last) / halfLife))
        return entry.tries >> min(halvings, 32)
    }

    /// Forgets an eighth: what has faded, and then the least tried.
    ///
    /// What has grown stays, so that nobody resets a counter by filling the table with names of their own
    /// making.
    private mutating func makeRoom(_ now: Duration) {
        entries = entries.filter { 0 < Self.remaining($0.value, now) }
        let excess = entries.count - (Self.capacity - Self.capacity / 8)
        guard 0 < excess else { return }
        let least = entries.sorted { ($0.value.tries, $0.value.last) < ($1.value.tries, $1.value.last) }
        for (key, _) in least.prefix(excess) { entries[key] = nil }
    }
}
