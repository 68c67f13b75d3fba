// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit search`, `show` and `tail`.

import ArgumentParser
import AuditEvents
import AuditReading
import Glibc
import LinuxKit

struct AuditSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Shows the newest records that answer a question."
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var question: QueryOptions
    @OptionGroup var reason: CaseOptions

    @Option(name: .long, help: "How many records.")
    var limit = AuditQuery.defaultLimit

    @Option(name: .long, help: "Only records below this number: where the page before ended.")
    var before: UInt64?

    @Flag(name: .long, help: "One JSON object a line, device data shortened as in the text.")
    var json = false

    func run() throws {
        let places = try AuditPlaces(files)
        let reader = try places.reader()
        var query = question.query
        query.limit = limit
        query.before = before
        let asked = query
        let occasion = try places.occasion(reason.why, filter: query.filter)
        let found = try Waiting.run { try await reader.search(asked, on: occasion) }
        for one in found.reversed() {
            Terminal.say(
                json ? String(decoding: one.record.rendered, as: UTF8.self) : RecordText.line(one.record)
            )
        }
        if found.count == limit, let first = found.last {
            Terminal.complain("there may be more: --before \(first.record.index)")
        }
    }
}

struct AuditShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tells the story of one session, from the connection to its end."
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var reason: CaseOptions

    @Argument(help: "32 hexadecimal digits.")
    var session: String

    func run() throws {
        let places = try AuditPlaces(files)
        let reader = try places.reader()
        let (session, occasion) = (session, try places.occasion(reason.why, filter: session))
        let found = try Waiting.run { try await reader.timeline(session: session, on: occasion) }
        Terminal.say(String(RecordText.timeline(found.map(\.record)).dropLast()))
    }
}

struct AuditTail: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Shows the last records, and with -f those that come."
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var reason: CaseOptions

    @Option(name: [.customShort("n"), .long], help: "How many of the last records.")
    var lines = 20

    @Flag(name: .shortAndLong, help: "Go on until interrupted.")
    var follow = false

    /// The log publishes twice a second.
    private static let pause: useconds_t = 250_000

    func run() throws {
        let places = try AuditPlaces(files)
        // Lines as they come are those of the whole county.
        try places.expectCounty(.viewAudit, filter: "tail", hint: "torhaus audit search")
        guard let archive = try places.archives().last else { return }
        let record = try places.recorder()
        var query = AuditQuery()
        query.limit = max(1, min(lines, AuditQuery.largestLimit))
        let event = AuditEvent.logSearched(
            places.subject,
            why: reason.why,
            filter: follow ? "tail, following" : "tail",
            count: query.limit
        )
        try Waiting.run { try await record(event) }
        var next = try archive.size()
        next -= min(next, UInt64(query.limit))
        repeat {
            let size = try archive.size()
            try archive.forEachLine(in: next..<max(next, size)) { _, line in
                guard let one = try? AuditRecord(parsing: line) else { return }
                Terminal.say(RecordText.line(RecordView.shown(one, now: Clock.wallMilliseconds())))
            }
            fflush(nil)
            next = max(next, size)
            if follow { usleep(Self.pause) }
        } while follow
    }
}

extension AuditPlaces {
    func reader() throws -> AuditReader {
        AuditReader(
            try sources(),
            now: { Clock.wallMilliseconds() },
            record: try recorder()
        )
    }

    /// What the caller may do with the records that a question is about.
    func occasion(
        _ why: AuditCase,
        _ action: ReadingAction = .viewAudit,
        filter: String
    ) throws -> ReadingOccasion {
        ReadingOccasion(subject: subject, why: why, scope: try scope(action, filter: filter))
    }
}
