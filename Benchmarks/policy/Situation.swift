// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a gateway knows about one request before it builds the context.

import Cedar

/// Plain values, from which the request is built anew for each decision, as the gateway does it.
struct Situation {
    private enum Key {
        static let ip: CedarText = "ip"
        static let zone: CedarText = "zone"
        static let now: CedarText = "now"
        static let local: CedarText = "local"
        static let minute: CedarText = "minute"
        static let weekday: CedarText = "weekday"
        static let holiday: CedarText = "holiday"
        static let workday: CedarText = "workday"
        static let mfa: CedarText = "mfa"
        static let mfaAge: CedarText = "mfaAge"
        static let client: CedarText = "client"
        static let trust: CedarText = "trust"
        static let device: CedarText = "device"
    }

    private let principal: EntityUID
    private let action: EntityUID
    private let resource: EntityUID
    private let address: String
    private let zone: EntityUID
    private let now: Int64
    private let minute: Int64
    private let weekday: Int64
    private let isHoliday: Bool
    private let mfa: EntityUID
    private let mfaAge: Int64
    private let client: EntityUID
    private let trust: EntityUID
    private let device: EntityUID?

    /// Takes a request apart that is written for the official engine.
    init(_ json: CedarJSON, _ schema: CedarSchema) throws {
        let request = try CedarRequestReader.request(json, schema: schema)
        principal = request.principal
        action = request.action
        resource = request.resource
        let context = request.context
        let local = try Self.record(context[Key.local])
        address = try Self.value(context[Key.ip]).asIP().description
        zone = try Self.value(context[Key.zone]).asEntity()
        now = try Self.value(context[Key.now]).asDatetime().milliseconds
        minute = try Self.value(local[Key.minute]).asLong()
        weekday = try Self.value(local[Key.weekday]).asLong()
        isHoliday = try Self.value(local[Key.holiday]).asBool()
        mfa = try Self.value(context[Key.mfa]).asEntity()
        mfaAge = try Self.value(context[Key.mfaAge]).asDuration().milliseconds
        client = try Self.value(context[Key.client]).asEntity()
        trust = try Self.value(context[Key.trust]).asEntity()
        device = try context[Key.device].map { try $0.asEntity() }
    }

    func request() -> CedarRequest {
        CedarRequest(principal: principal, action: action, resource: resource, context: context())
    }

    func context() -> CedarRecord {
        let local = CedarRecord([
            CedarRecord.Entry(Key.holiday, .bool(isHoliday)),
            CedarRecord.Entry(Key.minute, .long(minute)),
            CedarRecord.Entry(Key.weekday, .long(weekday)),
            CedarRecord.Entry(Key.workday, .bool(weekday < 6 && !isHoliday)),
        ])
        var entries = [
            CedarRecord.Entry(Key.client, .entity(client)),
            CedarRecord.Entry(Key.local, .record(local ?? .empty)),
            CedarRecord.Entry(Key.mfa, .entity(mfa)),
            CedarRecord.Entry(Key.mfaAge, .duration(CedarDuration(milliseconds: mfaAge))),
            CedarRecord.Entry(Key.now, .datetime(CedarDatetime(milliseconds: now))),
            CedarRecord.Entry(Key.trust, .entity(trust)),
            CedarRecord.Entry(Key.zone, .entity(zone)),
        ]
        if let address = CedarIPAddress(address) { entries.append(CedarRecord.Entry(Key.ip, .ip(address))) }
        if let device { entries.append(CedarRecord.Entry(Key.device, .entity(device))) }
        return CedarRecord(entries) ?? .empty
    }

    private static func value(_ value: CedarValue?) throws(CedarError) -> CedarValue {
        guard let value else { throw CedarError(.request, "the context lacks an attribute") }
        return value
    }

    private static func record(_ value: CedarValue?) throws(CedarError) -> CedarRecord {
        guard case .record(let record)? = value else { throw CedarError(.request, "local is no record") }
        return record
    }
}
