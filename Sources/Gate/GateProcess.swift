// SPDX-License-Identifier: EUPL-1.2
// Torhaus: puts the gate together and runs it until it is told to stop.

package import DaemonSettings
package import LinuxKit
internal import OpenSSLKit

/// Start, reload, drain and stop of the data plane.
package struct GateProcess {
    private let services: GateServices
    private let tickets: TicketKeys
    private let listeners: [Int32]
    private let loops: [RelayLoop]
    private let settingsPath: String
    private let records: RecordCipher

    /// Opens everything; throws one sentence when something must not be used.
    ///
    /// Signals must be blocked already.
    package init(settings: GateSettings, settingsPath: String, inherited: [Int32]) throws(GateError) {
        self.settingsPath = settingsPath
        let relayThreads = max(1, settings.relayThreads)
        if !TLSShelf.install() { GateLog.line("libssl's buffers go back to the heap with every burst") }
        _ = TLSProcess.tuneAllocator(threads: relayThreads + max(1, settings.handshakeThreads))
        records = Self.recordCipher(settings)
        do {
            tickets = try TicketKeys()
            let tls = try Self.context(settings, tickets, records)
            let mailboxes = try Self.mailboxes(relayThreads)
            let registry = SessionRegistry()
            let link = try ControlLink(
                path: settings.gateLink,
                controlUser: try UserDatabase.user(named: settings.allowedControlUser)?.user,
                mailboxes: mailboxes,
                registry: registry
            )
            services = GateServices(
                settings: settings,
                limiter: AddressLimiter(
                    maximumConnections: settings.maxConnections,
                    maximumHalfOpen: settings.halfOpenPerAddress
                ),
                registry: registry,
                link: link,
                resolver: try ResolverPool(),
                mailboxes: mailboxes,
                tls: tls
            )
            listeners = inherited.isEmpty ? try Self.listen(settings.listen) : inherited
            // Accepted sockets have what their listener has: that is three calls less for each.
            for fd in listeners {
                StreamSocket.tuneClient(
                    fd,
                    unacknowledgedLimitMilliseconds: GateLimits.unacknowledgedMilliseconds
                )
            }
            var loops: [RelayLoop] = []
            for index in 0..<relayThreads { loops.append(try RelayLoop(index: index, services: services)) }
            self.loops = loops
        } catch {
            throw GateError("\(error)")
        }
    }

    /// Starts all threads, then handles signals until the last loop has ended.
    package func run(_ signals: borrowing SignalReceiver) throws(GateError) {
        let services = services
        let ended = EndCounter(loops.count)
        do {
            try services.resolver.start()
            try Threads.start(name: "control-link") { services.link.run() }
            for loop in loops {
                try Threads.start(name: "relay-\(loop.index)", slice: GateLimits.relaySliceMicroseconds) {
                    loop.run()
                    ended.count()
                }
            }
            for number in 0..<max(1, services.settings.handshakeThreads) {
                let handshakes = try HandshakeLoop(services: services, listeners: listeners)
                try Threads.start(name: "handshake-\(number)", nice: GateLimits.handshakeNice) {
                    handshakes.run()
                }
            }
        } catch {
            throw GateError("\(error)")
        }
        GateLog.line("ready on \(services.settings.listen.joined(separator: ", "))")
        var drained = Drained()
        while true {
            switch signals.next(milliseconds: Drained.lookMilliseconds) {
            case .hangUp: reload()
            case .user2: drain()
            case .terminate, .interrupt:
                stop(ended)
                return
            case nil: break
            }
            if drained.isOver(services, now: Clock.monotonicMilliseconds()) {
                GateLog.line("drained: the last session has ended")
                stop(ended)
                return
            }
        }
    }

    /// New certificates for new connections; everything else needs a restart, and says so.
    private func reload() {
        do {
            let settings = try SettingsFile.gate(settingsPath)
            services.tlsContext = try Self.context(settings, tickets, records)
            GateLog.line("certificates reloaded")
            var comparable = settings
            comparable.certificates = services.settings.certificates
            comparable.clientAuthority = services.settings.clientAuthority
            comparable.profile = services.settings.profile
            comparable.refuseUnknownName = services.settings.refuseUnknownName
            if comparable != services.settings { GateLog.line("other changed settings wait for a restart") }
        } catch {
            GateLog.line("not reloaded, the old certificates stay: \(error)")
        }
    }

    private func drain() {
        services.isDraining = true
        GateLog.line(
            "draining: \(services.registry.count) sessions go on, another gate takes new connections"
        )
    }

    private func stop(_ ended: EndCounter) {
        services.isDraining = true
        for mailbox in services.mailboxes { mailbox.post(.stop) }
        ended.wait(milliseconds: GateLimits.closeGraceMilliseconds + 1_000)
        GateLog.line("stopped")
    }

    // MARK: Parts

    /// The faster cipher where it may be used and is there; the log says which it is and why.
    private static func recordCipher(_ settings: GateSettings) -> RecordCipher {
        guard settings.recordCipher == GateSettings.RecordCipher.auto else { return .openSSL }
        do throws(RecordCipher.Hindrance) {
            try RecordCipher.openWide()
            GateLog.line("records are encrypted by libipsec-mb")
            return .wide
        } catch {
            GateLog.line("records are encrypted by OpenSSL: \(error)")
            return .openSSL
        }
    }

    private static func context(
        _ settings: GateSettings,
        _ tickets: TicketKeys,
        _ records: RecordCipher
    ) throws -> TLSServerContext {
        try TLSServerContext(
            identities: settings.certificates.map { CertificateFiles(chain: $0.chain, key: $0.key) },
            profile: TLSProfile(rawValue: settings.profile) ?? .bsi,
            unknownName: settings.refuseUnknownName ? .refuse : .useFirst,
            clientAuthority: settings.clientAuthority,
            ticketKeys: tickets,
            records: records
        )
    }

    private static func mailboxes(_ count: Int) throws -> [Mailbox] {
        var list: [Mailbox] = []
        for _ in 0..<count { list.append(try Mailbox()) }
        return list
    }

    /// Listeners live as long as the process.
    private static func listen(_ texts: [String]) throws -> [Int32] {
        var list: [Int32] = []
        for text in texts {
            guard let endpoint = NetworkEndpoint(text),
                let address = NetworkAddress(numeric: endpoint.host, port: endpoint.port)
            else { throw GateError("cannot listen on \(text): it is no numeric address with a port") }
            list.append(try TCPListener.listen(on: address, reusePort: false).release())
        }
        return list
    }
}
