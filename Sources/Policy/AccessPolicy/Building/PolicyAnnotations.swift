// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the annotations of a policy: obligations, and what a refusal should say.

internal import Cedar

/// What the annotations of one policy ask for.
package struct PolicyAnnotations: Hashable, Sendable {
    /// `@idle_timeout`, `@max_session`, `@record`, `@notify`.
    package var obligations = PolicyObligations()
    /// `@stepup("totp,webauthn")`: factors that lift this forbid.
    package var stepUp: [PolicyFactor] = []
    /// `@reason("zone")`: what the person is told when this forbid decides.
    package var reason: PolicyReason?

    /// Nothing is asked for.
    package init() {}

    /// Bytes of one annotation's value.
    static let valueBytes = 256
    /// Milliseconds of the longest limit, a week; as the configuration has it.
    static let longest: Int64 = 7 * 86_400_000

    /// Words of `@reason`.
    static let reasons: [String: PolicyReason] = [
        "hours": .outsideHours, "zone": .zone, "factor": .factor, "device": .device, "client": .client,
        "guardrail": .guardrail,
    ]

    /// Reads all; unknown names and values are errors, because a limit with a slip in it would be none.
    init(_ policy: CedarPolicy, _ problem: (CedarAnnotation, String, String) -> Void) {
        for annotation in policy.annotations {
            let value = annotation.value.string
            guard value.utf8.count <= Self.valueBytes else {
                problem(annotation, "the value is longer than \(Self.valueBytes) bytes", "shorten it")
                continue
            }
            switch annotation.name {
            case "id", "doc": break
            case "idle_timeout", "max_session":
                guard let seconds = Self.seconds(value) else {
                    problem(
                        annotation,
                        "expected a duration of 1 s to 7 d, found \"\(value)\"",
                        "write for example @\(annotation.name)(\"15m\")"
                    )
                    continue
                }
                if annotation.name == "idle_timeout" {
                    obligations.idleSeconds = seconds
                } else {
                    obligations.longestSeconds = seconds
                }
            case "record":
                guard value == "on" || value == "off" else {
                    problem(annotation, "expected on or off, found \"\(value)\"", "write @record(\"on\")")
                    continue
                }
                obligations.record = value == "on"
            case "notify":
                let names = Self.words(value)
                guard !names.isEmpty else {
                    problem(annotation, "nobody is named", "write @notify(\"it-security\")")
                    continue
                }
                obligations.notify = Set(names).sorted()
            case "stepup":
                let words = Self.words(value)
                stepUp = words.compactMap(PolicyFactor.init(rawValue:)).filter { $0 != .none }
                guard !words.isEmpty, stepUp.count == words.count, policy.effect == .forbid else {
                    problem(
                        annotation,
                        "expected factors on a forbid, found \"\(value)\"",
                        "write @stepup(\"totp,push,webauthn,smartcard\") on a forbid"
                    )
                    continue
                }
            case "reason":
                guard let known = Self.reasons[value], policy.effect == .forbid else {
                    let words = Self.reasons.keys.sorted().joined(separator: ", ")
                    problem(
                        annotation,
                        "expected a reason on a forbid, found \"\(value)\"",
                        "known: \(words)"
                    )
                    continue
                }
                reason = known
            default:
                problem(
                    annotation,
                    "unknown annotation @\(annotation.name)",
                    "known: @id @doc @idle_timeout @max_session @record @notify @stepup @reason"
                )
            }
        }
    }

    /// Whole seconds of a duration, rounded down but at least one.
    private static func seconds(_ text: String) -> UInt32? {
        guard let duration = CedarDuration(text), (1000...longest).contains(duration.milliseconds) else {
            return nil
        }
        return UInt32(exactly: duration.milliseconds / 1000)
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: ",").map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        .filter { !$0.isEmpty }
    }
}
