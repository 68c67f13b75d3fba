// SPDX-License-Identifier: EUPL-1.2
// Torhaus: circumstances and answers in words.

package import AccessPolicy
internal import Cedar

extension PolicyCircumstances {
    /// On one line: when, from where, with what.
    package func text(_ set: AccessPolicySet?) -> String {
        var place = "from \(address)"
        if let set { place += " (zone \(ZoneTable(set.input.zones).zone(of: address).id))" }
        let shown =
            factor == .none ? "no second factor" : "\(factor.rawValue) \(SecondsText.text(factorAge)) old"
        let machine = device.map { "machine \($0)" } ?? "\(trust.rawValue) machine"
        return [MomentText.text(time), place, shown, "\(client.rawValue) client", machine].joined(
            separator: ", "
        )
    }
}

/// Lengths of time in words.
package enum SecondsText {
    /// The shortest form: `1h30m`; `0s` for nothing.
    package static func text(_ seconds: Int64) -> String {
        guard 0 < seconds else { return "0s" }
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"),
            (seconds % 60, "s"),
        ]
        return parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}

extension PolicyDecision {
    /// `allowed by …` or `refused: outside-hours (…)`.
    package var text: String {
        let names = rules.map(\.name).joined(separator: ", ")
        guard isAllowed else {
            let why = reason?.rawValue ?? "no reason"
            let lift =
                stepUp.isEmpty ? "" : "; would open with \(stepUp.map(\.rawValue).joined(separator: ", "))"
            return "refused: \(why)\(names.isEmpty ? "" : " (\(names))")\(lift)"
        }
        return "allowed\(names.isEmpty ? "" : " by \(names)")"
    }

    /// Limits, records and what may pass; empty when there is nothing to say.
    package var termsText: String {
        guard isAllowed else { return "" }
        var parts: [String] = []
        if 0 < obligations.idleSeconds {
            parts.append("idle \(SecondsText.text(Int64(obligations.idleSeconds)))")
        }
        if 0 < obligations.longestSeconds {
            parts.append("longest \(SecondsText.text(Int64(obligations.longestSeconds)))")
        }
        if obligations.record { parts.append("recorded") }
        if !obligations.notify.isEmpty { parts.append("tells \(obligations.notify.joined(separator: ", "))") }
        if !redirections.isEmpty {
            parts.append("passes \(redirections.sorted().map(\.rawValue).joined(separator: ", "))")
        }
        return parts.joined(separator: "; ")
    }
}

extension ConditionAccount.Reading {
    /// The path and its value, numbers of hours and weekdays also as people read them.
    package func text(groups: Set<String>) -> String {
        switch (path, value) {
        case ("context.local.minute", .long(let minute)?) where (0..<WallClock.minutesPerDay).contains(minute):
            return "\(path) = \(minute) (\(MomentText.clock(minute)))"
        case ("context.local.weekday", .long(let day)?):
            return "\(path) = \(day)\(MomentText.weekday(day).map { " (\($0))" } ?? "")"
        case ("principal", _):
            return "groups = \(groups.isEmpty ? "none" : groups.sorted().joined(separator: ", "))"
        default: return "\(path) = \(text)"
        }
    }
}

extension PolicyAccount {
    /// What the policy said, on one line.
    package func text(groups: Set<String>) -> String {
        switch outcome {
        case .satisfied: return "all conditions hold"
        case .outOfScope(let parts):
            return "it is for another \(parts.map(\.rawValue).joined(separator: " and "))"
        case .failed(let condition):
            return "\(condition.condition.text) failed: \(condition.error.map(\.message) ?? "unknown")"
        case .unsatisfied(let condition, let others):
            let values = condition.readings.map { $0.text(groups: groups) }.joined(separator: ", ")
            let more =
                others == 0
                ? "" : "; \(others) more \(others == 1 ? "condition does" : "conditions do") not hold"
            return "\(condition.condition.text) does not hold\(values.isEmpty ? "" : ": \(values)")\(more)"
        }
    }
}
