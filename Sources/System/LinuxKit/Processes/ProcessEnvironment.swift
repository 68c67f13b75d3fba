// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the environment this process was started with.

internal import CLinux

/// Reads the environment; nobody here changes it while threads run.
package enum ProcessEnvironment {
    /// More entries than any shell passes on.
    private static let maximum = 10_000

    /// All entries as `NAME=value`.
    package static func all() -> [String] {
        var entries: [String] = []
        while entries.count < maximum, let entry = unsafe th_environment(entries.count) {
            entries.append(unsafe String(cString: entry))
        }
        return entries
    }
}
