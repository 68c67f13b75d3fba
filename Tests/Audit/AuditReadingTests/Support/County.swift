// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a log of a small county with a bit of everything.

@testable import AuditEvents
@testable import AuditReading

enum County {
    static let municipalities = ["rhoenblick", "ulsterau", "wasserkuppe"]

    static func person(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "p2026-11." + String(repeating: "0", count: 20 - digits.count) + digits
    }

    static func id(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
            + String(repeating: "f", count: 16)
    }

    /// Random events of the same seed, a minute apart, with a late one now and then.
    static func archive(_ count: Int, seed: UInt64) -> MemoryArchive {
        var random = SeededGenerator(seed: seed)
        let archive = MemoryArchive()
        for step in 0..<count {
            let isLate = Int.random(in: 0..<50, using: &random) == 0
            let clock = Samples.start + UInt64(step) * 60_000 - (isLate ? 3 * Samples.day : 0)
            archive.append(event(&random), at: clock)
        }
        return archive
    }

    private static func event(_ random: inout SeededGenerator) -> AuditEvent {
        let place = municipalities[Int.random(in: 0..<3, using: &random)]
        let subject = AuditSubject(
            correlation: id(UInt64.random(in: 0..<40, using: &random)),
            session: Bool.random(using: &random) ? id(UInt64.random(in: 0..<40, using: &random)) : nil,
            municipality: Int.random(in: 0..<5, using: &random) == 0 ? nil : place,
            actor: person(Int.random(in: 0..<12, using: &random)),
            actorKind: .person,
            source: "192.0.2.\(Int.random(in: 0..<5, using: &random))"
        )
        let desktop = AuditDesktop(
            id: "\(place)/büro/pc-\(Int.random(in: 0..<9, using: &random))",
            pool: "büro"
        )
        let reason = AuditReason(
            code: "outside-hours",
            reference: "R-\(UInt8.random(in: 0...9, using: &random))"
        )
        let connection = AuditConnection(transport: "browser", userAgent: "Firefox \"128\"")
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .signInFailed(subject, reason: reason, connection: connection)
        case 1: return .sessionConnected(subject, desktop: desktop, target: "10.20.1.11:3389")
        case 2:
            return .sessionEnded(subject, desktop: desktop, reason: AuditReason(code: "idle"), traffic: nil)
        case 3:
            return .refused(
                .openSession,
                subject,
                desktop: desktop,
                reason: reason,
                ticketHash: nil,
                detail: "Ärger im Café",
                connection: connection
            )
        case 4:
            return .reveal(
                .approved(AuditApprover(holder: person(20), role: "security")),
                subject,
                request: "A-1",
                why: AuditCase(purpose: "incident", number: "IT-4711"),
                about: person(Int.random(in: 0..<12, using: &random)),
                period: "p2026-11"
            )
        default: return .daemonStarted(version: "0.1.0", policyVersion: "ab12")
        }
    }
}
