// SPDX-License-Identifier: EUPL-1.2
// Torhaus: times questions to a large log: its index, and the records that answer.

import AuditEvents
import AuditLog
import AuditReading
import LinuxKit

/// Makes a log and its index in a folder that is not there yet, asks, and prints what took how long.
///
/// `search-bench FOLDER [RECORDS]`; 10 million records, which is the default, take 5.5 GB. The folder stays.
@main
struct SearchBench {
    private static let clock = ContinuousClock()
    private static let questions: UInt64 = 200

    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard let folder = words.first, let count = UInt64(words.dropFirst().first ?? "10000000") else {
            print("usage: search-bench FOLDER [RECORDS]")
            return
        }
        try Folder.create(folder, mode: 0o700)
        let place = try LogPlace(
            origin: "bench.example/search",
            logs: "\(folder)/log",
            states: "\(folder)/state"
        )
        _ = try LogCreation.create(place)
        let log = SampleLog(place: place, count: count)
        let writing = try clock.measure { try log.write { print("written: \($0)") } }
        let archive = BenchArchive(place)
        let index = try SearchIndex(path: "\(folder)/index.db")
        let filling = try clock.measure { try index.fill(from: archive) }
        say("writing and publishing, s", seconds(writing))
        say("filling the index, s", seconds(filling))

        let sources = [AuditSource(archive: archive, index: index)]
        let reader = AuditReader(sources, now: { Clock.wallMilliseconds() }, record: { _ in })
        var numbers = Numbers()
        try await time("one person in a week", reader) {
            var query = AuditQuery()
            let day = numbers.below(SampleLog.days - 7)
            query.person = SampleLog.person(numbers.below(SampleLog.people))
            query.from = SampleLog.start + day * SampleLog.day
            query.until = SampleLog.start + (day + 7) * SampleLog.day
            return query
        }
        try await time("one desktop's name over all time", reader) {
            var query = AuditQuery()
            query.text = "rb-\(numbers.below(SampleLog.people))"
            return query
        }
        try index.close()
    }

    /// Milliseconds of questions that were not asked before, from the question to the records.
    private static func time(_ name: String, _ reader: AuditReader, _ question: () -> AuditQuery) async throws
    {
        let occasion = ReadingOccasion(subject: .system, why: nil, scope: .county)
        var times: [Double] = []
        var found = 0
        for _ in 0..<questions {
            let query = question()
            let begun = clock.now
            found += try await reader.search(query, on: occasion).count
            times.append(seconds(clock.now - begun) * 1_000)
        }
        say("\(name): the first, ms", times.first ?? 0)
        times.sort()
        say("\(name): records found, mean", Double(found) / Double(questions))
        say("\(name): median, ms", times[times.count / 2])
        say("\(name): p95, ms", times[times.count * 95 / 100])
        say("\(name): worst, ms", times.last ?? 0)
    }

    private static func say(_ name: String, _ value: Double) {
        print("\(name): \((value * 100).rounded() / 100)")
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}

/// The same questions in each run (SplitMix64).
private struct Numbers {
    private var state: UInt64 = 7

    mutating func below(_ bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ (mixed >> 31)) % bound
    }
}
