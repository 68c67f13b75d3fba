// SPDX-License-Identifier: EUPL-1.2
// Torhaus: answers many cases, so that another engine's answers can be compared with ours.

import ArgumentParser
import Cedar
import Foundation

struct CedarBatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Answers cases given as JSON lines on standard input.",
        discussion: """
            A line is {"name", "policies", "schema"?, "entities", "requests": […]}; its answer is a line
            {"name", "parses", "validates", "strictErrors"?, "est"?, "results"?, "error"?}.
            Results are {"decision", "reason", "errors"} with the ids policy0, policy1, … by position.
            """
    )

    private static let chunk = 1 << 16
    private static let blanks = Array(" \t\r".utf8)

    func run() throws {
        let batch = CedarBatch()
        var lines = CedarLines()
        while let more = try FileHandle.standardInput.read(upToCount: Self.chunk), !more.isEmpty {
            for line in lines.take(Array(more)) { try answer(line, batch) }
        }
        try answer(lines.end(), batch)
    }

    /// Answers at once, so that the other side may wait for each line.
    private func answer(_ line: [UInt8], _ batch: CedarBatch) throws {
        guard line.contains(where: { !Self.blanks.contains($0) }) else { return }
        try FileHandle.standardOutput.write(contentsOf: Data((batch.answer(line) + "\n").utf8))
    }
}
