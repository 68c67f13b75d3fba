// SPDX-License-Identifier: EUPL-1.2
// Torhaus: OpenSSLKit does every cryptographic job with the system's OpenSSL: TLS contexts and
// connections, digests, certificates, signatures. It is the only target that imports COpenSSL.

internal import COpenSSL

/// Something that could not be set up or computed; faults of a running connection are `TLSFault`.
package struct OpenSSLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Hashable, Sendable {
        /// A file is missing, unreadable, too large or not PEM.
        case file
        /// A certificate or key must not be used as asked.
        case certificate
        /// The library refused; memory or its configuration.
        case library
    }

    package let code: Code

    /// One lower-case sentence, without file contents or key material.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// The thread's OpenSSL error queue.
///
/// Whatever stays in it would be blamed on the next connection.
enum ErrorQueue {
    static func clear() { ERR_clear_error() }

    /// The oldest error's code, 0 when there is none; empties the queue.
    static func take() -> UInt {
        let first = ERR_peek_error()
        ERR_clear_error()
        return first
    }

    /// The oldest error as the library words it; empties the queue.
    static func takeText() -> String {
        let code = take()
        guard code != 0, let text = unsafe ERR_reason_error_string(code) else { return "no reason given" }
        return unsafe String(cString: text)
    }

    /// A library failure with the reason from the queue.
    static func failure(_ what: String) -> OpenSSLError {
        OpenSSLError(.library, "\(what): \(takeText())")
    }
}
