// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a decision as it was written down, one JSON object on a line.

package import AccessPolicy
package import Cedar

/// A question that was asked once, with its answer.
///
/// The keys are those of audit records where these have them; docs/policy/tools.md lists them.
/// Other keys are passed over, so that a whole audit record will do.
package struct RecordedDecision: Hashable, Sendable {
    package let user: String
    /// As NSS had them then, sorted.
    package let groups: [String]
    package let action: PolicyAction
    package let target: PolicyTarget
    package let circumstances: PolicyCircumstances
    package let isAllowed: Bool
    /// The rules that decided.
    package let rules: [String]
    /// Nil when allowed, or not written down.
    package let reason: String?
    /// Nil when not written down.
    package let redirections: Set<PolicyRedirection>?

    init(
        user: String,
        groups: [String],
        action: PolicyAction,
        target: PolicyTarget,
        circumstances: PolicyCircumstances,
        isAllowed: Bool,
        rules: [String],
        reason: String?,
        redirections: Set<PolicyRedirection>?
    ) {
        self.user = user
        self.groups = groups
        self.action = action
        self.target = target
        self.circumstances = circumstances
        self.isAllowed = isAllowed
        self.rules = rules
        self.reason = reason
        self.redirections = redirections
    }

    /// Reads one line; throws `.json` or `.request`.
    package init(line: String) throws(CedarError) {
        guard line.utf8.count <= Self.longestLine else {
            throw CedarError(.limit, "the line has more than \(Self.longestLine) bytes")
        }
        self = try Self(json: try CedarJSONReader.read(line))
    }

    /// Bytes of one record; ours have some hundreds.
    package static let longestLine = 1 << 16

    enum Key {
        static let time: CedarText = "time"
        static let user: CedarText = "user"
        static let groups: CedarText = "groups"
        static let action: CedarText = "action"
        static let desktop: CedarText = "desktop"
        static let municipality: CedarText = "municipality"
        static let address: CedarText = "src_ip"
        static let factor: CedarText = "factor"
        static let factorAge: CedarText = "factor_age"
        static let client: CedarText = "client"
        static let trust: CedarText = "trust"
        static let device: CedarText = "device"
        static let allowed: CedarText = "allowed"
        static let rules: CedarText = "policy_rule"
        static let reason: CedarText = "reason_code"
        static let redirections: CedarText = "redirections"
    }

    private init(json: CedarJSON) throws(CedarError) {
        let record = RecordReader(json)
        user = try record.text(Key.user)
        groups = Set(try record.texts(Key.groups) ?? []).sorted()
        action = try record.word(Key.action)
        let desktop = try record.optionalText(Key.desktop)
        let municipality = try record.optionalText(Key.municipality)
        switch action {
        case .signIn: target = .gateway
        case .operate: target = municipality == nil ? .gateway : .municipality(municipality)
        case .connect, .reconnect, .keep:
            guard let desktop else { throw CedarError(.request, "desktop is missing") }
            target = .desktop(desktop)
        case .viewAudit, .exportAudit, .revealPseudonym, .answerReveal, .retainAudit:
            target = .municipality(municipality)
        }
        guard let address = CedarIPAddress(try record.text(Key.address)) else {
            throw CedarError(.request, "src_ip is no address")
        }
        circumstances = PolicyCircumstances(
            time: try record.moment(Key.time),
            address: address,
            factor: try record.optionalWord(Key.factor) ?? .none,
            factorAge: try record.number(Key.factorAge) ?? 0,
            client: try record.optionalWord(Key.client) ?? .native,
            trust: try record.optionalWord(Key.trust) ?? .unknown,
            device: try record.optionalText(Key.device)
        )
        isAllowed = try record.flag(Key.allowed)
        rules = try record.texts(Key.rules) ?? []
        reason = try record.optionalText(Key.reason)
        redirections = try record.texts(Key.redirections).map { names throws(CedarError) in
            var found: Set<PolicyRedirection> = []
            for name in names {
                guard let one = PolicyRedirection(rawValue: name) else {
                    throw CedarError(.request, "redirections: there is no \(CedarEscaping.quoted(name))")
                }
                found.insert(one)
            }
            return found
        }
    }

    /// The question for a set that knows the person.
    package func question(_ person: PolicyPerson) -> PolicyQuestion {
        PolicyQuestion(person, action, target, circumstances)
    }
}

/// Reads the members of one object.
private struct RecordReader {
    private var members: [CedarText: CedarJSON] = [:]

    init(_ json: CedarJSON) {
        for member in json.members ?? [] { members[member.key] = member.value }
    }

    func optionalText(_ key: CedarText) throws(CedarError) -> String? {
        guard let value = present(key) else { return nil }
        guard let text = value.string else { throw wrong(key, "a string", value) }
        return text.string
    }

    func text(_ key: CedarText) throws(CedarError) -> String {
        guard let text = try optionalText(key) else { throw CedarError(.request, "\(key) is missing") }
        return text
    }

    /// A list of texts, or one text.
    func texts(_ key: CedarText) throws(CedarError) -> [String]? {
        guard let value = present(key) else { return nil }
        if let text = value.string { return [text.string] }
        guard let elements = value.array else { throw wrong(key, "a list of strings", value) }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw wrong(key, "a list of strings", element) }
            texts.append(text.string)
        }
        return texts
    }

    func optionalWord<Word: RawRepresentable<String>>(_ key: CedarText) throws(CedarError) -> Word? {
        guard let text = try optionalText(key) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw CedarError(.request, "\(key): there is no \(CedarEscaping.quoted(text))")
        }
        return word
    }

    func word<Word: RawRepresentable<String>>(_ key: CedarText) throws(CedarError) -> Word {
        guard let word: Word = try optionalWord(key) else { throw CedarError(.request, "\(key) is missing") }
        return word
    }

    func number(_ key: CedarText) throws(CedarError) -> Int64? {
        guard let value = present(key) else { return nil }
        guard case .integer(let number) = value else { throw wrong(key, "a number", value) }
        return number
    }

    func flag(_ key: CedarText) throws(CedarError) -> Bool {
        guard let value = present(key) else { throw CedarError(.request, "\(key) is missing") }
        guard let flag = value.bool else { throw wrong(key, "true or false", value) }
        return flag
    }

    /// Milliseconds since 1970, or a date with time in UTC.
    func moment(_ key: CedarText) throws(CedarError) -> Int64 {
        guard let value = present(key) else { throw CedarError(.request, "\(key) is missing") }
        if case .integer(let number) = value { return number }
        guard let text = value.string, let moment = CedarDatetime(text.string) else {
            throw wrong(key, "milliseconds or 2026-11-30T09:00:00Z", value)
        }
        return moment.milliseconds
    }

    private func present(_ key: CedarText) -> CedarJSON? {
        guard let value = members[key], value != .null else { return nil }
        return value
    }

    private func wrong(_ key: CedarText, _ wanted: String, _ found: CedarJSON) -> CedarError {
        CedarError(.request, "\(key): expected \(wanted), found \(found.kind)")
    }
}
