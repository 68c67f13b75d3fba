// SPDX-License-Identifier: EUPL-1.2
// Torhaus: finds the OUT connection of a legacy tunnel for its IN connection.

internal import LinuxKit
internal import Synchronization

/// RDG-Connection-Id is chosen by the client, so it pairs only together with the client's address and what the
/// request's header proved.
struct PairingKey: Hashable, Sendable {
    let connectionID: String
    let address: [UInt8]
    /// SHA-256 of the Authorization field, or empty.
    let credentials: [UInt8]
}

final class PairingTable: Sendable {
    private let waiting = Mutex<[PairingKey: LoopAddress]>([:])

    /// False when another OUT waits under the same key: two tunnels must not be mixed.
    func wait(_ key: PairingKey, at address: LoopAddress) -> Bool {
        waiting.withLock { table in
            guard table[key] == nil else { return false }
            table[key] = address
            return true
        }
    }

    /// The OUT connection that waits; it is found once.
    func take(_ key: PairingKey) -> LoopAddress? { waiting.withLock { $0.removeValue(forKey: key) } }

    /// Whether some OUT connection waits under the key; it goes on waiting.
    func isWaiting(_ key: PairingKey) -> Bool { waiting.withLock { $0[key] != nil } }

    func stopWaiting(_ key: PairingKey, at address: LoopAddress) {
        waiting.withLock { table in
            if table[key] == address { table[key] = nil }
        }
    }
}
