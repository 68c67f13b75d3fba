// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what operators may ask over the control socket.

import AccessPolicy
import AuditClient
import AuditEvents
import ControlSocket
import DaemonMessages
import LinuxKit
import Sessions
import Synchronization

struct Operators: OperatorService {
    /// A client has this long to prove itself again.
    private static let reauthenticationSeconds: UInt32 = 60

    let sessions: SessionService
    let holder: ConfigurationHolder
    let audit: AuditClient
    let register: OperatorRegister
    let refusals = OperatorRefusals()

    func admits(_ uid: UInt32) async -> Bool { await register.standing(of: uid).permission != nil }

    /// A request that nobody read yet is recorded as what it was: a connection.
    func turnedAway(_ uid: UInt32, verb: String?) async -> String {
        let reference = await sessions.makeReference()
        switch refusals.refuse(uid, reference: reference) {
        case .counted(let known): return known
        case .record(let further):
            let standing = await register.standing(of: uid)
            let actor = ActingOperator(account: standing.account)
            await refuse(verb ?? "connect", in: nil, by: actor, standing, reference, further: further)
            return reference
        }
    }

    func perform(_ request: OperatorRequest, by uid: UInt32) async -> OperatorReply {
        let standing = await register.standing(of: uid)
        // What anybody but root says about others is worth nothing.
        let actor = ActingOperator(account: standing.account, claimed: uid == 0 ? request.claimed : "")
        guard let permission = standing.permission else {
            return await refusal(request, by: actor, standing)
        }
        do {
            return try await answer(request, by: actor, permission, standing)
        } catch {
            return OperatorReply(succeeded: false, text: "torhausd could not do that: \(error)")
        }
    }

    /// Recorded, with a reference that the county's operators can look up.
    private func refusal(
        _ request: OperatorRequest,
        by actor: ActingOperator,
        _ standing: OperatorStanding
    ) async -> OperatorReply {
        let reference = await sessions.makeReference()
        await refuse(request.verb, in: nil, by: actor, standing, reference)
        let why = standing.refusal(in: nil).sentence
        return OperatorReply(
            succeeded: false,
            text: "no role allows this to you: \(request.verb)\n  why: \(why)\n  reference: \(reference)"
        )
    }

    private func refuse(
        _ verb: String,
        in municipality: String?,
        by actor: ActingOperator,
        _ standing: OperatorStanding,
        _ reference: String,
        session: String? = nil,
        further: Int = 0
    ) async {
        let why = standing.refusal(in: municipality)
        let denial = OperatorDenial(
            verb: verb,
            reason: why.reason.rawValue,
            rule: why.rules.joined(separator: " "),
            policyVersion: why.version,
            further: further
        )
        await sessions.refuse(denial, by: actor, reference: reference, session: session)
    }

    private func answer(
        _ request: OperatorRequest,
        by actor: ActingOperator,
        _ permission: OperatorPermission,
        _ standing: OperatorStanding
    ) async throws -> OperatorReply {
        let first = request.arguments.first ?? ""
        switch OperatorVerb(rawValue: request.verb) {
        case .status:
            return permission.isForCounty
                ? try await status() : await refusal(request, by: actor, standing)
        case .sessions:
            return try await list(permission)
        case .why:
            // Another municipality's reference is answered as one that does not exist.
            let none = OperatorReply(succeeded: false, text: "no such reference: \(first)")
            guard let record = try await sessions.why(first, by: actor) else { return none }
            guard permission.allows(record.municipality) else {
                let reference = await sessions.makeReference()
                await refuse(request.verb, in: record.place, by: actor, standing, reference)
                return none
            }
            return OperatorReply(succeeded: true, text: Self.text(of: record))
        case .terminate, .message, .reauthenticate:
            guard let session = SessionID(hexadecimal: first) else {
                return OperatorReply(succeeded: false, text: "\(first) is no session; see: torhaus sessions")
            }
            guard try await mayAct(request, on: first, by: actor, permission, standing) else {
                return OperatorReply(succeeded: false, text: "there is no such session")
            }
            return try await act(request, on: session, by: actor)
        case nil:
            return OperatorReply(succeeded: false, text: "unknown request: \(request.verb)")
        }
    }

    /// Other municipalities' sessions do not exist for an operator of one; the log knows better.
    private func mayAct(
        _ request: OperatorRequest,
        on session: String,
        by actor: ActingOperator,
        _ permission: OperatorPermission,
        _ standing: OperatorStanding
    ) async throws -> Bool {
        if permission.isForCounty { return true }
        let found = try await sessions.sessions().first { $0.session == session.lowercased() }
        guard let found else { return false }
        if permission.allows(found.municipality) { return true }
        await refuse(
            request.verb,
            in: found.municipality.isEmpty ? nil : found.municipality,
            by: actor,
            standing,
            await sessions.makeReference(),
            session: found.session
        )
        return false
    }

    private func act(
        _ request: OperatorRequest,
        on session: SessionID,
        by actor: ActingOperator
    ) async throws -> OperatorReply {
        let outcome: OperatorOutcome
        switch OperatorVerb(rawValue: request.verb) {
        case .terminate:
            outcome = try await sessions.terminate(session, by: actor)
        case .message:
            let text = request.arguments.dropFirst().joined(separator: " ")
            outcome = try await sessions.message(session, text: text, by: actor)
        default:
            let seconds = Self.reauthenticationSeconds
            outcome = try await sessions.reauthenticate(session, withinSeconds: seconds, by: actor)
        }
        return switch outcome {
        case .done: OperatorReply(succeeded: true, text: "done")
        case .noSuchSession: OperatorReply(succeeded: false, text: "there is no such session")
        case .noGate: OperatorReply(succeeded: false, text: "no gate carries this session now")
        }
    }

    private func status() async throws -> OperatorReply {
        let overview = try await sessions.overview()
        let counts = overview.sessions.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
        var lines = [
            "torhausd \(Main.version), configuration \(overview.configurationVersion)",
            "rules: \(overview.policyVersion)",
            "audit log: \(audit.isAvailable ? "durable" : "AWAY, new sessions are refused")",
            "gates: \(overview.gates.isEmpty ? "none connected" : overview.gates.joined(separator: ", "))",
            "desktops: \(overview.desktops)",
            "tickets and sessions: \(counts.isEmpty ? "none" : counts)",
        ]
        if let rejection = holder.rejection {
            lines.append("configuration files: REJECTED, the old ones stay in force: \(rejection)")
        }
        return OperatorReply(succeeded: audit.isAvailable, text: lines.joined(separator: "\n"))
    }

    private func list(_ permission: OperatorPermission) async throws -> OperatorReply {
        let all = try await sessions.sessions().filter { permission.allows($0.municipality) }
        let lines = all.map { each in
            let since = AuditTime.text(each.openedAt)
            let target = each.connectedTo.isEmpty ? "-" : each.connectedTo
            return
                "\(each.session)  \(each.state)  \(each.user)  \(each.desktop)  \(each.way)  \(since)  \(target)"
        }
        return OperatorReply(
            succeeded: true,
            text: lines.isEmpty ? "no sessions" : lines.joined(separator: "\n")
        )
    }

    private static func text(of record: ReasonRecord) -> String {
        [
            "\(record.reference)  \(AuditTime.text(record.at))",
            "action: \(record.action)", "reason: \(record.reason)", "rule: \(record.rule)",
            "user: \(record.user)", "municipality: \(record.municipality)", "desktop: \(record.desktop)",
            "source: \(record.source)", "correlation: \(record.correlation)", "detail: \(record.detail)",
            "shown: \(record.german)", "rules: \(record.policyVersion ?? "")",
        ].joined(separator: "\n") + (record.explanation ?? []).map { "\n  \($0)" }.joined()
    }
}

/// Counts the refusals of those who may ask nothing.
final class OperatorRefusals: Sendable {
    private let meter = Mutex(RefusalMeter())

    func refuse(_ uid: UInt32, reference: String) -> RefusalMeter.Answer {
        meter.withLock { $0.refuse(uid, at: Clock.monotonicMilliseconds(), reference: reference) }
    }
}

extension ReasonRecord {
    /// The municipality that it is about; nil for the county.
    fileprivate var place: String? { municipality.isEmpty ? nil : municipality }
}

extension SessionID {
    /// 32 hexadecimal digits.
    init?(hexadecimal text: String) {
        guard text.utf8.count == 32 else { return nil }
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self.init(bytes: bytes)
    }
}
