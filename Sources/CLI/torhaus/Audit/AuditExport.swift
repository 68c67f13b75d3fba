// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit export`, `report` and `index`.

import ArgumentParser
import AuditEvents
import AuditReading
import Glibc
import LinuxKit
import Synchronization

struct AuditExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes records to the standard output.",
        discussion: """
            jsonl is the log's own bytes, which verify against its tree. In ocsf (1.7), ecs and csv the addresses of \
            devices are shortened a week after the event; --whole leaves them as they are.
            """
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var question: QueryOptions
    @OptionGroup var reason: CaseOptions

    @Option(name: .long, help: "jsonl, ocsf, ecs or csv.")
    var format = ExportFormat.jsonl

    @Flag(name: .long, help: "Do not shorten device data.")
    var whole = false

    func run() throws {
        let places = try AuditPlaces(files)
        let reader = try places.reader()
        let query = question.query
        let occasion = try places.occasion(reason.why, .exportAudit, filter: query.filter)
        let (format, whole) = (format, whole)
        let output = StandardOutput()
        let count = try Waiting.run {
            try await reader.export(query, as: format, whole: whole, on: occasion) { text in
                try output.write(text)
            }
        }
        try output.finish()
        Terminal.complain(Terminal.count(count, "record"))
    }
}

/// The standard output, in large pieces.
final class StandardOutput: Sendable {
    private let buffer = Mutex<[UInt8]>([])
    private static let piece = 65_536

    func write(_ text: String) throws {
        try buffer.withLock { buffer in
            buffer += Array(text.utf8)
            if Self.piece <= buffer.count { try Self.empty(&buffer) }
        }
    }

    /// What is left; call it once at the end.
    func finish() throws { try buffer.withLock { try Self.empty(&$0) } }

    private static func empty(_ buffer: inout [UInt8]) throws {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard 0 < count else { throw auditFailure("the export is not whole: nobody reads it") }
            rest = rest.dropFirst(count)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

struct AuditReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints the sums of a month, in German; nothing in it is about fewer than five persons."
    )

    @OptionGroup var files: FileOptions

    @Argument(help: "Such as 2026-11.")
    var month: String

    func run() throws {
        let places = try AuditPlaces(files)
        let reader = try places.reader()
        let scope = try places.scope(.viewAudit, filter: "report \(month)")
        let occasion = ReadingOccasion(subject: places.subject, why: nil, scope: scope)
        let month = month
        let report = try Waiting.run { try await reader.report(month: month, on: occasion) }
        print(Terminal.safe(report.german), terminator: "")
    }
}

struct AuditIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Brings the search index up to the log; every search does so too."
    )

    @OptionGroup var files: FileOptions

    @Flag(name: .long, help: "Throw the index away and make it again.")
    var anew = false

    func run() throws {
        let places = try AuditPlaces(files)
        // Whoever searches brings it up to the log anyway, so it is asked for as searching is.
        _ = try places.scope(.viewAudit, filter: "index")
        for archive in try places.archives() {
            let progress = try places.index(of: archive, anew: anew).progress()
            let odd = progress.unreadable == 0 ? "" : ", \(progress.unreadable) entries are no records"
            Terminal.say("\(archive.origin): \(progress.next) records\(odd)")
        }
    }
}
