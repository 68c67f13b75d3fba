// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the calls on a TLS connection answer.

/// Where a handshake stands.
package enum TLSHandshakeStep: Hashable, Sendable {
    /// Finished, and everything sent. The client's first bytes may already lie in the library, where no
    /// socket event announces them: read once before waiting.
    case done
    /// Call again when the socket is readable.
    case wantRead
    /// Call again when the socket is writable.
    case wantWrite
    /// Over; an alert was sent where the protocol has one. Close the connection.
    case failed(TLSFault)
}

/// What one read brought.
package enum TLSReadStep: Hashable, Sendable {
    /// This many bytes were written into the span. With `drained` false the library may hold more, or the
    /// end of the stream, which the socket will not announce: call again before waiting.
    case bytes(Int, drained: Bool)
    /// Nothing now; wait until the socket is readable.
    case wouldBlock
    /// The peer sends no more. `clean` false: without close_notify, so the stream may be cut short.
    /// Writing is still possible.
    case closed(clean: Bool)
    /// Over. Close the connection.
    case failed(TLSFault)
}

/// What became of bytes to write.
package enum TLSWriteStep: Hashable, Sendable {
    /// All with the kernel.
    case sent
    /// All taken, some kept; call `flush` when the socket is writable, and write no more until then.
    case queued
    /// Over. Close the connection.
    case failed(TLSFault)
}
