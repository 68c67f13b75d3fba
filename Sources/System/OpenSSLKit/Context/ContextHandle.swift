// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one SSL_CTX with one name set's certificates.

internal import COpenSSL

/// Owns an `SSL_CTX`; configured before it is shared, never changed after.
@safe
final class ContextHandle: @unchecked Sendable {
    /// The slot that `SSL_CTX_set_app_data` uses.
    static let ticketKeysIndex: Int32 = 0

    let ctx: OpaquePointer

    init(profile: TLSProfile, records: RecordCipher) throws(OpenSSLError) {
        ErrorQueue.clear()
        guard let ctx = unsafe records.makeContext() else {
            throw ErrorQueue.failure("no tls context")
        }
        unsafe self.ctx = ctx
        let set =
            unsafe th_ssl_ctx_prepare(ctx, TicketKeys.ticketSeconds) == 1
            && SSL_CTX_set_ciphersuites(ctx, TLSProfile.suites13) == 1
            && SSL_CTX_set_cipher_list(ctx, TLSProfile.suites12) == 1
            && th_ssl_ctx_set_groups(ctx, profile.groups) == 1
            && th_ssl_ctx_set_signature_algorithms(ctx, TLSProfile.signatures) == 1
        guard set else { throw ErrorQueue.failure("tls profile \(profile.rawValue) is not possible") }
        unsafe SSL_CTX_set_alpn_select_cb(ctx, chooseApplicationProtocol, nil)
    }

    deinit { unsafe SSL_CTX_free(ctx) }

    /// Adds a certificate, its intermediates and its key.
    ///
    /// One per kind of key.
    func use(_ chain: [Certificate], _ key: PrivateKey, file: String) throws(OpenSSLError) {
        ErrorQueue.clear()
        guard let leaf = chain.first, unsafe SSL_CTX_use_certificate(ctx, leaf.x509) == 1,
            unsafe SSL_CTX_use_PrivateKey(ctx, key.pkey) == 1
        else { throw ErrorQueue.failure("cannot use \(file)") }
        for certificate in chain.dropFirst() where !certificate.isSelfIssued {
            // Clients have the root or do not trust it: sending it only costs bytes.
            guard unsafe th_ssl_ctx_add_chain(ctx, certificate.x509) == 1 else {
                throw ErrorQueue.failure("cannot use \(file)")
            }
        }
    }

    /// Seals tickets with these keys; the owner of the context keeps them alive.
    func useTickets(_ keys: TicketKeys) throws(OpenSSLError) {
        ErrorQueue.clear()
        let pointer = unsafe Unmanaged.passUnretained(keys).toOpaque()
        guard unsafe SSL_CTX_set_ex_data(ctx, ContextHandle.ticketKeysIndex, pointer) == 1,
            unsafe th_ssl_ctx_set_ticket_callback(ctx, handleTicket) == 1
        else { throw ErrorQueue.failure("no session tickets") }
    }

    /// Asks for client certificates of these authorities.
    ///
    /// Tickets end with it: a resumed session would carry the verdict of an earlier day.
    func ask(forClientsOf authorities: [Certificate]) throws(OpenSSLError) {
        ErrorQueue.clear()
        guard let store = unsafe X509_STORE_new() else { throw ErrorQueue.failure("no certificate store") }
        unsafe SSL_CTX_set_cert_store(ctx, store)
        for authority in authorities {
            guard unsafe X509_STORE_add_cert(store, authority.x509) == 1,
                unsafe SSL_CTX_add_client_CA(ctx, authority.x509) == 1
            else { throw ErrorQueue.failure("cannot use a client authority") }
        }
        unsafe th_ssl_ctx_set_client_verification(ctx)
        guard unsafe th_ssl_ctx_disable_tickets(ctx) == 1 else {
            throw ErrorQueue.failure("session tickets cannot be switched off")
        }
    }

    /// Binds sessions to the names served here: a ticket of one certificate does not open another.
    func bindSessions(to names: [String]) throws(OpenSSLError) {
        ErrorQueue.clear()
        let text = "torhaus tls session\n" + names.sorted().joined(separator: "\n")
        let identity = Digest.sha256(Array(text.utf8))
        guard unsafe SSL_CTX_set_session_id_context(ctx, identity, UInt32(clamping: identity.count)) == 1
        else {
            throw ErrorQueue.failure("no session context")
        }
    }
}
