// SPDX-License-Identifier: EUPL-1.2
// Torhaus: runs openssl, sslscan and python as outside judges.

import Foundation
import Synchronization

/// One finished run of a program.
struct ToolRun: Sendable {
    let status: Int32
    let output: String
    let errors: String

    var everything: String { output + errors }
}

enum Tool {
    /// Runs a program to its end with this standard input; stops it after the limit.
    static func run(
        _ path: String,
        _ arguments: [String],
        input: String = "",
        keepInputOpenFor open: TimeInterval = 0,
        seconds: TimeInterval = 60
    ) throws -> ToolRun {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()

        let collected = Mutex<[Data]>([Data(), Data()])
        let group = DispatchGroup()
        for (index, pipe) in [stdout, stderr].enumerated() {
            let handle = pipe.fileHandleForReading
            DispatchQueue.global().async(group: group) {
                let data = handle.readDataToEndOfFile()
                collected.withLock { $0[index] = data }
            }
        }
        for line in input.split(separator: "\n", omittingEmptySubsequences: false) where !line.isEmpty {
            try? stdin.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
            if open > 0 { Thread.sleep(forTimeInterval: 0.25) }
        }
        if open > 0 { Thread.sleep(forTimeInterval: open) }
        try? stdin.fileHandleForWriting.close()

        let end = Date(timeIntervalSinceNow: seconds)
        while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.005) }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        group.wait()
        let data = collected.withLock { $0 }
        return ToolRun(
            status: process.terminationStatus,
            output: String(decoding: data[0], as: UTF8.self),
            errors: String(decoding: data[1], as: UTF8.self)
        )
    }

    static func openssl(_ arguments: [String], input: String = "") throws -> ToolRun {
        try run("/usr/bin/openssl", arguments, input: input)
    }

    /// Runs a script; `/usr/bin/python3` is the distribution's, on the same libssl.
    static func python(
        _ script: String,
        _ arguments: [String] = [],
        seconds: TimeInterval = 60
    ) throws -> ToolRun {
        try run("/usr/bin/python3", ["-c", script] + arguments, seconds: seconds)
    }
}
