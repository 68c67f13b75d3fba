// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what operators may ask over the control socket.

import AuditClient
import AuditEvents
import ControlSocket
import DaemonMessages
import Sessions

struct Operators: OperatorService {
    /// A client has this long to prove itself again.
    private static let reauthenticationSeconds: UInt32 = 60

    let sessions: SessionService
    let holder: ConfigurationHolder
    let audit: AuditClient
    let register: OperatorRegister

    func admits(_ uid: UInt32) async -> Bool { await register.permission(of: uid) != nil }

    func perform(_ request: OperatorRequest, by uid: UInt32) async -> OperatorReply {
        guard let permission = await register.permission(of: uid) else { return Self.refusal(request) }
        do {
            return try await answer(request, by: "uid \(uid)", permission)
        } catch {
            return OperatorReply(succeeded: false, text: "torhausd could not do that: \(error)")
        }
    }

    private static func refusal(_ request: OperatorRequest) -> OperatorReply {
        OperatorReply(succeeded: false, text: "no role allows this to you: \(request.verb)")
    }

    private func answer(
        _ request: OperatorRequest,
        by actor: String,
        _ permission: OperatorPermission
    ) async throws -> OperatorReply {
        let first = request.arguments.first ?? ""
        switch OperatorVerb(rawValue: request.verb) {
        case .status:
            return permission.isForCounty ? try await status() : Self.refusal(request)
        case .sessions:
            return try await list(permission)
        case .why:
            // Another municipality's reference is answered as one that does not exist.
            guard let record = try await sessions.why(first, by: actor),
                permission.allows(record.municipality)
            else {
                return OperatorReply(succeeded: false, text: "no such reference: \(first)")
            }
            return OperatorReply(succeeded: true, text: Self.text(of: record))
        case .terminate, .message, .reauthenticate:
            guard let session = SessionID(hexadecimal: first) else {
                return OperatorReply(succeeded: false, text: "\(first) is no session; see: torhaus sessions")
            }
            guard try await mayAct(on: first, permission) else {
                return OperatorReply(succeeded: false, text: "there is no such session")
            }
            return try await act(request, on: session, by: actor)
        case nil:
            return OperatorReply(succeeded: false, text: "unknown request: \(request.verb)")
        }
    }

    /// Other municipalities' sessions do not exist for an operator of one.
    private func mayAct(on session: String, _ permission: OperatorPermission) async throws -> Bool {
        if permission.isForCounty { return true }
        let found = try await sessions.sessions().first { $0.session == session.lowercased() }
        return found.map { permission.allows($0.municipality) } ?? false
    }

    private func act(
        _ request: OperatorRequest,
        on session: SessionID,
        by actor: String
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
