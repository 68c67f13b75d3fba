// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the server side of one TLS connection on a non-blocking socket.

internal import COpenSSL
package import LinuxKit

/// One client's TLS connection with the socket below it.
///
/// Used by one thread at a time; it may move between threads (handshake thread to relay thread).
/// Waiting is the caller's: level-triggered epoll, because a short read counts as "socket empty".
/// An idle connection owns no buffer: bytes go from and to spans of the calling thread.
@safe
package struct TLSConnection: ~Copyable, @unchecked Sendable {
    // Unchecked: the pointers have this value as their only owner, and move with it.

    let ssl: OpaquePointer
    /// Owned by the BIO inside `ssl`.
    let link: UnsafeMutablePointer<th_ssl_link>
    /// The context must outlive the connection: callbacks point into it.
    let context: TLSServerContext
    /// Nil once hung up.
    private var socket: OwnedFD?

    /// How reading ended; libssl does not repeat itself, callers ask again.
    var readEnd: TLSReadEnd?
    /// Records since our sending key was last renewed.
    var recordsOnKey = 0
    /// A fatal error happened: libssl must not be asked to write any more.
    var broken = false

    /// Takes over a connected, non-blocking socket; nothing is sent or read yet.
    package init(context: TLSServerContext, socket: consuming OwnedFD) throws(OpenSSLError) {
        ErrorQueue.clear()
        let descriptor = socket.withRaw { $0 }
        guard let ssl = unsafe SSL_new(context.first) else {
            throw ErrorQueue.failure("no tls connection")
        }
        guard let bio = unsafe th_ssl_link_new(descriptor) else {
            unsafe SSL_free(ssl)
            throw ErrorQueue.failure("no tls connection")
        }
        unsafe SSL_set_bio(ssl, bio, bio)
        unsafe SSL_set_accept_state(ssl)
        unsafe self.ssl = ssl
        unsafe link = th_ssl_link_of(bio)
        self.context = context
        self.socket = consume socket
    }

    deinit {
        // Frees the BIO and the link too; the socket closes after it.
        unsafe SSL_free(ssl)
    }

    /// The socket's number while this value has it, -1 after `hangUp`.
    package var descriptor: Int32 { unsafe link.pointee.fd }

    /// Closes the socket at once; the library's part goes with this value, wherever that is.
    package mutating func hangUp() {
        broken = true
        unsafe link.pointee.fd = -1
        socket = nil
    }

    /// True while bytes wait for the socket to become writable.
    package var hasQueued: Bool { unsafe link.pointee.pending != nil }

    /// How many bytes wait.
    package var queuedBytes: Int { Int(unsafe link.pointee.pending_end - link.pointee.pending_start) }
}
