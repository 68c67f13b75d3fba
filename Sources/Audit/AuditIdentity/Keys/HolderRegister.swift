// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who holds the keys that open names, and in which role.

internal import Foundation

/// One person with a key.
package struct KeyHolder: Sendable, Hashable, Codable {
    /// Account name of the person.
    package var holder: String
    /// Such as `data-protection`, `security`, `staff-council`.
    package var role: String
    /// PEM.
    package var publicKey: String

    enum CodingKeys: String, CodingKey {
        case holder
        case role
        case publicKey = "public_key"
    }

    package init(holder: String, role: String, publicKey: String) {
        self.holder = holder
        self.role = role
        self.publicKey = publicKey
    }
}

/// A key as its holder brings it.
package struct HolderKey: Sendable {
    package let holder: String
    /// Opens what was sealed for the holder's public key.
    package let open: @Sendable ([UInt8]) throws -> [UInt8]

    package init(holder: String, open: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
        self.holder = holder
        self.open = open
    }
}

/// All holders; at least two roles, nobody twice, no key twice.
package struct HolderRegister: Sendable, Hashable {
    /// More would be no secret any more.
    package static let mostHolders = 16
    static let mostRoles = 8
    /// A PEM key of 16,384 bits has 2.9 kB.
    static let longestKey = 8192
    /// Bytes of a register's file: every holder with the longest key, escaped, and some room.
    package static let fileLimit = mostHolders * longestKey * 2

    package let holders: [KeyHolder]

    package init(_ holders: [KeyHolder], calls: IdentityCalls) throws(IdentityError) {
        guard holders.count <= Self.mostHolders, Set(holders.map(\.role)).count <= Self.mostRoles else {
            throw IdentityError(.register, "more than \(Self.mostHolders) holders or \(Self.mostRoles) roles")
        }
        var names: Set<String> = []
        var keys: Set<[UInt8]> = []
        for each in holders {
            guard Self.isName(each.holder), Self.isName(each.role),
                each.publicKey.utf8.count <= Self.longestKey
            else { throw IdentityError(.register, "a holder's name, role or key has a wrong form") }
            guard names.insert(each.holder).inserted else {
                throw IdentityError(.register, "\(each.holder) is registered twice")
            }
            let print: [UInt8]
            do {
                print = try calls.fingerprint(each.publicKey)
            } catch {
                throw IdentityError(.register, "the key of \(each.holder) cannot be used", cause: error)
            }
            guard keys.insert(print).inserted else {
                throw IdentityError(.register, "two holders have the key of \(each.holder)")
            }
        }
        guard 2 <= Set(holders.map(\.role)).count else {
            throw IdentityError(.register, "names need holders of at least two roles")
        }
        self.holders = holders
    }

    /// In a fixed order; a role's place is its share's.
    var roles: [String] { Set(holders.map(\.role)).sorted() }

    func holder(_ name: String) -> KeyHolder? { holders.first { $0.holder == name } }

    /// Letters, digits and `. - _ @`, at most 64.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x40: true
                default: false
                }
            }
    }
}

extension HolderRegister {
    /// Reads what `encoded` writes: a JSON list of holders.
    package init(json: [UInt8], calls: IdentityCalls) throws(IdentityError) {
        let holders: [KeyHolder]
        do {
            holders = try JSONDecoder().decode([KeyHolder].self, from: Data(json))
        } catch {
            throw IdentityError(.register, "the register of key holders does not read", cause: error)
        }
        try self.init(holders, calls: calls)
    }

    package func encoded() throws(IdentityError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            return Array(try encoder.encode(holders))
        } catch {
            throw IdentityError(.register, "the register of key holders cannot be written", cause: error)
        }
    }
}
