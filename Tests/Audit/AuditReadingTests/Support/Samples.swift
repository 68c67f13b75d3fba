// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one full record for every kind of event, and a county's worth of random ones.

import Foundation

@testable import AuditEvents
@testable import AuditReading

enum Samples {
    /// 15 November 2026, noon.
    static let start: UInt64 = 1_794_744_000_000
    static let day: UInt64 = 86_400_000
    static let salt = [UInt8](repeating: 0xA5, count: AuditLine.saltLength)

    /// A believable value for every key.
    static func value(_ key: AuditKey) -> AuditEvent.Value {
        switch key {
        case .correlation: .text("00112233445566778899aabbccddeeff")
        case .session: .text("ffeeddccbbaa99887766554433221100")
        case .municipality: .text("rhoenblick")
        case .actor: .text("p2026-11.0123456789abcdef0123")
        case .actorKind: .text("person")
        case .actorClaimed: .text("p2026-11.cccccccccccccccccccc")
        case .source: .text("192.0.2.7")
        case .sourcePort: .number(50_123)
        case .action: .text("terminate")
        case .desktop: .text("rhoenblick/buergerbuero/rb-01")
        case .pool: .text("buergerbuero")
        case .target: .text("10.20.1.11:3389")
        case .way: .text("client")
        case .transport: .text("websocket")
        case .ticket: .text("a7a7a7a7a7a7")
        case .webSession: .text("w1")
        case .reason: .text("outside-hours")
        case .reference: .text("R-7F3K-Q2")
        case .rule: .text("hours")
        case .policyVersion: .text("ab12")
        case .obligations: .list(["idle=1800", "clipboard=in"])
        case .detail: .text("Straße \"nach\" Süden, 5 Uhr")
        case .factors: .list(["password", "otp", "webauthn", "card"])
        case .serverName: .text("gate.example")
        case .tlsVersion: .text("TLSv1.3")
        case .certificate: .text("none")
        case .userAgent: .text("Mozilla/5.0")
        case .clientName: .text("PC-7")
        case .subject: .text("p2026-11.ffffffffffffffffffff")
        case .request: .text("A-01020304")
        case .purpose: .text("incident")
        case .caseNumber: .text("IT-4711")
        case .approver: .text("q2026-11.eeeeeeeeeeeeeeeeeeee")
        case .approverRole: .text("data-protection")
        case .filter: .text("from=2026-11-01")
        case .format: .text("ocsf")
        case .period: .text("p2026-11")
        case .origin: .text("audit.example/gate1/2026")
        case .size: .number(1000)
        case .first: .number(0)
        case .next: .number(256)
        case .verifierKey: .text("audit.example/gate1/2027+3924960b+AYqI")
        case .retentionDays: .text("access 90d, security 90d, operation 365d, accountability 1095d")
        case .expires, .ended: .text("2026-11-15T12:30:00.000+00:00")
        case .bytesToClient: .number(98_765)
        case .bytesToDesktop: .number(1234)
        case .duration: .number(3_600_000)
        case .count: .number(3)
        case .line: .number(12)
        case .version: .text("0.1.0")
        }
    }

    /// A record of this kind with every field it may have, or with none.
    static func record(_ kind: AuditKind, full: Bool, index: UInt64) throws -> AuditRecord {
        let keys = full ? kind.definition.keys : []
        let values = Dictionary(uniqueKeysWithValues: keys.map { ($0, Optional(value($0))) })
        let line = AuditLine.render(
            AuditEvent(kind, values),
            index: index,
            milliseconds: start + index * 1000,
            salt: salt
        )
        return try AuditRecord(parsing: line)
    }

    /// A sign-in with these factors and nothing else.
    static func signIn(factors: [String]) throws -> AuditRecord {
        let event = AuditEvent(.signInSucceeded, [.factors: .list(factors)])
        return try AuditRecord(parsing: AuditLine.render(event, index: 0, milliseconds: start, salt: salt))
    }

    /// Every kind, full and empty.
    static func all() throws -> [AuditRecord] {
        var records: [AuditRecord] = []
        for kind in AuditKind.allCases {
            for full in [true, false] {
                records.append(try record(kind, full: full, index: UInt64(records.count)))
            }
        }
        // And what views make of old ones.
        for kind in [AuditKind.signInFailed, .gateIncident, .sessionOpened, .nameRevealed] {
            let record = try record(kind, full: true, index: UInt64(records.count))
            records.append(RecordView.shown(record, now: start + 30 * day))
        }
        return records
    }
}

/// A small generator that gives the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
