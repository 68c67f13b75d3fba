// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every pseudonym of one person, for that person's own question (GDPR Art. 15).

package import AuditEvents
internal import Foundation
internal import GRDB

/// What is needed to answer a person.
package struct PersonInquiry: Sendable, Hashable {
    /// All her pseudonyms that are not destroyed yet.
    package let pseudonyms: [String]
    /// Her pseudonym of this month in records about reading.
    package let subject: String
    package let approvers: [AuditApprover]
}

extension IdentityVault {
    /// Finds a person's pseudonyms with the keys of two holders of different roles.
    ///
    /// It is the same power as opening names, only backwards; so it needs the same two keys. The answer is
    /// recorded by whoever puts the records together (`personInformed`), a refusal here.
    package func inquire(
        _ name: String,
        why: AuditCase,
        with pair: (HolderKey, HolderKey),
        by subject: AuditSubject
    ) async throws(IdentityError) -> PersonInquiry {
        try Self.check(why)
        let subjectPseudonym = try await pseudonym(of: name, realm: .accountability)
        do throws(IdentityError) {
            let approvers = [try prove(pair.0), try prove(pair.1)]
            guard approvers[0].role != approvers[1].role, pair.0.holder != pair.1.holder else {
                throw IdentityError(.sameRole, "two holders of different roles must agree")
            }
            var found: [String] = []
            for period in try keys.periods(.map) {
                guard let key = try await pseudonymKey(period, pair) else { continue }
                found.append(period.pseudonym(of: name, key: key, calls: calls))
            }
            let candidates = found
            let known = try await read { database in
                try candidates.filter { pseudonym in
                    try Bool.fetchOne(
                        database,
                        sql: "SELECT EXISTS (SELECT 1 FROM person WHERE pseudonym = ?)",
                        arguments: [pseudonym]
                    ) ?? false
                }
            }
            return PersonInquiry(pseudonyms: known, subject: subjectPseudonym, approvers: approvers)
        } catch {
            guard error.code != .notRecorded else { throw error }
            try await note(
                .reveal(
                    .refused(nil, reason: error.code.rawValue),
                    subject,
                    request: "Art. 15",
                    why: why,
                    about: subjectPseudonym,
                    period: PseudonymPeriod(ofPseudonym: subjectPseudonym)?.description ?? ""
                )
            )
            throw error
        }
    }

    /// The holder behind a key, proven by opening something fresh.
    func prove(_ key: HolderKey) throws(IdentityError) -> AuditApprover {
        guard let holder = register.holder(key.holder) else {
            throw IdentityError(.unknown, "\(key.holder) holds no key")
        }
        let challenge = try random(SealedSecret.secretBytes)
        let answer: [UInt8]
        do {
            answer = try key.open(try calls.sealFor(holder.publicKey, challenge))
        } catch {
            throw IdentityError(.wrongKey, "the key is not that of \(key.holder)")
        }
        guard answer == challenge else {
            throw IdentityError(.wrongKey, "the key is not that of \(key.holder)")
        }
        return AuditApprover(holder: holder.holder, role: holder.role)
    }

    /// A period's pseudonym key: its file while the month runs, the two shares afterwards.
    private func pseudonymKey(
        _ period: PseudonymPeriod,
        _ pair: (HolderKey, HolderKey)
    ) async throws(IdentityError) -> [UInt8]? {
        if let key = try keys.read(period, .pseudonym) { return key }
        let name = period.description
        let row = try await read { database in
            try Data.fetchOne(
                database,
                sql: "SELECT sealed FROM closed_period WHERE period = ?",
                arguments: [name]
            )
        }
        guard let row else { return nil }
        let secret = try unseal(SealedSecret.self, Array(row), period, row: "pseudonym key")
        return try SealedSecret.join(
            try secret.open(with: pair.0, calls: calls),
            try secret.open(with: pair.1, calls: calls)
        )
    }
}
