// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what libssl calls back during a handshake. Free functions: a closure could be isolated.

internal import COpenSSL

/// Chooses the certificate by the server name, before anything else is decided: neither a session ticket
/// nor an old protocol version gets around it.
func chooseCertificate(
    _ ssl: OpaquePointer?,
    _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let ssl = unsafe ssl, let argument = unsafe argument, let bio = unsafe SSL_get_rbio(ssl) else {
        unsafe alert?.pointee = SSL_AD_INTERNAL_ERROR
        return SSL_CLIENT_HELLO_ERROR
    }
    let context = unsafe Unmanaged<TLSServerContext>.fromOpaque(argument).takeUnretainedValue()

    var start: UnsafePointer<UInt8>?
    var length = 0
    let named = unsafe SSL_client_hello_get0_ext(ssl, UInt32(TLSEXT_TYPE_server_name), &start, &length) == 1
    var name: String?
    if named, let start = unsafe start {
        let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: length)
        name = ServerNameExtension.hostName(bytes)
    }
    guard let chosen = unsafe context.context(for: name) else {
        unsafe alert?.pointee = SSL_AD_UNRECOGNIZED_NAME
        return SSL_CLIENT_HELLO_ERROR
    }
    if let name {
        let text = Array(name.utf8)
        let kept = unsafe th_ssl_link_name(th_ssl_link_of(bio), text, text.count)
        guard kept == 1 else {
            unsafe alert?.pointee = SSL_AD_INTERNAL_ERROR
            return SSL_CLIENT_HELLO_ERROR
        }
    }
    if unsafe SSL_get_SSL_CTX(ssl) != chosen { unsafe SSL_set_SSL_CTX(ssl, chosen) }
    return SSL_CLIENT_HELLO_SUCCESS
}

/// Chooses `http/1.1`, or refuses a client that offers protocols without it (RFC 7301, 3.2).
func chooseApplicationProtocol(
    _ ssl: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let offered = unsafe offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let ours: StaticString = "http/1.1"
    let total = Int(offeredLength)
    var position = 0
    while position < total {
        let length = unsafe Int(offered[position])
        let start = unsafe offered + position + 1
        guard 0 < length, length <= total - position - 1 else { break }
        if length == ours.utf8CodeUnitCount, unsafe memcmp(start, ours.utf8Start, length) == 0 {
            // Points into the client hello, as the library asks for.
            unsafe chosen?.pointee = unsafe start
            unsafe chosenLength?.pointee = UInt8(truncatingIfNeeded: length)
            return SSL_TLSEXT_ERR_OK
        }
        position += 1 + length
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// Seals and opens session tickets with the keys of the context.
func handleTicket(
    _ ssl: OpaquePointer?,
    _ keyName: UnsafeMutablePointer<UInt8>?,
    _ iv: UnsafeMutablePointer<UInt8>?,
    _ cipherContext: OpaquePointer?,
    _ macContext: OpaquePointer?,
    _ sealing: Int32
) -> Int32 {
    guard let ssl = unsafe ssl, let keyName = unsafe keyName, let iv = unsafe iv,
        let cipherContext = unsafe cipherContext, let macContext = unsafe macContext,
        let keys = unsafe SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ContextHandle.ticketKeysIndex)
    else { return TicketRequest.noTicket }
    let ticketKeys = unsafe Unmanaged<TicketKeys>.fromOpaque(keys).takeUnretainedValue()
    let request = unsafe TicketRequest(
        keyName: keyName,
        iv: iv,
        cipherContext: cipherContext,
        macContext: macContext
    )
    return ticketKeys.arm(request, sealing: sealing == 1)
}
