// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is written to the terminal, and how the tool ends.

import ArgumentParser
import DaemonSettings
import Glibc

/// How the tool ends; the numbers are those of sysexits.h where it has one.
enum Ending {
    /// A problem was found, or a request was refused.
    static let problem = ExitCode(1)
    /// EX_UNAVAILABLE: torhausd does not answer.
    static let unavailable = ExitCode(69)
}

enum Terminal {
    /// To standard error, with a line feed.
    static func complain(_ text: String) {
        // Not `stderr`: Swift sees a global variable that anybody could change.
        let bytes = Array((safe(text) + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// To standard output, with a line feed.
    static func say(_ text: String) {
        print(safe(text))
    }

    /// Without characters that a terminal would obey: names in files and sessions come from elsewhere.
    static func safe(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isHarmless = scalar == "\n" || scalar == "\t" || !Spelling.isControl(scalar)
            view.append(isHarmless ? scalar : "\u{FFFD}")
        }
        return String(view)
    }

    /// `1 problem`, `2 problems`.
    static func count(_ number: Int, _ word: String, plural: String? = nil) -> String {
        number == 1 ? "1 \(word)" : "\(number) \(plural ?? word + "s")"
    }
}
