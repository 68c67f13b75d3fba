// SPDX-License-Identifier: EUPL-1.2
// Torhaus: nothing in the time of an answer tells an unknown user from a wrong password.

import DaemonMessages
import DaemonSettings
import Foundation
import Testing

/// The test module answers "unknown" at once and "slow" after 60 ms: the distance measured between an unknown
/// user and a wrong password with a real directory (12 and 86 ms).
///
/// Both are sampled in turns, so that load falls on both alike.
@Suite("Timing of failures", .serialized)
struct TimingTests {
    private static let samples = 40

    /// Milliseconds from the answer to the failure, for each of the two.
    private func sample(
        _ daemon: TestDaemon,
        question: Bool = false
    ) throws -> (unknown: [Double], wrong: [Double]) {
        var times: [String: [Double]] = [:]
        for number in 0..<Self.samples {
            for user in ["unknown-\(number)", "slow-\(number)"] {
                var client = try TestClient(daemon, user: user)
                _ = try client.receive()
                let start = ContinuousClock.now
                client.answer("wrong")
                #expect(try client.receive() == .failed(.denied))
                times[String(user.prefix(4)), default: []].append(
                    (ContinuousClock.now - start) / .milliseconds(1)
                )
            }
        }
        return (times["unkn"] ?? [], times["slow"] ?? [])
    }

    @Test("without a floor the two are told apart: the measurement works")
    func withoutFloor() throws {
        let times = try sample(try TestDaemon(floor: 0, jitter: 0))
        #expect(Samples.distance(times.unknown, times.wrong) == 1)
    }

    @Test("with a floor of 150 ms they are not, and no answer is early")
    func withFloor() throws {
        let times = try sample(try TestDaemon(floor: 150, jitter: 60))
        let all = times.unknown + times.wrong
        #expect(all.allSatisfy { 150 <= $0 })
        let distance = Samples.distance(times.unknown, times.wrong)
        let limit = Samples.limit(Self.samples, Self.samples)
        #expect(
            distance < limit,
            "distance \(distance), medians \(Samples.median(times.unknown)) and \(Samples.median(times.wrong))"
        )
        // Jitter is there, and spread over its range.
        #expect(30 < (all.max() ?? 0) - (all.min() ?? 0))
    }
}

/// The Kolmogorov-Smirnov test for two samples.
enum Samples {
    /// The largest distance between the two distribution functions: 0 is alike, 1 is told apart for sure.
    static func distance(_ first: [Double], _ second: [Double]) -> Double {
        func share(_ sample: [Double], upTo limit: Double) -> Double {
            Double(sample.count { $0 <= limit }) / Double(sample.count)
        }
        return (first + second).map { abs(share(first, upTo: $0) - share(second, upTo: $0)) }.max() ?? 0
    }

    /// Samples of the same distribution exceed this once in 20,000 runs (c = sqrt(-ln(p / 2) / 2)).
    static func limit(_ first: Int, _ second: Int) -> Double {
        let probability = 0.00005
        let scale = (-0.5 * log(probability / 2)).squareRoot()
        return scale * (Double(first + second) / Double(first * second)).squareRoot()
    }

    static func median(_ sample: [Double]) -> Double { sample.sorted()[sample.count / 2] }
}
