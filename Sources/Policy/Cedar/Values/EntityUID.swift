// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the name of an entity.

/// Type and id of an entity, written `Gw::User::"u-1001"`.
package struct EntityUID: Sendable {
    private final class Storage: Sendable {
        let type: CedarName
        let id: CedarText
        let fingerprint: UInt64

        init(_ type: CedarName, _ id: CedarText) {
            self.type = type
            self.id = id
            fingerprint = (type.text.fingerprint &* 31) ^ id.fingerprint
        }
    }

    private let storage: Storage

    package init(type: CedarName, id: CedarText) { storage = Storage(type, id) }

    package var type: CedarName { storage.type }

    package var id: CedarText { storage.id }

    /// A hash of both parts, other in each process.
    package var fingerprint: UInt64 { storage.fingerprint }
}

extension EntityUID: Hashable {
    package static func == (left: EntityUID, right: EntityUID) -> Bool {
        if left.storage === right.storage { return true }
        return left.storage.fingerprint == right.storage.fingerprint
            && left.storage.id == right.storage.id && left.storage.type == right.storage.type
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(storage.fingerprint) }
}

extension EntityUID: Comparable, CustomStringConvertible {
    package static func < (left: EntityUID, right: EntityUID) -> Bool {
        left.type == right.type ? left.id < right.id : left.type < right.type
    }

    /// As Cedar writes it; the id is escaped.
    package var description: String { "\(type)::\(CedarEscaping.quoted(id.string))" }
}
