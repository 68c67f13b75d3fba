// SPDX-License-Identifier: EUPL-1.2
// Torhaus: web sessions in memory.

package import Sessions
import Synchronization

package final class MemoryWebSessions: WebSessionStore {
    private let state = Mutex<[WebSession]>([])

    package init() {}

    package var all: [WebSession] { state.withLock { $0 } }

    package func save(_ session: WebSession) async throws { state.withLock { $0.append(session) } }

    package func find(cookieHash: [UInt8]) async throws -> WebSession? {
        state.withLock { $0.first { $0.cookieHash == cookieHash } }
    }

    package func touch(_ id: WebSessionID, at milliseconds: UInt64) async throws {
        state.withLock { sessions in
            guard let index = sessions.firstIndex(where: { $0.id == id }) else { return }
            sessions[index].lastUsedAt = milliseconds
        }
    }

    package func remove(_ id: WebSessionID) async throws {
        state.withLock { $0.removeAll { $0.id == id } }
    }

    package func removeExpired(
        lastUsedBefore lastUsed: UInt64,
        begunBefore begun: UInt64
    ) async throws -> [WebSession] {
        state.withLock { sessions in
            let ended = sessions.filter { $0.lastUsedAt < lastUsed || $0.begunAt < begun }
            sessions.removeAll { ended.contains($0) }
            return ended
        }
    }
}
