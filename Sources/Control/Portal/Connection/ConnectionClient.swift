// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who is at the other end of the connection that a request came on.

import DaemonMessages
import Synchronization

/// Filled by `ProxyHeaderHandler` before the first HTTP byte, read by each request of the connection.
final class ConnectionClient: Sendable {
    private let state = Mutex<ClientContext?>(nil)

    /// The connection that the current task serves.
    ///
    /// Hummingbird runs each connection in a task of its own, so a task-local value follows the requests
    /// without a look-up table that could mix people up.
    @TaskLocal static var current: ConnectionClient?

    init(_ context: ClientContext? = nil) {
        state.withLock { $0 = context }
    }

    /// Nil until the PROXY header was read.
    var context: ClientContext? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
