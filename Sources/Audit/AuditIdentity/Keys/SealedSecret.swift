// SPDX-License-Identifier: EUPL-1.2
// Torhaus: 32 secret bytes that two holders of different roles open together.

internal import Foundation

/// One role's share, sealed once for every holder of that role.
struct SealedShare: Codable, Sendable, Hashable {
    let role: String
    let place: UInt8
    /// SHA-256 over role, place and share: a holder's key is accepted only if it opened this share.
    let commitment: Data
    let envelopes: [String: Data]
}

/// A share that its holder opened.
struct OpenShare: Sendable, Hashable {
    let holder: String
    let role: String
    let place: UInt8
    let share: [UInt8]
}

/// A secret in shares of roles.
struct SealedSecret: Codable, Sendable, Hashable {
    let shares: [SealedShare]

    /// Bytes of a secret: an AES key or an HMAC key.
    static let secretBytes = 32

    /// Splits a secret and seals the shares for every holder of the register.
    init(_ secret: [UInt8], for register: HolderRegister, calls: IdentityCalls) throws {
        precondition(secret.count == Self.secretBytes, "a secret of \(secret.count) bytes")
        let slope = try calls.random(secret.count)
        var shares: [SealedShare] = []
        var place: UInt8 = 0
        for role in register.roles {
            // At most `HolderRegister.mostRoles`.
            place += 1
            let share = SecretSplit.share(secret, slope: slope, at: place)
            var envelopes: [String: Data] = [:]
            for holder in register.holders where holder.role == role {
                envelopes[holder.holder] = Data(try calls.sealFor(holder.publicKey, share))
            }
            let commitment = Self.commitment(role, place, share, calls)
            shares.append(
                SealedShare(role: role, place: place, commitment: Data(commitment), envelopes: envelopes)
            )
        }
        self.shares = shares
    }

    /// Opens the share that was sealed for this holder.
    func open(with key: HolderKey, calls: IdentityCalls) throws(IdentityError) -> OpenShare {
        guard let sealed = shares.first(where: { $0.envelopes[key.holder] != nil }),
            let envelope = sealed.envelopes[key.holder]
        else {
            throw IdentityError(.unknown, "nothing was sealed for \(key.holder)")
        }
        let share: [UInt8]
        do {
            share = try key.open(Array(envelope))
        } catch {
            throw IdentityError(.wrongKey, "the key does not open what was sealed for \(key.holder)")
        }
        guard Array(sealed.commitment) == Self.commitment(sealed.role, sealed.place, share, calls) else {
            throw IdentityError(.wrongKey, "what the key of \(key.holder) opened is not the share")
        }
        return OpenShare(holder: key.holder, role: sealed.role, place: sealed.place, share: share)
    }

    /// The secret, from shares of two holders and two roles.
    static func join(_ left: OpenShare, _ right: OpenShare) throws(IdentityError) -> [UInt8] {
        guard left.role != right.role, left.holder != right.holder else {
            throw IdentityError(.sameRole, "two holders of different roles must agree")
        }
        guard
            let secret = SecretSplit.join((left.place, left.share), (right.place, right.share)),
            secret.count == secretBytes
        else { throw IdentityError(.unusable, "the shares do not belong together") }
        return secret
    }

    private static func commitment(
        _ role: String,
        _ place: UInt8,
        _ share: [UInt8],
        _ calls: IdentityCalls
    ) -> [UInt8] {
        calls.sha256(Array("torhaus/share/v1\0\(role)\0".utf8) + [place] + share)
    }
}

/// A name under a key of its own, which two holders open.
struct SealedName: Codable, Sendable, Hashable {
    let key: SealedSecret
    let box: Data

    init(_ name: String, pseudonym: String, register: HolderRegister, calls: IdentityCalls) throws {
        let secret = try calls.random(SealedSecret.secretBytes)
        key = try SealedSecret(secret, for: register, calls: calls)
        box = Data(try calls.seal(Array(name.utf8), secret, Array(pseudonym.utf8)))
    }

    func open(
        _ left: OpenShare,
        _ right: OpenShare,
        pseudonym: String,
        calls: IdentityCalls
    ) throws
        -> String
    {
        let secret = try SealedSecret.join(left, right)
        return String(decoding: try calls.open(Array(box), secret, Array(pseudonym.utf8)), as: UTF8.self)
    }
}
