// SPDX-License-Identifier: EUPL-1.2
// Torhaus: counts how often we agree.

/// Agreements by subject, trivial cases apart.
struct ConformanceCount {
    private struct Score {
        var trivial = 0
        var other = 0
        var wrong = 0
    }

    private static let shown = 10

    private var scores: [String: Score] = [:]
    private(set) var mismatches: [String] = []

    var isPerfect: Bool { mismatches.isEmpty && !scores.isEmpty }

    mutating func compare(_ name: String, _ subject: String, isTrivial: Bool = false, _ agrees: Bool) {
        var score = scores[subject] ?? Score()
        if !agrees {
            score.wrong += 1
            mismatches.append("\(name): \(subject)")
        } else if isTrivial {
            score.trivial += 1
        } else {
            score.other += 1
        }
        scores[subject] = score
    }

    mutating func fail(_ name: String, _ what: String) {
        scores["readable", default: Score()].wrong += 1
        mismatches.append("\(name): \(what)")
    }

    /// One line per subject, then the first mismatches.
    func report(_ title: String) -> String {
        let lines = scores.sorted { $0.key < $1.key }.map { subject, score in
            let all = score.trivial + score.other + score.wrong
            return "cedar conformance, \(title), \(subject): \(score.trivial + score.other)/\(all) agree, "
                + "\(score.other) of them not trivial"
        }
        return (lines + mismatches.prefix(Self.shown).map { "  differs: \($0)" }).joined(separator: "\n")
    }
}
