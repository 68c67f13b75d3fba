// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what every part of the vault needs: rows under the map key, recording before doing, one error type.

internal import AuditEvents
internal import Foundation
internal import GRDB

extension IdentityVault {
    /// Purposes and case numbers are for people to read; longer ones are not.
    static let longestCaseText = 200

    /// Purpose and number must say something.
    static func check(_ why: AuditCase) throws(IdentityError) {
        let texts = [why.purpose, why.number]
        guard
            texts.allSatisfy({ text in
                (1...longestCaseText).contains(text.utf8.count) && !text.allSatisfy(\.isWhitespace)
            })
        else {
            throw IdentityError(
                .noCase,
                "purpose and case number are needed, each of at most \(longestCaseText) bytes"
            )
        }
    }

    /// Records; throws when it could not be, and then nothing may happen.
    func note(_ event: AuditEvent) async throws(IdentityError) {
        do throws(AuditFailure) {
            try await record(event)
        } catch {
            throw IdentityError(.notRecorded, "the audit log does not take the record: \(error.reason)")
        }
    }

    /// Eight hexadecimal digits that people can read to each other.
    func newID(_ letter: String) throws(IdentityError) -> String {
        "\(letter)-" + AuditHex.text(try random(4))
    }

    func random(_ count: Int) throws(IdentityError) -> [UInt8] {
        do {
            return try calls.random(count)
        } catch {
            throw IdentityError(.unusable, "no random bytes", cause: error)
        }
    }

    // MARK: The database

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(IdentityError) -> Value {
        do {
            return try await database.read(body)
        } catch {
            throw (error as? IdentityError)
                ?? IdentityError(.unusable, "the map of names does not read", cause: error)
        }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(IdentityError) -> Value {
        do {
            return try await database.write(body)
        } catch {
            throw (error as? IdentityError)
                ?? IdentityError(.unusable, "the map of names cannot be written", cause: error)
        }
    }

    // MARK: Rows under the map key

    /// The key around a period's rows; throws when it was destroyed.
    func mapKey(_ period: PseudonymPeriod) throws(IdentityError) -> [UInt8] {
        guard let key = try keys.read(period, .map) else {
            throw IdentityError(.destroyed, "the keys of \(period) are gone")
        }
        return key
    }

    /// A value as the bytes of a row; `row` binds it to its place.
    func seal(
        _ value: some Encodable,
        _ period: PseudonymPeriod,
        row: String
    ) throws(IdentityError) -> [UInt8] {
        try seal(value, period, row: row, key: try mapKey(period))
    }

    /// The same with the period's map key, for many rows.
    func seal(
        _ value: some Encodable,
        _ period: PseudonymPeriod,
        row: String,
        key: [UInt8]
    ) throws(IdentityError) -> [UInt8] {
        do {
            return try calls.seal(Array(JSONEncoder().encode(value)), key, Array("\(period)\0\(row)".utf8))
        } catch {
            throw IdentityError(.unusable, "a row of \(period) cannot be sealed", cause: error)
        }
    }

    func unseal<Value: Decodable>(
        _ type: Value.Type,
        _ bytes: [UInt8],
        _ period: PseudonymPeriod,
        row: String
    ) throws(IdentityError) -> Value {
        let key = try mapKey(period)
        do {
            let plain = try calls.open(bytes, key, Array("\(period)\0\(row)".utf8))
            return try JSONDecoder().decode(type, from: Data(plain))
        } catch {
            throw IdentityError(.unusable, "a row of \(period) does not open", cause: error)
        }
    }
}
