// SPDX-License-Identifier: EUPL-1.2
// Torhaus: times our policy engine on one set of files; compare.py runs it beside the official engine.

import Cedar
import Foundation

/// Times the engine on one set of files.
///
/// `policy-bench FOLDER` reads policies.cedar, entities.json, schema.cedarschema and requests.jsonl,
/// prints microseconds as one line of JSON.
/// `policy-bench FOLDER COUNT` only decides so many requests, so that others can count what that costs.
@main
struct PolicyBench {
    private static let clock = ContinuousClock()

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let path = arguments.first else {
            print("usage: policy-bench FOLDER [COUNT]")
            return
        }
        let folder = URL(fileURLWithPath: path)
        let text = try read(folder, "policies.cedar")
        let schema = try CedarSchema(parsing: try read(folder, "schema.cedarschema"))
        let set = try CedarPolicySet(parsing: text)
        let store = try EntityStore(json: try read(folder, "entities.json"), schema: schema)
        let situations = try read(folder, "requests.jsonl").split(separator: "\n").map { line in
            try Situation(try CedarJSONReader.read(String(line)), schema)
        }
        let index = CedarPolicyIndex(set)
        if let count = arguments.dropFirst().first.flatMap({ Int($0) }), let last = situations.indices.last {
            for number in 0..<count { _ = index.decide(situations[number % (last + 1)].request(), store) }
            return
        }
        var report: [(String, Double)] = []
        report.append(("policies", Double(set.policies.count)))
        report.append(("parse", try best(of: 9) { _ = try CedarPolicySet(parsing: text) }))
        report.append(("validate", best(of: 5) { _ = schema.validate(set) }))
        report.append(("index", best(of: 5) { _ = CedarPolicyIndex(set) }))
        report.append(("context", median(situations) { _ = $0.context() }))
        report.append(("decide", median(situations) { _ = index.decide($0.request(), store) }))
        report.append(("linear", median(situations) { _ = set.decide($0.request(), store) }))
        let body = report.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
        let allowed = situations.count { index.decide($0.request(), store).decision == .allow }
        print("{\(body), \"requests\": \(situations.count), \"allowed\": \(allowed)}")
    }

    private static func read(_ folder: URL, _ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    /// The shortest of several runs in microseconds.
    private static func best(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
        var shortest = Double.infinity
        for _ in 0..<runs {
            shortest = min(shortest, microseconds(try clock.measure(body)))
        }
        return shortest
    }

    /// The median over all situations and many rounds, each timed by itself, in microseconds.
    ///
    /// The official engine's own clock also times single decisions; so neither counts when it had to wait.
    private static func median(_ situations: [Situation], _ body: (Situation) -> Void) -> Double {
        let rounds = max(1, 20_000 / max(1, situations.count))
        var times: [Double] = []
        times.reserveCapacity(rounds * situations.count)
        for _ in 0..<rounds {
            for situation in situations {
                times.append(microseconds(clock.measure { body(situation) }))
            }
        }
        return times.isEmpty ? 0 : times.sorted()[times.count / 2]
    }

    private static func microseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
    }
}
