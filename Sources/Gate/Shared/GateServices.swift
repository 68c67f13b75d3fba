// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what all threads of the gate share.

internal import DaemonMessages
internal import DaemonSettings
internal import LinuxKit
internal import OpenSSLKit
internal import Synchronization

/// Everything here is immutable or guards itself.
final class GateServices: Sendable {
    let settings: GateSettings
    let publicOrigins: PublicOrigins
    let limiter: AddressLimiter
    let registry: SessionRegistry
    let pairing: PairingTable
    let link: ControlLink
    let resolver: ResolverPool
    let mailboxes: [Mailbox]
    let retired = RetiredLines()
    private let tls: Mutex<TLSServerContext>
    private let nextLoop = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    init(
        settings: GateSettings,
        limiter: AddressLimiter,
        registry: SessionRegistry,
        link: ControlLink,
        resolver: ResolverPool,
        mailboxes: [Mailbox],
        tls: TLSServerContext
    ) {
        self.settings = settings
        publicOrigins = PublicOrigins(settings)
        self.limiter = limiter
        self.registry = registry
        self.link = link
        self.resolver = resolver
        self.mailboxes = mailboxes
        self.tls = Mutex(tls)
        pairing = PairingTable()
    }

    /// The certificates for new connections.
    var tlsContext: TLSServerContext {
        get { tls.withLock { $0 } }
        set { tls.withLock { $0 = newValue } }
    }

    /// No new connections are taken; sessions go on.
    var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// Gives a client to the next relay loop in turn.
    func adopt(_ client: ClientLine) {
        let turn = nextLoop.wrappingAdd(1, ordering: .relaxed).oldValue
        mailboxes[Int(UInt(bitPattern: turn) % UInt(mailboxes.count))].post(.adopt(client))
    }

    func post(_ message: LoopMessage, to loop: Int) {
        guard mailboxes.indices.contains(loop) else { return }
        mailboxes[loop].post(message)
    }

    /// Reports something that was turned away; the detail is a fixed text of ours.
    func report(
        _ kind: GateIncidentKind,
        from address: NetworkAddress,
        _ correlation: CorrelationID,
        _ detail: String
    ) {
        guard let client = ClientAddress(bytes: address.bytes, port: address.port) else { return }
        link.tell(
            GateIncident(kind: kind, address: client, correlation: correlation, count: 1, detail: detail)
        )
    }
}
