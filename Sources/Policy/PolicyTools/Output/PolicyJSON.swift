// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything the tools say, for programs; docs/policy/tools.md lists the keys.

package import AccessPolicy
package import Cedar

extension CedarJSON {
    /// A text.
    package static func text(_ text: String) -> CedarJSON { .string(CedarText(text)) }

    /// A text, or null.
    package static func text(_ text: String?) -> CedarJSON { text.map { .string(CedarText($0)) } ?? .null }

    /// A list of texts.
    package static func texts(_ texts: some Sequence<String>) -> CedarJSON { .array(texts.map { .text($0) }) }

    /// A number that is no larger than 64 bits.
    package static func number(_ number: some BinaryInteger) -> CedarJSON {
        .integer(Int64(clamping: number))
    }
}

extension PolicyRuleName {
    package var json: CedarJSON {
        ["name": .text(name), "origin": origin.file.isEmpty ? .null : .text(origin.description)]
    }
}

extension PolicyCircumstances {
    package var json: CedarJSON {
        [
            "time": .text(CedarDatetime(milliseconds: time).description),
            "local": .text(MomentText.text(time)),
            "src_ip": .text(address.description), "factor": .text(factor.rawValue),
            "factor_age": .integer(factorAge), "client": .text(client.rawValue),
            "trust": .text(trust.rawValue), "device": .text(device),
        ]
    }
}

extension PolicyDecision {
    package var json: CedarJSON {
        [
            "allowed": .bool(isAllowed), "policy_rule": .array(rules.map(\.json)),
            "reason_code": .text(reason?.rawValue), "step_up": .texts(stepUp.map(\.rawValue)),
            "idle": .number(obligations.idleSeconds), "longest": .number(obligations.longestSeconds),
            "record": .bool(obligations.record), "notify": .texts(obligations.notify),
            "redirections": .texts(redirections.sorted().map(\.rawValue)),
            "faults": .texts(faults.map { "\($0.rule?.name ?? ""): \($0.message)" }),
            "policy_version": .text(version),
        ]
    }
}

extension ConditionAccount {
    package var json: CedarJSON {
        [
            "condition": .text(condition.text),
            "values": .array(
                readings.map { ["path": .text($0.path), "value": .text($0.value.map(\.text))] }
            ),
            "error": .text(error?.message),
        ]
    }
}

extension Explanation.Account {
    package var json: CedarJSON {
        let (outcome, condition, others): (String, CedarJSON, Int) =
            switch account.outcome {
            case .satisfied: ("satisfied", .null, 0)
            case .outOfScope: ("out-of-scope", .null, 0)
            case .failed(let condition): ("failed", condition.json, 0)
            case .unsatisfied(let condition, let others): ("unsatisfied", condition.json, others)
            }
        return [
            "rule": rule.json, "effect": .text(effect.rawValue), "outcome": .text(outcome),
            "first": condition, "others": .number(others),
        ]
    }
}

extension Explanation {
    package var json: CedarJSON {
        [
            "user": .text(question.person.user), "groups": .texts(question.person.groups.sorted()),
            "target": .text(AccessTarget(question.action, question.target).description),
            "circumstances": question.circumstances.json, "decision": decision.json,
            "satisfied": .array(satisfied.map(\.json)), "failed": .array(failed.map(\.json)),
            "near": .array(near.map(\.json)), "for_others": .array(forOthers.map(\.rule.json)),
            "passed": .array(passed.map(\.json)),
        ]
    }
}

extension CheckFinding {
    package var json: CedarJSON {
        [
            "severity": .text(severity.rawValue), "kind": .text(kind.rawValue), "rule": .text(rule),
            "origin": .text(place), "message": .text(message), "hint": .text(hint),
        ]
    }
}

extension AccessChange {
    package var json: CedarJSON {
        [
            "kind": .text(kind.rawValue), "groups": .texts(person.groups), "user": .text(person.example),
            "target": .text(target.description), "circumstances": example.json, "before": before.json,
            "after": after.json, "cells": .number(cells), "asked": .number(asked),
        ]
    }
}

extension PolicyDiff {
    package var json: CedarJSON {
        ["changes": .array(changes.map(\.json)), "asked": .number(asked), "cut": .number(cut)]
    }
}

extension DesktopReach {
    package var json: CedarJSON {
        [
            "desktop": .text(desktop),
            "grants": .array(
                grants.map { grant in
                    [
                        "rule": grant.rule.json, "groups": .texts(grant.groups),
                        "conditions": .texts(grant.conditions), "example": grant.example?.json ?? .null,
                        "decision": grant.decision?.json ?? .null,
                        "obstacles": .array(grant.obstacles.map(\.json)),
                    ]
                }
            ), "limits": .array(limits.map(\.json)),
        ]
    }
}

extension PersonReach {
    package var json: CedarJSON {
        [
            "user": .text(person.user), "groups": .texts(person.groups.sorted()),
            "circumstances": circumstances.json, "sign_in": signIn.json,
            "pools": .array(
                pools.map { pool in
                    [
                        "municipality": .text(pool.municipality), "pool": .text(pool.pool),
                        "desktops": .texts(pool.desktops), "decision": pool.decision.json,
                        "elsewise": pool.elsewise?.json ?? .null,
                    ]
                }
            ), "duties": .texts(duties.map(\.description)),
        ]
    }
}

extension DecisionReplay {
    package var json: CedarJSON {
        [
            "lines": .number(lines), "decisions": .number(decisions), "faults": .number(faults),
            "unreadable": .number(unreadableCount),
            "messages": .array(
                unreadable.map { ["line": .number($0.line), "message": .text($0.message)] }
            ),
            "changes": .array(
                sorted.map { group, sum in
                    [
                        "kind": .text(group.kind.rawValue), "before": .texts(group.before),
                        "after": .texts(group.after), "reason_code": .text(group.reason?.rawValue),
                        "count": .number(sum.count), "line": .number(sum.line),
                        "user": .text(sum.example.user), "groups": .texts(sum.example.groups),
                        "target": .text(
                            AccessTarget(sum.example.action, sum.example.target).description
                        ), "circumstances": sum.example.circumstances.json,
                    ]
                }
            ),
        ]
    }
}
