// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whom the control socket serves, and for which municipalities.

import AccessPolicy
import Foundation
import Glibc
import LinuxKit
import Logging

/// What one user may look at and end.
struct OperatorPermission: Sendable {
    /// For root, the daemon's own user and those in `users.operators`.
    static let everything = OperatorPermission { _ in true }

    private let decide: @Sendable (_ municipality: String?) -> Bool

    private init(_ decide: @escaping @Sendable (String?) -> Bool) { self.decide = decide }

    /// What the policy allows; nil when that is nothing.
    init?(_ duties: PolicyDuties) {
        guard duties.allowsSomewhere(.operate) else { return nil }
        self.init { duties.allows(.operate, in: $0) }
    }

    /// What is about the service itself.
    var isForCounty: Bool { decide(nil) }

    /// What is about a municipality's people; without one it is the county's.
    func allows(_ municipality: String) -> Bool { decide(municipality.isEmpty ? nil : municipality) }
}

/// A user of the control socket.
struct OperatorStanding: Sendable {
    /// As NSS writes it; `uid 4711` where it knows none.
    let account: String
    /// Nil when nothing is allowed.
    let permission: OperatorPermission?
    /// Nil for those who are not asked about, and for those whom nobody knows.
    let duties: PolicyDuties?

    /// Why something is refused.
    func refusal(in municipality: String?) -> PolicyRefusal {
        duties?.refusal(.operate, in: municipality) ?? PolicyRefusal(reason: .unknownPerson)
    }
}

/// Finds out what a user may; nothing is kept, so that a withdrawn role ends with the next question.
struct OperatorRegister: Sendable {
    /// User ids in `users.operators`.
    let listed: Set<UInt32>
    /// The rules in force.
    let policy: @Sendable () -> AccessPolicySet?
    /// NSS groups of an account; nil when there is none.
    let groups: @Sendable (String) async throws -> [String]?
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64
    let logger: Logger

    /// What a user may; somebody who cannot be looked up may nothing.
    func standing(of uid: UInt32) async -> OperatorStanding {
        let isListed = uid == 0 || uid == geteuid() || listed.contains(uid)
        var account = "uid \(uid)"
        do {
            let name = try await Self.name(of: uid)
            account = name ?? account
            if isListed {
                return OperatorStanding(account: account, permission: .everything, duties: nil)
            }
            guard let policy = policy(), let name, let groups = try await groups(name) else {
                return OperatorStanding(account: account, permission: nil, duties: nil)
            }
            let time = Int64(clamping: now())
            let duties = PolicyDuties(policy, user: name, groups: groups, time: time)
            return OperatorStanding(
                account: account,
                permission: OperatorPermission(duties),
                duties: duties
            )
        } catch {
            logger.error("an operator cannot be looked up: \(error)", metadata: ["uid": "\(uid)"])
            return OperatorStanding(account: account, permission: isListed ? .everything : nil, duties: nil)
        }
    }

    /// A directory may take its time, so not on the threads that all tasks share.
    private static func name(of uid: UInt32) async throws -> String? {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try UserDatabase.user(numbered: uid)?.name })
            }
        }
    }
}
