// SPDX-License-Identifier: EUPL-1.2
// Torhaus: circumstances as a Cedar context.

internal import Cedar

/// Makes the record `Gw::Circumstances` of the schema.
struct PolicyContext {
    private static let none = EntityUID(type: Gw.factor, id: "none")
    private static let factors: [PolicyFactor: CedarValue] = Dictionary(
        uniqueKeysWithValues: PolicyFactor.allCases.map { ($0, .entity(Gw.uid(Gw.factor, $0.rawValue))) }
    )
    private static let clients: [PolicyClientKind: CedarValue] = Dictionary(
        uniqueKeysWithValues: PolicyClientKind.allCases.map { ($0, .entity(Gw.uid(Gw.client, $0.rawValue))) }
    )
    private static let trusts: [PolicyTrust: CedarValue] = Dictionary(
        uniqueKeysWithValues: PolicyTrust.allCases.map { ($0, .entity(Gw.uid(Gw.trust, $0.rawValue))) }
    )

    /// Names in policies, interned once.
    enum Key {
        static let client: CedarText = "client"
        static let device: CedarText = "device"
        static let ip: CedarText = "ip"
        static let local: CedarText = "local"
        static let mfa: CedarText = "mfa"
        static let mfaAge: CedarText = "mfaAge"
        static let now: CedarText = "now"
        static let trust: CedarText = "trust"
        static let zone: CedarText = "zone"
        static let minute: CedarText = "minute"
        static let weekday: CedarText = "weekday"
        static let holiday: CedarText = "holiday"
        static let workday: CedarText = "workday"
    }

    /// Milliseconds for an age in seconds; never negative, and never beyond what a duration holds.
    static func age(_ seconds: Int64) -> Int64 {
        let (product, over) = max(0, seconds).multipliedReportingOverflow(by: 1000)
        return over ? .max : product
    }

    /// The record.
    static func record(_ circumstances: PolicyCircumstances, zone: EntityUID) -> CedarRecord {
        let local = BerlinTime(milliseconds: circumstances.time)
        var values: [CedarText: CedarValue] = [
            Key.ip: .ip(circumstances.address.unmapped),
            Key.zone: .entity(zone),
            Key.now: .datetime(CedarDatetime(milliseconds: circumstances.time)),
            Key.local: .record(
                CedarRecord([
                    Key.minute: .long(local.minute), Key.weekday: .long(local.weekday),
                    Key.holiday: .bool(local.isHoliday), Key.workday: .bool(local.isWorkday),
                ])
            ),
            Key.mfa: factors[circumstances.factor] ?? .entity(none),
            Key.mfaAge: .duration(CedarDuration(milliseconds: age(circumstances.factorAge))),
        ]
        values[Key.client] = clients[circumstances.client]
        values[Key.trust] = trusts[circumstances.trust]
        values[Key.device] = circumstances.device.map { .entity(Gw.uid(Gw.device, $0)) }
        return CedarRecord(values)
    }
}
