// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the keys that seal session tickets, renewed by time and shared by all contexts.

internal import COpenSSL
internal import Synchronization

/// Session-ticket keys of the process: the newest seals, the two before it still open.
///
/// Kept outside the contexts, so that a reload of certificates does not end resumption. A key that leaves
/// the ring is zeroed; a ticket it sealed leads to a full handshake.
@safe
package final class TicketKeys: Sendable {
    /// How long a key seals.
    package static let standardInterval = Duration.seconds(3600)

    /// Clients may use a ticket this long: shorter than the time a key can open.
    static let ticketSeconds = 7200

    private let interval: Int64
    private let elapsed: @Sendable () -> Duration
    private let ring: Mutex<Ring>
    /// Fetched once: the library would look it up for each handshake.
    nonisolated(unsafe) private let cipher: OpaquePointer

    /// Makes the first key.
    ///
    /// `elapsed` is the time since any fixed moment; tests pass their own.
    package init(
        rotatingEvery interval: Duration = standardInterval,
        elapsed: (@Sendable () -> Duration)? = nil
    ) throws(OpenSSLError) {
        let start = ContinuousClock.now
        self.interval = max(1, interval.components.seconds)
        self.elapsed = elapsed ?? { ContinuousClock.now - start }
        ErrorQueue.clear()
        guard let cipher = unsafe EVP_CIPHER_fetch(nil, "AES-256-CBC", nil) else {
            throw ErrorQueue.failure("no cipher for session tickets")
        }
        unsafe self.cipher = unsafe cipher
        ring = Mutex(Ring(current: try TicketKey()))
    }

    deinit { unsafe EVP_CIPHER_free(cipher) }

    /// Prepares the library's contexts for one ticket; the answer is what its callback must return.
    func arm(_ request: borrowing TicketRequest, sealing: Bool) -> Int32 {
        let period = max(0, elapsed().components.seconds / interval)
        return ring.withLock { ring in
            guard ring.advance(to: period) else { return TicketRequest.noTicket }
            return unsafe sealing ? ring.seal(request, cipher) : ring.open(request, cipher)
        }
    }
}

/// What the library hands to its ticket callback.
@safe
struct TicketRequest: ~Copyable {
    static let noTicket: Int32 = 0
    static let armed: Int32 = 1
    static let armedAndRenew: Int32 = 2

    let keyName: UnsafeMutablePointer<UInt8>
    let iv: UnsafeMutablePointer<UInt8>
    let cipherContext: OpaquePointer
    let macContext: OpaquePointer
}

/// One key set: name 16, AES-256 32, HMAC-SHA-256 32 bytes.
private struct TicketKey: ~Copyable {
    static let nameBytes = 16
    static let keyBytes = 32

    private var secret = SecretBytes(count: nameBytes + 2 * keyBytes)

    init() throws(OpenSSLError) { try RandomBytes.fill(&secret) }

    borrowing func copyName(to target: UnsafeMutablePointer<UInt8>) {
        unsafe secret.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: TicketKey.nameBytes)
        }
    }

    borrowing func hasName(_ name: UnsafePointer<UInt8>) -> Bool {
        unsafe secret.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe CRYPTO_memcmp(start, name, TicketKey.nameBytes) == 0
        }
    }

    borrowing func arm(_ request: borrowing TicketRequest, _ cipher: OpaquePointer, sealing: Bool) -> Bool {
        unsafe secret.bytes.withUnsafeBytes { bytes in
            let keys = unsafe bytes.bindMemory(to: UInt8.self)
            guard let start = keys.baseAddress else { return false }
            return unsafe th_ssl_ticket_arm(
                request.cipherContext,
                request.macContext,
                cipher,
                start + TicketKey.nameBytes,
                start + TicketKey.nameBytes + TicketKey.keyBytes,
                request.iv,
                sealing ? 1 : 0
            ) == 1
        }
    }
}

/// The newest key and the two before it.
private struct Ring: ~Copyable {
    private static let ivBytes: Int32 = 16

    private var period: Int64 = 0
    private var current: TicketKey
    private var previous: TicketKey?
    private var oldest: TicketKey?

    init(current: consuming TicketKey) { self.current = current }

    /// Makes the keys due since the last call; false when no random bytes are to be had.
    mutating func advance(to now: Int64) -> Bool {
        // After three periods nothing old is left: more steps would change nothing.
        var steps = min(max(0, now - period), 3)
        while 0 < steps {
            guard var next = try? TicketKey() else { return false }
            swap(&current, &next)
            oldest = previous.take()
            previous = consume next
            steps -= 1
        }
        period = max(period, now)
        return true
    }

    func seal(_ request: borrowing TicketRequest, _ cipher: OpaquePointer) -> Int32 {
        guard unsafe RAND_bytes(request.iv, Ring.ivBytes) == 1 else { return TicketRequest.noTicket }
        unsafe current.copyName(to: request.keyName)
        return unsafe current.arm(request, cipher, sealing: true)
            ? TicketRequest.armed : TicketRequest.noTicket
    }

    func open(_ request: borrowing TicketRequest, _ cipher: OpaquePointer) -> Int32 {
        if unsafe current.hasName(request.keyName) {
            let armed = unsafe current.arm(request, cipher, sealing: false)
            return armed ? TicketRequest.armed : TicketRequest.noTicket
        }
        if unsafe previous?.hasName(request.keyName) == true {
            let armed = unsafe previous?.arm(request, cipher, sealing: false)
            return armed == true ? TicketRequest.armedAndRenew : TicketRequest.noTicket
        }
        if unsafe oldest?.hasName(request.keyName) == true {
            let armed = unsafe oldest?.arm(request, cipher, sealing: false)
            return armed == true ? TicketRequest.armedAndRenew : TicketRequest.noTicket
        }
        return TicketRequest.noTicket
    }
}
