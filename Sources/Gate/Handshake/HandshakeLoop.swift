// SPDX-License-Identifier: EUPL-1.2
// Torhaus: accepts connections and does their handshakes, apart from the relay loops and at lower priority.

internal import DaemonMessages
internal import DaemonSettings
internal import LinuxKit
internal import OpenSSLKit

/// Several of these share the listeners; a morning's storm of handshakes costs running sessions nothing.
final class HandshakeLoop: @unchecked Sendable {
    // Unchecked: made on one thread, then used by the loop's thread alone.

    private final class Pending {
        var tls: TLSConnection?
        let address: NetworkAddress
        let correlation: CorrelationID
        let deadline: UInt64
        var interest: Interest = .read

        init(_ tls: consuming TLSConnection, _ address: NetworkAddress, _ id: CorrelationID, deadline: UInt64)
        {
            self.tls = consume tls
            self.address = address
            correlation = id
            self.deadline = deadline
        }
    }

    /// Handshakes one thread works on at a time; more wait in the listener's queue.
    private static let maximumPending = 2_048
    /// Accepts in one turn, so that running handshakes get their share.
    private static let acceptsPerTurn = 32
    /// How often late handshakes are looked for: in a storm there are thousands, and a wake-up for each message.
    private static let expiryMilliseconds: UInt64 = 250
    private static let firstListenerToken = UInt64.max - 64

    private let services: GateServices
    private let listeners: [Int32]
    private let poller: Poller
    private var pending: [Int32: Pending] = [:]
    private var listens = false
    private var nextExpiry: UInt64 = 0

    /// The listeners stay open for the life of the process.
    init(services: GateServices, listeners: [Int32]) throws(SystemError) {
        self.services = services
        self.listeners = listeners
        poller = try Poller()
    }

    func run() {
        var batch = ReadyBatch()
        TLSShelf.open()
        while true {
            adjustListening()
            poller.wait(into: &batch, milliseconds: Int32(Self.expiryMilliseconds))
            for index in 0..<batch.count {
                let ready = batch[index]
                if Self.firstListenerToken <= ready.token {
                    accept(Int(ready.token - Self.firstListenerToken))
                } else if let fd = Int32(exactly: ready.token) {
                    proceed(fd)
                }
            }
            services.retired.free()
            expire()
        }
    }

    private func adjustListening() {
        let wanted = !services.isDraining && pending.count < Self.maximumPending
        guard wanted != listens else { return }
        listens = wanted
        for (index, fd) in listeners.enumerated() {
            if wanted {
                let token = Self.firstListenerToken + UInt64(index)
                _ = try? poller.add(fd, [.read, .exclusive], token: token)
            } else {
                poller.remove(fd)
            }
        }
    }

    private func accept(_ index: Int) {
        guard listeners.indices.contains(index) else { return }
        for _ in 0..<Self.acceptsPerTurn {
            switch TCPListener.accept(on: listeners[index]) {
            case .client(let descriptor, let address):
                begin(descriptor, address)
            case .none:
                return
            case .failed(let error):
                GateLog.line("cannot accept: \(error)")
                return
            }
        }
    }

    private func begin(_ descriptor: consuming OwnedFD, _ address: NetworkAddress) {
        guard let bytes = try? RandomBytes.make(count: 16), let correlation = CorrelationID(bytes: bytes)
        else {
            return
        }
        let key = AddressKey(address)
        guard services.limiter.enter(key) else {
            services.report(.addressLimit, from: address, correlation, "too many open connections")
            return
        }
        let fd = descriptor.withRaw { $0 }
        let deadline =
            Clock.monotonicMilliseconds() + UInt64(max(1, services.settings.handshakeSeconds)) * 1_000
        do {
            let tls = try TLSConnection(context: services.tlsContext, socket: descriptor)
            try poller.add(fd, .read, token: UInt64(UInt32(bitPattern: fd)))
            pending[fd] = Pending(tls, address, correlation, deadline: deadline)
        } catch {
            giveUp(key)
        }
    }

    private func proceed(_ fd: Int32) {
        guard let entry = pending[fd] else { return }
        guard let step = entry.tls?.handshake() else { return }
        switch step {
        case .wantRead:
            watch(entry, fd, .read)
        case .wantWrite:
            watch(entry, fd, .write)
        case .done:
            poller.remove(fd)
            pending[fd] = nil
            guard let tls = entry.tls.take() else {
                giveUp(AddressKey(entry.address))
                return
            }
            services.adopt(
                ClientLine(
                    tls: tls,
                    address: entry.address,
                    correlation: entry.correlation,
                    limiter: services.limiter
                )
            )
        case .failed(let fault):
            report(fault, entry)
            drop(fd, entry)
        }
    }

    private func watch(_ entry: Pending, _ fd: Int32, _ interest: Interest) {
        guard entry.interest != interest else { return }
        entry.interest = interest
        _ = try? poller.modify(fd, interest, token: UInt64(UInt32(bitPattern: fd)))
    }

    private func report(_ fault: TLSFault, _ entry: Pending) {
        // Clients that only look whether the port is open are no incident.
        if fault == .closedInHandshake || fault == .reset { return }
        let kind: GateIncidentKind =
            switch fault {
            case .unrecognizedName: .unknownServerName
            case .clientCertificate: .clientCertificateRejected
            default: .handshakeRefused
            }
        services.report(kind, from: entry.address, entry.correlation, fault.description)
    }

    private func expire() {
        let now = Clock.monotonicMilliseconds()
        guard nextExpiry <= now else { return }
        nextExpiry = now + Self.expiryMilliseconds
        TLSShelf.clear()
        RecordCipher.forget()
        for (fd, entry) in pending where entry.deadline <= now {
            services.report(
                .slowRequest,
                from: entry.address,
                entry.correlation,
                "tls handshake took too long"
            )
            drop(fd, entry)
        }
    }

    private func drop(_ fd: Int32, _ entry: Pending) {
        poller.remove(fd)
        pending[fd] = nil
        entry.tls = nil
        giveUp(AddressKey(entry.address))
    }

    private func giveUp(_ key: AddressKey) {
        services.limiter.leaveHalfOpen(key)
        services.limiter.leave()
    }
}
