// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit prune`: erases bundles whose records are over.

import ArgumentParser
import AuditEvents
import AuditIdentity
import AuditReading
import CountyConfiguration
import DaemonMessages
import LinuxKit
import MerkleLog

struct AuditPrune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Erases bundles of records whose retention is over; run it daily.",
        discussion: """
            Holds are kept, and so are records of a class that is kept longer: they are put aside before their bundle \
            goes. What is left still verifies.
            """
    )

    @OptionGroup var files: FileOptions

    @Flag(name: .long, help: "Only say what would go.")
    var dryRun = false

    func run() throws {
        let places = try AuditPlaces(files)
        let vault = try places.vault()
        let record = try places.recorder()
        for archive in try places.archives() {
            let origin = archive.origin
            let holds = try Waiting.run { try await vault.heldRanges(of: origin) }
            let plan = try PrunePlan(archive, holds: holds, now: Clock.wallMilliseconds())
            guard let end = plan.end else {
                Terminal.say("\(origin): nothing is over")
                continue
            }
            let kept = plan.erased.reduce(0) { $0 + $1.keeping.count }
            Terminal.say(
                "\(origin): \(plan.erased.count) bundles below \(end) are over, \(kept) records of them stay"
            )
            guard !dryRun else { continue }
            let event = AuditEvent.recordsPruned(origin: origin, range: 0..<end, kept: kept)
            try Waiting.run { try await record(event) }
            let index = try places.index(of: archive)
            for bundle in plan.erased { try bundle.setAside(archive, index) }
            try index.tidy()
            Terminal.say("\(origin): \(try PruneOrder.send(plan, to: places.audit.socket)) bundles erased")
        }
    }
}

/// What goes of one log.
struct PrunePlan {
    /// One bundle.
    struct Bundle {
        let first: UInt64
        let keeping: [UInt64]

        /// Puts aside what stays, and takes the rest out of the index.
        func setAside(_ archive: LogArchive, _ index: SearchIndex) throws {
            let lines = try archive.bundle(first).sorted { $0.key < $1.key }
            let kept = Set(keeping)
            try KeptRecords.write(
                archive.directory,
                bundle: first,
                lines.filter { kept.contains($0.key) }.map(\.value)
            )
            try index.forget(lines.filter { !kept.contains($0.key) }.map { (index: $0.key, line: $0.value) })
        }
    }

    /// After so many bundles in a row with nothing that is over, the rest is younger still.
    private static let freshBundles = 64

    private(set) var erased: [Bundle] = []
    /// Bundles between them that stay whole.
    private(set) var kept: [Range<UInt64>] = []

    /// Behind the last bundle that goes; nil when none does.
    var end: UInt64? { erased.last.map { $0.first + UInt64(MerkleLimits.tileWidth) } }

    init(_ archive: LogArchive, holds: [Range<UInt64>], now: UInt64) throws {
        let rules = RetentionRules()
        let width = UInt64(MerkleLimits.tileWidth)
        var waiting: [Range<UInt64>] = []
        var first: UInt64 = 0
        // What the journal may still have to rebuild cannot be erased yet.
        let settled = min(try archive.size(), try archive.journalStart())
        var fresh = 0
        while first + width <= settled, fresh < Self.freshBundles {
            let records = try archive.bundle(first).values.compactMap { try? AuditRecord(parsing: $0) }
            let isFresh = !records.isEmpty && !records.contains { rules.isOver($0, now: now) }
            fresh = isFresh ? fresh + 1 : 0
            switch rules.judge(records.sorted { $0.index < $1.index }, holds: holds, now: now) {
            case .erase(let keeping):
                erased.append(Bundle(first: first, keeping: keeping))
                kept += waiting
                waiting = []
            case .keep:
                if let last = waiting.last, last.upperBound == first {
                    waiting[waiting.count - 1] = last.lowerBound..<(first + width)
                } else {
                    waiting.append(first..<(first + width))
                }
            }
            first += width
        }
    }
}

/// Tells the daemon, which alone may erase.
enum PruneOrder {
    /// Milliseconds; a disk may take its time over thousands of files.
    private static let patience: Int32 = 120_000

    /// How many bundles went.
    static func send(_ plan: PrunePlan, to socket: String) throws -> UInt64 {
        guard let end = plan.end, let order = AuditPruneOrder(below: end, held: plan.kept) else {
            throw auditFailure("too many bundles stay in between", hint: "lift holds that are over")
        }
        do {
            let stream = try UnixStream(path: socket, milliseconds: 1000)
            let frame = AuditRequest.prune(number: 1, order).encoded()
            guard stream.writeAll(frame, milliseconds: patience) else {
                throw auditFailure("torhaus-auditd closed the connection")
            }
            var assembler = FrameAssembler()
            while true {
                switch stream.read(limit: 4096, milliseconds: patience) {
                case .bytes(let bytes): assembler.append(bytes)
                case .nothing: throw auditFailure("torhaus-auditd does not answer")
                case .end: throw auditFailure("torhaus-auditd closed the connection")
                }
                guard let frame = try assembler.next() else { continue }
                switch try AuditReply(frame: frame) {
                case .pruned(_, let bundles): return bundles
                case .refused(_, let refusal): throw auditFailure("torhaus-auditd refused: \(refusal)")
                case .durable, .status: continue
                }
            }
        } catch let ending as ExitCode {
            throw ending
        } catch {
            throw auditFailure("\(error)")
        }
    }
}
