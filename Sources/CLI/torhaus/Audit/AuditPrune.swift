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
            How long each class is kept says `audit.retention` in torhaus.yaml. Holds are kept, and so are records of a \
            class that is kept longer: they are put aside before their bundle goes. What is left still verifies. The \
            timer runs it as the log's own user; people need a role that allows retainAudit for the whole county.
            """
    )

    @OptionGroup var files: FileOptions

    @Flag(name: .long, help: "Only say what would go.")
    var dryRun = false

    func run() throws {
        let places = try AuditPlaces(files)
        if !places.isCalledByTheLog { try places.expectCounty(.retainAudit, filter: "prune") }
        let subject = places.isCalledByTheLog ? .system : places.subject
        let vault = try places.vault()
        let record = try places.recorder()
        let rules = try places.retention()
        for archive in try places.archives() {
            let origin = archive.origin
            let holds = try Waiting.run { try await vault.heldRanges(of: origin) }
            // What the journal may still have to rebuild cannot be erased yet.
            let plan = try ErasurePlan(
                below: min(try archive.size(), try archive.journalStart()),
                width: UInt64(MerkleLimits.tileWidth),
                rules: rules,
                holds: holds,
                now: Clock.wallMilliseconds()
            ) { first in
                try archive.bundle(first).values.compactMap { try? AuditRecord(parsing: $0) }
                    .sorted { $0.index < $1.index }
            }
            guard let end = plan.end else {
                Terminal.say("\(origin): nothing is over")
                continue
            }
            Terminal.say(
                "\(origin): \(plan.erased.count) bundles below \(end) are over, \(plan.keeping) records of them stay"
            )
            guard !dryRun else { continue }
            let event = AuditEvent.recordsPruned(
                subject,
                origin: origin,
                range: 0..<end,
                kept: plan.keeping,
                retention: places.audit.retentionText
            )
            try Waiting.run { try await record(event) }
            let index = try places.index(of: archive)
            for bundle in plan.erased { try bundle.setAside(archive, index) }
            try index.tidy()
            Terminal.say("\(origin): \(try PruneOrder.send(plan, to: places.audit.socket)) bundles erased")
        }
    }
}

extension ErasurePlan.Bundle {
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

/// Tells the daemon, which alone may erase.
enum PruneOrder {
    /// Milliseconds; a disk may take its time over thousands of files.
    private static let patience: Int32 = 120_000

    /// How many bundles went.
    static func send(_ plan: ErasurePlan, to socket: String) throws -> UInt64 {
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
