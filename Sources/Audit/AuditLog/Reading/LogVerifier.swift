// SPDX-License-Identifier: EUPL-1.2
// Torhaus: verifies a whole log with its directory and its public key, offline.

internal import LinuxKit
package import MerkleLog

/// What a verification found.
package struct LogVerification: Hashable, Sendable {
    /// Something that does not fit, with its file.
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// Below the log's directory.
        package let file: String
        /// One lower-case sentence without a full stop.
        package let message: String

        package var description: String { "\(file): \(message)" }
    }

    /// Records that the checkpoint covers.
    package let size: UInt64
    package let root: TreeHash
    /// Records whose bytes are there and hash to what was signed.
    package let verified: UInt64
    /// Records that were pruned; their hashes are there and count for the root.
    package let pruned: UInt64
    /// Names of witnesses whose cosignature is good, with their time in seconds since 1970.
    package let witnesses: [VerifiedSignature]
    /// Empty when all is well; at most `LogVerifier.findingLimit`.
    package let findings: [Finding]

    /// All is well.
    package var isGood: Bool { findings.isEmpty }
}

/// Reads every tile and every bundle.
package struct LogVerifier {
    /// More findings say no more.
    package static let findingLimit = 100

    private let directory: String
    private let store: TileStore
    private let hasher = LogCrypto.hasher
    private var findings: [LogVerification.Finding] = []

    /// Verifies the copy of a log in `directory`; throws only when nothing can be said, because the checkpoint
    /// cannot be read or is not signed by `key`.
    package static func verify(
        _ directory: String,
        by key: VerifierKey,
        witnesses: [VerifierKey] = []
    ) throws(AuditLogError) -> LogVerification {
        var verifier = LogVerifier(directory: directory)
        let reader = LogReader(directory: directory)
        let note = try reader.note()
        let checkpoint = try reader.checkpoint(by: key)
        let cosigned: [VerifiedSignature]
        do throws(MerkleError) {
            cosigned = try note.signatures(of: witnesses, LogCrypto.notes)
        } catch {
            throw AuditLogError(.invalid, "a witness's signature below the checkpoint is wrong")
        }
        let (verified, pruned) = try verifier.run(checkpoint)
        return LogVerification(
            size: checkpoint.size,
            root: checkpoint.root,
            verified: verified,
            pruned: pruned,
            witnesses: cosigned,
            findings: verifier.findings
        )
    }

    private init(directory: String) {
        self.directory = directory
        store = TileStore(directory: directory)
    }

    private mutating func run(_ checkpoint: Checkpoint) throws(AuditLogError) -> (UInt64, UInt64) {
        let size = checkpoint.size
        let minimum = try MinimumIndex.read(directory)
        var (verified, pruned) = (UInt64(0), UInt64(0))
        var frontier = TileFrontier()
        let width = UInt64(MerkleLimits.tileWidth)
        var index: UInt64 = 0
        do {
            while let bundle = TileCoordinate.at(.entries, index: index, size: size) {
                let leaves: [TreeHash]
                if let entries = try readEntries(bundle) {
                    leaves = entries.map { hasher.leaf($0) }
                    verified += UInt64(entries.count)
                } else {
                    leaves = try readHashes(TileCoordinate.hashes(0, of: bundle)) ?? []
                    if (index + 1) * width <= minimum {
                        pruned += UInt64(leaves.count)
                    } else {
                        report(bundle.path, "the bundle is missing")
                    }
                }
                guard leaves.count == bundle.width else {
                    report(bundle.path, "nothing behind this file can be verified")
                    return (verified, pruned)
                }
                for leaf in leaves {
                    for full in try frontier.append(leaf, hasher) { try compare(full) }
                }
                index += 1
            }
        } catch let error as AuditLogError {
            throw error
        } catch {
            throw AuditLogError(.invalid, "the log is longer than a log can be")
        }
        for partial in frontier.partialTiles { try compare(partial) }
        if frontier.root(hasher) != checkpoint.root {
            report(LogPlace.checkpointName, "the records do not give the root that was signed")
        }
        return (verified, pruned)
    }

    /// Nil when the file is not there or damaged; the latter is reported.
    private mutating func readEntries(_ bundle: TileCoordinate) throws(AuditLogError) -> [[UInt8]]? {
        do throws(AuditLogError) {
            return try store.entries(bundle)
        } catch {
            guard error.code == .invalid else { throw error }
            report(bundle.path, "the bundle is damaged")
            return nil
        }
    }

    private mutating func readHashes(_ tile: TileCoordinate) throws(AuditLogError) -> [TreeHash]? {
        do throws(AuditLogError) {
            return try store.hashes(tile)
        } catch {
            guard error.code == .invalid else { throw error }
            report(tile.path, "the tile is missing or damaged")
            return nil
        }
    }

    private mutating func compare(_ expected: TileFrontier.FullTile) throws(AuditLogError) {
        guard let hashes = try readHashes(expected.coordinate), hashes != expected.hashes else { return }
        report(expected.coordinate.path, "the tile has other hashes than the records")
    }

    private mutating func report(_ file: String, _ message: String) {
        guard findings.count < Self.findingLimit else { return }
        findings.append(LogVerification.Finding(file: file, message: message))
    }
}

extension TileCoordinate {
    /// The tile of leaf hashes that belongs to a bundle.
    fileprivate static func hashes(_ level: Int, of bundle: TileCoordinate) -> TileCoordinate {
        TileCoordinate(.hashes(level: level), index: bundle.index, width: bundle.width)
    }
}
