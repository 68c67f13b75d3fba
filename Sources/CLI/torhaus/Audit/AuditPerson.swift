// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus audit person`: what the log holds about one person, for that person (GDPR Article 15).

import ArgumentParser
import AuditEvents
import AuditIdentity
import AuditReading
import Foundation
import LinuxKit

struct AuditPerson: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Puts together what the log holds about one person, as a letter in German and as JSON.",
        discussion: """
            It needs the keys of two holders of different roles. Data of other persons are left out. \
            Makes auskunft-NAME.md and auskunft-NAME.json in the folder.
            """
    )

    @OptionGroup var files: FileOptions
    @OptionGroup var reason: CaseOptions

    @Argument(help: "The person's account name.")
    var name: String

    @Option(name: .long, help: "A holder's account name and private key, HOLDER:FILE; give two.")
    var key: [HolderKeyOption]

    @Option(name: .long, help: "Where the two files go.")
    var output = "."

    func validate() throws {
        guard key.count == 2 else { throw ValidationError("Give the keys of two holders.") }
        guard !name.isEmpty, !name.contains("/") else { throw ValidationError("That is no account name.") }
    }

    func run() throws {
        let pair = (try key[0].load(), try key[1].load())
        let paths = ["md", "json"].map { "\(output)/auskunft-\(name).\($0)" }
        for path in paths { try OutputFile.expectRoom(path) }
        let places = try AuditPlaces(files)
        // The answer is about every municipality that the person had to do with.
        try places.expectCounty(.revealPseudonym, filter: "Art. 15")
        let (vault, reader) = (try places.vault(), try places.reader())
        let rules = try places.retention()
        let (person, why, subject) = (name, reason.why, places.subject)
        let answer = try Waiting.run {
            let inquiry = try await vault.inquire(person, why: why, with: pair, by: subject)
            return try await reader.answer(person, inquiry: inquiry, why: why, by: subject)
        }
        let texts = [answer.german(retention: rules.days, clock: GermanClock.text), answer.json]
        try places.asCaller {
            for (path, text) in zip(paths, texts) { try OutputFile.write(Array(text.utf8), to: path) }
        }
        Terminal.say("\(paths.joined(separator: ", ")): \(Terminal.count(answer.count, "record"))")
    }
}

/// Times as people here read them.
enum GermanClock {
    static func text(_ milliseconds: UInt64) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "de_DE")
        formatter.timeZone = TimeZone(identifier: "Europe/Berlin")
        formatter.dateFormat = "dd.MM.yyyy HH:mm:ss"
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        return formatter.string(from: date) + " Uhr"
    }
}

/// A new file of the caller's.
enum OutputFile {
    /// Told before anything is recorded.
    static func expectRoom(_ path: String) throws {
        guard access(path, F_OK) != 0 else { throw auditFailure("\(path) exists already") }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard access(folder.isEmpty ? "/" : folder, W_OK) == 0 else {
            throw auditFailure("\(folder): \(String(cString: strerror(errno)))")
        }
    }

    /// Readable by the caller alone.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard 0 <= descriptor else { throw auditFailure("\(path): \(String(cString: strerror(errno)))") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard 0 < count else { throw auditFailure("\(path) is not whole") }
            rest = rest.dropFirst(count)
        }
        guard close(descriptor) == 0 else { throw auditFailure("\(path) is not whole") }
    }
}
