// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the one writer of one log.

internal import LinuxKit
package import MerkleLog
internal import Synchronization

/// An open log.
///
/// A record is *durable* when `append` returns and *published* when a signed checkpoint covers it. `append`,
/// `publish` and `settle` may run at the same time, and hardly wait for each other.
package final class AuditLog: Sendable {
    /// Where the files are.
    package let place: LogPlace
    /// The public key.
    package let key: VerifierKey
    let signer: NoteSigner
    let store: TileStore
    let segmentBytes: Int

    let journal: Mutex<Journal>
    /// Durable and not published yet.
    let pending: Mutex<Pending>
    let published: Mutex<Published>
    /// The two sizes once more, for those who ask: the locks above are held while the disk writes.
    private let durableCount: Atomic<UInt64>
    let publishedCount: Atomic<UInt64>
    /// Held by the settling thread; also keeps pruning and settling apart.
    let upkeep = Mutex(Upkeep())

    /// Records in the order of their indexes.
    struct Pending {
        /// Those that are being published, or were when it failed.
        var taken: [[UInt8]] = []
        /// Those that came since.
        var entries: [[UInt8]] = []
        /// Of both.
        var bytes = 0

        var count: Int { taken.count + entries.count }

        /// All there are, for publishing; appending goes on in an array of its own and copies none of them.
        mutating func take() -> [[UInt8]] {
            taken += entries
            entries = []
            return taken
        }

        /// What was taken is published.
        mutating func drop() {
            bytes -= taken.reduce(0) { $0 + $1.count }
            taken = []
        }
    }

    /// What the last checkpoint covers.
    struct Published: ~Copyable {
        var anchor: AnchorFile
        var frontier: TileFrontier
        /// The entries of the partial bundle.
        var tail: [[UInt8]]
    }

    struct Upkeep {
        /// Bundles below this one have no partial forms any more.
        var cleanedBundles: UInt64 = 0
        /// Segments that began below it hold bytes of records that were pruned: they are not used again.
        var reusableBase: UInt64 = 0
    }

    init(
        place: LogPlace,
        signer: NoteSigner,
        segmentBytes: Int,
        journal: Journal,
        pending: Pending,
        published: consuming Published
    ) {
        self.place = place
        self.signer = signer
        key = signer.key
        store = TileStore(directory: place.directory)
        self.segmentBytes = segmentBytes
        self.journal = Mutex(journal)
        self.pending = Mutex(pending)
        durableCount = Atomic(journal.nextIndex)
        publishedCount = Atomic(published.frontier.size)
        self.published = Mutex(published)
    }

    // MARK: Sizes

    /// Records that are on the disk; does not wait for it.
    package var durableSize: UInt64 { durableCount.load(ordering: .acquiring) }

    /// Records that the last checkpoint covers; does not wait for the disk.
    package var publishedSize: UInt64 { publishedCount.load(ordering: .acquiring) }

    /// Records that are durable and not published.
    package var unpublished: Int { pending.withLock { $0.count } }

    // MARK: Appending

    /// Returns the index of the first entry when all are on the disk; the others follow it without a gap.
    ///
    /// Limits: `AuditLogLimits.batchEntries` entries of 65,535 bytes, 4 MiB together. After a failure none of
    /// them is in the log, but for a power failure that comes before the next append.
    package func append(_ entries: [[UInt8]]) throws(AuditLogError) -> UInt64 {
        let bytes = entries.reduce(0) { $0 + $1.count }
        let hasRoom = pending.withLock {
            $0.count + entries.count <= AuditLogLimits.pendingEntries
                && $0.bytes + bytes <= AuditLogLimits.pendingBytes
        }
        guard hasRoom else {
            throw AuditLogError(.backlog, "too many records wait for a checkpoint")
        }
        return try journal.withLock { (journal) throws(AuditLogError) in
            let first = try journal.append(entries)
            // Inside of the journal's lock, so that two callers cannot change places.
            pending.withLock {
                $0.entries += entries
                $0.bytes += bytes
            }
            durableCount.store(journal.nextIndex, ordering: .releasing)
            return first
        }
    }
}
