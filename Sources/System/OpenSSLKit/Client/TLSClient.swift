// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the client side of one TLS connection, for a thread that may wait.

internal import COpenSSL
package import LinuxKit

/// Whom a client trusts, and who it is.
package struct TLSClientIdentity: Hashable, Sendable {
    /// A PEM bundle; nil for the system's.
    package var authorities: String?
    /// PEM files of a certificate with its chain and of its key; nil for none.
    package var certificate: String?
    package var key: String?

    /// Takes every field as it is.
    package init(authorities: String?, certificate: String? = nil, key: String? = nil) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }
}

/// A connection whose peer proved its name; every call may take up to the time limit.
@safe
package struct TLSClient: ~Copyable, @unchecked Sendable {
    // Unchecked: the pointer has this value as its only owner, and moves with it.

    private let ssl: OpaquePointer
    private let socket: OwnedFD
    /// Milliseconds of one step.
    private var limit: Int32

    /// Shakes hands over a connected socket; the peer's certificate must be good for `name`.
    ///
    /// With TLS 1.3 a peer that refuses our certificate says so only when we read.
    package init(
        socket: consuming OwnedFD,
        name: String,
        identity: TLSClientIdentity,
        milliseconds: Int32
    ) throws(OpenSSLError) {
        let ssl = unsafe try Self.connect(socket, name, identity, milliseconds)
        unsafe self.ssl = ssl
        self.socket = socket
        limit = milliseconds
    }

    deinit { unsafe SSL_free(ssl) }

    private static func connect(
        _ socket: borrowing OwnedFD,
        _ name: String,
        _ identity: TLSClientIdentity,
        _ milliseconds: Int32
    ) throws(OpenSSLError) -> OpaquePointer {
        ErrorQueue.clear()
        let descriptor = socket.withRaw { $0 }
        guard th_ssl_client_pace(descriptor, milliseconds) == 0 else {
            throw OpenSSLError(.library, "the socket takes no time limit")
        }
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw ErrorQueue.failure("no tls context")
        }
        // The connection keeps what it needs of it.
        defer { unsafe SSL_CTX_free(context) }
        guard
            unsafe th_ssl_client_prepare(
                context,
                identity.authorities,
                identity.certificate,
                identity.certificate == nil ? nil : identity.key
            ) == 1
        else { throw ErrorQueue.failure("authorities, certificate or key cannot be used") }
        guard let ssl = unsafe SSL_new(context) else { throw ErrorQueue.failure("no tls connection") }
        if unsafe th_ssl_client_connect(ssl, descriptor, name) == 1 { return unsafe ssl }
        defer { unsafe SSL_free(ssl) }
        if let verdict = unsafe th_ssl_client_verdict(ssl) {
            let reason = unsafe String(cString: verdict)
            ErrorQueue.clear()
            throw OpenSSLError(.certificate, "the certificate of \(name) is refused: \(reason)")
        }
        throw ErrorQueue.failure("no tls with \(name)")
    }

    /// Sends all bytes; false when the connection broke or the time was over.
    package borrowing func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            ErrorQueue.clear()
            // A record's worth, so that one call is one step against the time limit.
            let part = Array(rest.prefix(16_384))
            let count = unsafe SSL_write(ssl, part, Int32(part.count))
            guard 0 < count else { return false }
            rest = rest.dropFirst(Int(count))
        }
        return true
    }

    /// Up to `limit` bytes; `nothing` when the time was over.
    package borrowing func read(limit: Int) -> StreamRead {
        ErrorQueue.clear()
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe SSL_read(ssl, &bytes, Int32(clamping: limit))
        if 0 < count { return .bytes(Array(bytes.prefix(Int(count)))) }
        let reason = unsafe SSL_get_error(ssl, count)
        return reason == SSL_ERROR_WANT_READ ? .nothing : .end
    }

    /// True when the peer has closed or the line is broken; looks without waiting.
    ///
    /// For protocols in which the peer never sends anything: what it sends is thrown away.
    package borrowing func hasEnded() -> Bool {
        let isQuiet = socket.withRaw { raw in
            var set = PollSet<Void>()
            set.add(raw, for: ())
            return set.wait(milliseconds: 0).isEmpty
        }
        guard !isQuiet else { return false }
        // Session tickets and other records without data look like something to read.
        pace(milliseconds: 1)
        defer { pace(milliseconds: limit) }
        return read(limit: 4096) == .end
    }

    /// Bytes that the peer's kernel has not acknowledged; nil when the socket does not know.
    package borrowing func unacknowledgedBytes() -> Int? {
        socket.withRaw { StreamSocket.unacknowledgedBytes(of: $0) }
    }

    /// Changes the time limit.
    package mutating func setPace(milliseconds: Int32) {
        limit = milliseconds
        pace(milliseconds: milliseconds)
    }

    private borrowing func pace(milliseconds: Int32) {
        _ = socket.withRaw { th_ssl_client_pace($0, milliseconds) }
    }

    /// Says goodbye; the peer's is not waited for.
    package borrowing func close() {
        ErrorQueue.clear()
        _ = unsafe SSL_shutdown(ssl)
        ErrorQueue.clear()
    }
}
