// SPDX-License-Identifier: EUPL-1.2
// Torhaus: times decisions about access: a question with its context and redirections to an answer.

import AccessPolicy
import Cedar

/// Times counties of two sizes.
///
/// `access-bench` prints microseconds as a line of JSON for each county.
/// `access-bench COUNT` only decides so many questions of the large one, so that others can count what that costs.
@main
struct AccessBench {
    private static let clock = ContinuousClock()

    static func main() throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) }
        if let count {
            let county = try SampleCounty(municipalities: 70, rows: 13)
            let questions = county.questions
            for number in 0..<count { _ = county.policy.decide(questions[number % questions.count]) }
            return
        }
        for (municipalities, rows) in [(2, 5), (70, 13)] {
            let input = SampleCounty.input(municipalities: municipalities, rows: rows)
            let made = clock.measure { _ = try? AccessPolicySet(input, digest: SampleCounty.digest) }
            let county = try SampleCounty(municipalities: municipalities, rows: rows)
            let policy = county.policy
            let questions = county.questions
            let report: [(String, Double)] = [
                ("rules", Double(policy.rules.count)), ("make", microseconds(made)),
                ("person", median(questions) { _ = policy.person($0.person.user, groups: $0.person.groups) }),
                ("decide", median(questions) { _ = policy.decide($0) }),
                (
                    "allowed",
                    median(questions.filter { policy.decide($0).isAllowed }) { _ = policy.decide($0) }
                ),
                (
                    "refused",
                    median(questions.filter { !policy.decide($0).isAllowed }) { _ = policy.decide($0) }
                ),
                ("next_change", median(questions) { _ = policy.nextChange(of: $0) }),
            ]
            print("{\(report.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}")
        }
    }

    /// The median over rounds of the mean over all questions, in microseconds.
    private static func median(_ questions: [PolicyQuestion], _ body: (PolicyQuestion) -> Void) -> Double {
        let repeats = max(1, 500 / max(1, questions.count))
        var rounds: [Double] = []
        for _ in 0..<15 {
            let time = clock.measure {
                for _ in 0..<repeats {
                    for question in questions { body(question) }
                }
            }
            rounds.append(microseconds(time) / Double(repeats * max(1, questions.count)))
        }
        return rounds.sorted()[rounds.count / 2]
    }

    private static func microseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
    }
}
