// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a decision told to an operator: what was asked, which rules decided, and which nearly did.

internal import AccessPolicy
internal import Cedar
internal import CountyConfiguration
internal import DaemonMessages

extension PolicyAccessDecider {
    /// Lines of one explanation; more rules than this nobody reads.
    private static let mostLines = 12
    /// UTF-8 bytes of one line.
    private static let longestLine = 500

    package func explain(_ request: AccessRequest) -> [String] {
        guard let question = question(request) else { return [] }
        var lines = [asked(question, request)]
        guard let traces = policy.explain(question) else { return lines + ["there is no such desktop"] }
        let permits = traces.filter { $0.rule.policy.effect == .permit }
        let forbids = traces.filter { $0.rule.policy.effect == .forbid }
        lines += forbids.filter { $0.verdict == .satisfied }.map { "forbidden by \($0.place)" }
        lines += traces.compactMap { trace in
            guard case .failed(let message) = trace.verdict else { return nil }
            return "not evaluated: \(trace.place): \(message)"
        }
        lines += permits.filter { $0.verdict == .satisfied }.map { "allowed by \($0.place)" }
        let near = permits.filter { $0.condition != nil }.sorted { $0.missed < $1.missed }
        lines += near.compactMap { trace in
            trace.condition.map { "nearly allowed by \(trace.place): \($0.told)" + trace.others }
        }
        if near.isEmpty {
            lines += permits.filter { $0.verdict == .otherPeople }.map { "for other people: \($0.place)" }
        }
        return lines.prefix(Self.mostLines).map { line in
            line.utf8.count <= Self.longestLine ? line : "\(line.prefix(Self.longestLine / 4)) ..."
        }
    }

    /// Who asked for what, and how: everything the conditions can look at.
    private func asked(_ question: PolicyQuestion, _ request: AccessRequest) -> String {
        let circumstances = question.circumstances
        let local = BerlinTime(milliseconds: circumstances.time)
        let clock = CivilTime.berlin(milliseconds: request.time)
        let zone = ZoneTable(policy.input.zones).zone(of: circumstances.address)
        var day = clock.weekday.germanShort
        if local.isHoliday { day += " (Feiertag)" }
        let age = circumstances.factorAge == .max ? "of unknown age" : "\(circumstances.factorAge) s old"
        return [
            "asked: \(question.action.rawValue)", "by the clock on the wall \(day) \(clock.clock)",
            "from \(circumstances.address) in zone \(zone.id.string)",
            "second factor \(circumstances.factor.rawValue), \(age)",
            "client \(circumstances.client.rawValue)",
            "device \(circumstances.device ?? circumstances.trust.rawValue)",
        ].joined(separator: "; ")
    }
}

extension CivilTime {
    /// `09:05`.
    var clock: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(hour)):\(two(minute))"
    }
}

extension PolicyRuleTrace {
    /// Name and origin.
    fileprivate var place: String { "\(rule.name.name) (\(rule.name.origin))" }

    fileprivate var condition: PolicyConditionTrace? {
        if case .unsatisfied(let condition) = verdict { condition } else { nil }
    }

    fileprivate var others: String { 1 < missed ? " (and \(missed - 1) more)" : "" }
}

extension PolicyConditionTrace {
    /// `context.local.minute < 1200 does not hold: context.local.minute = 1320`.
    fileprivate var told: String {
        let seen = values.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        let what = "\(text) \(isUnless ? "holds" : "does not hold")"
        return seen.isEmpty ? what : "\(what): \(seen.joined(separator: ", "))"
    }
}
