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

    private static let chunk = 1 << 20
    private static let blanks = Array(" \t\r".utf8)

    func run() throws {
        let batch = CedarBatch()
        var pending = Data()
        while let more = try FileHandle.standardInput.read(upToCount: Self.chunk), !more.isEmpty {
            pending.append(more)
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                try answer(pending[..<end], batch)
                pending = Data(pending[(end + 1)...])
            }
        }
        try answer(pending, batch)
    }

    /// Answers at once, so that the other side may wait for each line.
    private func answer(_ line: Data, _ batch: CedarBatch) throws {
        guard line.contains(where: { !Self.blanks.contains($0) }) else { return }
        try FileHandle.standardOutput.write(contentsOf: Data((batch.answer(Array(line)) + "\n").utf8))
    }
}
