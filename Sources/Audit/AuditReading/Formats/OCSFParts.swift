// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the objects of OCSF that a record's fields become.

internal import AuditEvents

/// Objects for one record; nil where the record has nothing for them.
struct OCSFParts {
    private let record: AuditRecord

    init(_ record: AuditRecord) {
        self.record = record
    }

    /// Required by several classes; somebody unknown is a user all the same.
    var user: JSONTree {
        let isOperator = record.text(.actorKind) == "operator"
        return .object([
            "uid": .text(record.text(.actor) ?? "unknown"),
            "type_id": .number(record.text(.actor) == nil ? 0 : isOperator ? 2 : 1),
        ])
    }

    var actor: JSONTree {
        record.text(.actor) == nil
            ? .object(["app_name": .text("torhaus")])
            : .object(["user": user, "session": session])
    }

    var session: JSONTree? {
        (record.text(.session) ?? record.text(.webSession)).map { .object(["uid": .text($0)]) }
    }

    /// The client; a shortened address is no `ip`.
    var source: JSONTree? {
        guard let address = record.text(.source) else { return nil }
        let isWhole = !address.contains("/") && !address.contains("(")
        return .object([
            "ip": isWhole ? .text(address) : nil,
            "subnet_uid": isWhole ? nil : .text(address),
            "uid": isWhole ? nil : .text(address),
            "port": .optional(record.number(.sourcePort)),
            "name": .optional(record.text(.clientName)),
        ])
    }

    /// Where a class requires one: operators come through a socket of this machine.
    var anySource: JSONTree { source ?? .object(["name": .text("local")]) }

    var desktop: JSONTree? {
        guard record.text(.desktop) != nil || record.text(.target) != nil else { return nil }
        return .object([
            "uid": .text(record.text(.desktop) ?? record.text(.target) ?? ""),
            "name": .optional(record.text(.target)),
        ])
    }

    var traffic: JSONTree? {
        .filled([
            "bytes_in": .optional(record.number(.bytesToDesktop)),
            "bytes_out": .optional(record.number(.bytesToClient)),
        ])
    }

    var duration: JSONTree? { .optional(record.number(.duration)) }

    var factors: [String]? {
        guard case .list(let factors) = record[.factors] else { return nil }
        return factors
    }

    /// 11 is a password, 7 a one-time code, 5 a push notification, 10 WebAuthn, 99 another.
    var authFactors: JSONTree? {
        factors.map { factors in
            .list(
                factors.map { factor in
                    switch factor {
                    case "password": .object(["factor_type_id": .number(11)])
                    case "otp": .object(["factor_type_id": .number(7)])
                    case "push": .object(["factor_type_id": .number(5)])
                    case "webauthn": .object(["factor_type_id": .number(10)])
                    default: .object(["factor_type_id": .number(99), "factor_type": .text(factor)])
                    }
                }
            )
        }
    }

    var entity: JSONTree {
        .object([
            "uid": .text(record.text(.target) ?? record.text(.policyVersion) ?? "configuration"),
            "type": .text("Configuration"),
            "version": .optional(record.text(.policyVersion)),
        ])
    }

    var api: JSONTree {
        .object([
            "operation": .text(record.text(.action).map { "\(record.name).\($0)" } ?? record.name),
            "request": record.text(.request).map { .object(["uid": .text($0)]) },
        ])
    }

    var application: JSONTree {
        .object([
            "name": .text("torhaus"), "vendor_name": .text("Torhaus"),
            "version": .optional(record.text(.version)),
        ])
    }

    var finding: JSONTree {
        .object([
            "uid": .text(String(record.index)),
            "title": .text(record.kind?.definition.meaning ?? record.name),
            "types": .list([.text(record.name)]),
        ])
    }

    /// Every field as it is in the record, under its own key: the mapping must not lose anything.
    func unmapped(_ record: AuditRecord) -> JSONTree? {
        let members = record.fields.map { JSONTree.Member(key: $0.key, value: JSONTree($0.value)) }
        return .object(members + [JSONTree.Member(key: "retention", value: .text(record.retention))])
    }
}
