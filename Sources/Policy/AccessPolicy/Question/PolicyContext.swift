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
        let wall = [
            CedarRecord.Entry(Key.holiday, .bool(local.isHoliday)),
            CedarRecord.Entry(Key.minute, .long(local.minute)),
            CedarRecord.Entry(Key.weekday, .long(local.weekday)),
            CedarRecord.Entry(Key.workday, .bool(local.isWorkday)),
        ]
        let age = CedarDuration(milliseconds: age(circumstances.factorAge))
        var entries: [CedarRecord.Entry] = []
        entries.reserveCapacity(9)
        if let client = clients[circumstances.client] { entries.append(.init(Key.client, client)) }
        if let device = circumstances.device {
            entries.append(.init(Key.device, .entity(Gw.uid(Gw.device, device))))
        }
        entries.append(.init(Key.ip, .ip(circumstances.address.unmapped)))
        // Keys are distinct; an empty record would make every condition fail, on the safe side.
        entries.append(.init(Key.local, .record(CedarRecord(wall) ?? .empty)))
        entries.append(.init(Key.mfa, factors[circumstances.factor] ?? .entity(none)))
        entries.append(.init(Key.mfaAge, .duration(age)))
        entries.append(.init(Key.now, .datetime(CedarDatetime(milliseconds: circumstances.time))))
        if let trust = trusts[circumstances.trust] { entries.append(.init(Key.trust, trust)) }
        entries.append(.init(Key.zone, .entity(zone)))
        return CedarRecord(entries) ?? .empty
    }
}
