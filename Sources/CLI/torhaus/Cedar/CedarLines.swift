// SPDX-License-Identifier: EUPL-1.2
// Torhaus: cuts a stream of bytes into lines.

import Cedar

/// Collects bytes until a line is whole.
struct CedarLines {
    private var rest: [UInt8] = []

    /// The lines that this chunk completes, without their line feeds.
    ///
    /// Of a line that is longer than any JSON text may be, only so much is kept that the reader refuses it.
    mutating func take(_ chunk: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        let pieces = chunk.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, piece) in pieces.enumerated() {
            if 0 < number { lines.append(end()) }
            rest += piece.prefix(CedarLimits.json + 1 - rest.count)
        }
        return lines
    }

    /// What is left when the stream ends.
    mutating func end() -> [UInt8] {
        defer { rest = [] }
        return rest
    }
}
