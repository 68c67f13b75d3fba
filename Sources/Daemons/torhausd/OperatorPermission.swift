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

    /// Nil when nothing is allowed, and when the user cannot be looked up.
    func permission(of uid: UInt32) async -> OperatorPermission? {
        if uid == 0 || uid == geteuid() || listed.contains(uid) { return .everything }
        do {
            guard let policy = policy(), let name = try await Self.name(of: uid),
                let groups = try await groups(name)
            else { return nil }
            let time = Int64(clamping: now())
            return OperatorPermission(PolicyDuties(policy, user: name, groups: groups, time: time))
        } catch {
            logger.error("an operator cannot be looked up: \(error)", metadata: ["uid": "\(uid)"])
            return nil
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
