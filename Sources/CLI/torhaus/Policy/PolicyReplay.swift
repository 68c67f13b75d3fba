// SPDX-License-Identifier: EUPL-1.2
// Torhaus: `torhaus policy replay` asks recorded questions again.

import AccessPolicy
import ArgumentParser
import Cedar
import Foundation
import PolicyTools

struct PolicyReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Asks what was asked before, and says which answers would be others.",
        discussion: """
            The file has one decision as a JSON object on each line; docs/policy/tools.md lists the keys.
            Exit status: 0 all answers are the same, 1 something cannot be read, 2 some are others.
            """
    )

    @OptionGroup var options: PolicyOptions

    @Argument(help: "Recorded decisions; - is standard input.")
    var file: String

    @Argument(help: "The torhaus.yaml to ask, or its directory; that of --config otherwise.")
    var new: String?

    func run() throws {
        let set = try PolicyFiles.set(new ?? options.files.config)
        var replay = DecisionReplay(set)
        let start = ContinuousClock.now
        try Self.lines(of: file) { replay.add(line: $0) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if options.json {
            Terminal.say(replay.json.text)
        } else {
            for line in Self.lines(replay, set, seconds) { Terminal.say(line) }
        }
        if 0 < replay.unreadableCount { throw Ending.problem }
        if !replay.groups.isEmpty { throw PolicyCommand.different }
    }

    private static func lines(_ replay: DecisionReplay, _ set: AccessPolicySet, _ seconds: Double) -> [String]
    {
        var lines: [String] = []
        for (group, sum) in replay.sorted {
            let target = AccessTarget(sum.example.action, sum.example.target)
            let before = group.before.isEmpty ? "no rule" : group.before.joined(separator: ", ")
            let after = group.after.isEmpty ? "no rule" : group.after.joined(separator: ", ")
            lines.append(
                "\(sum.count) × \(group.kind.rawValue): \(before) → \(group.reason.map { "\($0.rawValue), " } ?? "")\(after)"
            )
            lines.append("  such as line \(sum.line): \(sum.example.user), \(target)")
            lines.append("    \(sum.example.circumstances.text(set))")
        }
        for bad in replay.unreadable { lines.append("line \(bad.line): \(bad.message)") }
        let changed = replay.groups.values.reduce(0) { $0 + $1.count }
        lines.append(
            "\(Terminal.count(replay.decisions, "decision")), \(Terminal.count(changed, "difference")), "
                + "\(Terminal.count(replay.unreadableCount, "line")) unreadable, "
                + "\(Terminal.count(replay.faults, "decision")) with rules that could not be evaluated"
        )
        if 0 < seconds { lines.append("\(Int(Double(replay.decisions) / seconds)) decisions a second") }
        return lines
    }

    // MARK: Reading

    private static let chunk = 1 << 20
    private static let newline = UInt8(ascii: "\n")

    /// Gives each line of a file, of any length of file.
    private static func lines(of name: String, _ body: (String) -> Void) throws {
        guard let handle = name == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: name) else {
            throw CedarProblem(text: "\(name): cannot be read")
        }
        var rest: [UInt8] = []
        // A line that never ends is given in pieces, which are no records.
        while let more = try handle.read(upToCount: chunk), !more.isEmpty {
            rest += more
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: newline) {
                body(String(decoding: rest[start..<end], as: UTF8.self))
                start = end + 1
            }
            rest.removeFirst(start)
            if RecordedDecision.longestLine < rest.count {
                body(String(decoding: rest, as: UTF8.self))
                rest = []
            }
        }
        if !rest.isEmpty { body(String(decoding: rest, as: UTF8.self)) }
    }
}
