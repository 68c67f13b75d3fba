// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one MS-TSGU tunnel of a native client: the state machine's actions performed on sockets.

internal import DaemonMessages
internal import DaemonSettings
internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit
internal import RDGateway
internal import WebSocketFrames

/// Handler of the WebSocket connection, or of the OUT connection of the legacy transport.
final class NativeTunnel: ConnectionHandler {
    enum Transport {
        case webSocket
        /// Two connections; the OUT response ends when its connection does.
        case legacy
        /// Two connections; the OUT response is chunked, for middleboxes that mistrust a body without an end.
        case legacyChunked
    }

    let transport: Transport
    var frames = FrameScanner()
    private(set) var session: DesktopSession?
    private(set) var isRelaying = false
    private var tunnel: Tunnel
    private var scanner = PacketScanner()
    private var probe = LifeProbe()
    /// The desktop sent more than a slot holds: the next read brings more still, at the price of a dearer call.
    private var readsMany = false
    private var pairing: PairingKey?
    /// The client's direction of the legacy transport; held by the loop's table.
    private weak var inbound: Connection?
    private let headerGrant: TunnelGrant?
    private let userAgent: String
    private var ticket: [UInt8] = []
    private var isEnding = false
    /// When the opening as a whole must be done.
    private var openBy = UInt64.max
    private var keepAliveAt = UInt64.max
    private var reauthenticateBy = UInt64.max

    init(transport: Transport, pairing: PairingKey?, headerGrant: TunnelGrant?, userAgent: String) {
        self.transport = transport
        self.pairing = pairing
        self.headerGrant = headerGrant
        self.userAgent = userAgent
        tunnel = Tunnel(TunnelConfiguration(authentication: headerGrant == nil ? .cookie : .header))
        ticket = headerGrant?.ticket ?? []
    }

    // MARK: Wanting

    func wantsClientBytes(_ connection: Connection) -> Bool { true }
    func wantsPeerBytes(_ connection: Connection) -> Bool { isRelaying }

    // MARK: From the client

    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {
        switch loop.readClient(connection) {
        case .bytes(let count, _):
            switch transport {
            case .webSocket: receiveFrames(count, connection, loop)
            case .legacy, .legacyChunked: violation("bytes on the server's direction", connection, loop)
            }
        case .wouldBlock:
            break
        case .closed, .failed:
            clientGone(connection, loop)
        }
    }

    /// WebSocket frames at the front of the inbox.
    private func receiveFrames(_ count: Int, _ connection: Connection, _ loop: RelayLoop) {
        var offset = 0
        while offset < count, !connection.isClosed, !connection.closesWhenDrained {
            let event: FrameEvent
            do {
                event = try loop.inbox.nextFrame(&frames, from: offset, to: count)
            } catch {
                violation("websocket rules broken", connection, loop)
                return
            }
            switch event {
            case .needMore:
                offset = count
            case .payload(let range, _):
                offset = range.upperBound
                receivePackets(range, connection, loop)
            case .control(let opcode, let payload, let consumed):
                offset = consumed
                control(opcode, payload, connection, loop)
            }
        }
        flush(connection, loop)
    }

    private func control(
        _ opcode: Opcode,
        _ payload: [UInt8],
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        switch opcode {
        case .ping: _ = loop.write(FrameHeader.pong(payload), to: connection)
        case .close: clientGone(connection, loop)
        default: alive(loop)
        }
    }

    /// Packets in a part of the inbox; payload of DATA becomes segments.
    func receivePackets(_ range: Range<Int>, _ connection: Connection, _ loop: RelayLoop) {
        alive(loop)
        var offset = range.lowerBound
        while offset < range.upperBound, !connection.isClosed {
            let event: ScanEvent
            do {
                event = try scanner.next(
                    in: loop.inbox.bytes(in: 0..<range.upperBound),
                    from: offset,
                    to: range.upperBound
                )
            } catch {
                violation("packet rules broken", connection, loop)
                return
            }
            switch event {
            case .needMore:
                return
            case .dataPayload(let payload):
                offset = payload.upperBound
                relay(payload, connection, loop)
            case .packet(let packet, let consumed):
                offset = consumed
                flush(connection, loop)
                perform(tunnel.receive(packet), connection, loop)
                scanner.allowsData = tunnel.dataPassage != .refused
            }
        }
    }

    private func relay(_ payload: Range<Int>, _ connection: Connection, _ loop: RelayLoop) {
        guard isRelaying, let session else { return }
        session.lastActivity = loop.now
        session.bytesToDesktop &+= UInt64(payload.count)
        if loop.segments.isFull { flush(connection, loop) }
        loop.segments.append(payload)
    }

    /// Sends the collected payload to the desktop.
    func flush(_ connection: Connection, _ loop: RelayLoop) {
        guard 0 < loop.segments.count else { return }
        if loop.sendSegments(to: connection) != nil { end(.desktopLost, connection, loop) }
    }

    func clientGone(_ connection: Connection, _ loop: RelayLoop) {
        tunnel.clientClosed()
        session?.finish(.clientGone, connection, loop)
        loop.close(connection)
    }

    // MARK: From the desktop

    func peerReadable(_ connection: Connection, _ loop: RelayLoop) {
        guard isRelaying, let peer = connection.peer, let session else { return }
        let slots = DataSlots(transport)
        switch loop.outbox.receive(from: peer.fd, slots: slots, count: readsMany ? DataSlots.count : 1) {
        case .bytes(let count):
            readsMany = slots.payload <= count
            session.bytesToClient &+= UInt64(count)
            if !loop.writeOutbox(slots.frame(count, in: &loop.outbox), to: connection) { return }
            keepAliveAt = loop.now + keepAlive(loop)
        case .wouldBlock:
            break
        case .endOfStream:
            end(.closedByDesktop, connection, loop)
        case .failed:
            end(.desktopLost, connection, loop)
        }
    }

    func peerDrained(_ connection: Connection, _ loop: RelayLoop) {
        if let inbound { loop.settle(inbound) }
    }

    /// Whether the client's direction has room.
    func hasRoom(_ connection: Connection) -> Bool { connection.backlog.isEmpty }

    // MARK: The machine's actions

    func perform(_ actions: [TunnelAction], _ connection: Connection, _ loop: RelayLoop) {
        for action in actions where !connection.isClosed { perform(action, connection, loop) }
    }

    private func perform(_ action: TunnelAction, _ connection: Connection, _ loop: RelayLoop) {
        switch action {
        case .send(let packet):
            send(packet, connection, loop)
        case .authorizeTunnel(let cookie, _):
            authorize(cookie, .openSession, connection, loop)
        case .reauthenticate(let context, let cookie):
            guard let target = loop.services.registry.session(forReauthentication: context) else {
                perform(tunnel.tunnelRefused(.reauthenticationFailed), connection, loop)
                return
            }
            authorize(cookie, .reauthenticate(target), connection, loop)
        case .openChannel(let names, let port, let clientName):
            open(names, port, clientName, connection, loop)
        case .startRelay:
            isRelaying = true
            openBy = .max
            keepAliveAt = loop.now + keepAlive(loop)
            connection.line.proven()
            reschedule(connection, loop)
        case .reauthenticated(let context):
            guard let target = loop.services.registry.endReauthentication(context),
                let address = loop.services.registry.connection(of: target)
            else { return }
            loop.services.post(.reauthenticated(address.connection), to: address.loop)
        case .closeAcknowledged:
            closeLine(connection, loop)
        case .disconnect(let tunnelEnd):
            if tunnelEnd.isViolation { report("packet out of order", connection, loop) }
            session?.finish(
                tunnelEnd == .closedByClient ? .closedByClient : .protocolViolation,
                connection,
                loop
            )
            closeLine(connection, loop)
        case .ignored:
            break
        }
    }

    private func send(_ packet: [UInt8], _ connection: Connection, _ loop: RelayLoop) {
        switch transport {
        case .webSocket:
            _ = loop.write(FrameHeader.encoded(.binary, payloadCount: packet.count) + packet, to: connection)
        case .legacy:
            _ = loop.write(packet, to: connection)
        case .legacyChunked:
            let chunk = ChunkHeader.encoded(payloadCount: packet.count) + packet + ChunkHeader.trailer
            _ = loop.write(chunk, to: connection)
        }
    }

    /// Closes when the client has taken everything, the end of a chunked body included.
    private func closeLine(_ connection: Connection, _ loop: RelayLoop) {
        if transport == .legacyChunked, !connection.isClosed, !connection.closesWhenDrained {
            guard loop.write(ChunkHeader.lastChunk, to: connection) else { return }
        }
        loop.closeWhenDrained(connection)
    }

    private func authorize(
        _ cookie: TunnelCookie?,
        _ purpose: TunnelPurpose,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        if let headerGrant, case .openSession = purpose {
            authorized(headerGrant, connection, loop)
            return
        }
        guard let cookie, let client = context(connection, clientName: "") else {
            perform(tunnel.tunnelRefused(.cookieBadPacket), connection, loop)
            return
        }
        loop.services.link.ask(
            AuthorizeTunnel(client: client, credential: .ticket(cookie.utf8), purpose: purpose),
            for: connection.address
        )
    }

    private func authorized(_ grant: TunnelGrant, _ connection: Connection, _ loop: RelayLoop) {
        ticket = grant.ticket
        let terms = TunnelTerms(
            redirection: RedirectionFlags(rawValue: grant.redirection),
            idleMinutes: grant.idleMinutes,
            consentText: grant.consentText
        )
        perform(tunnel.tunnelAuthorized(terms), connection, loop)
    }

    private func open(
        _ names: [String],
        _ port: UInt16,
        _ clientName: String,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        guard let client = context(connection, clientName: clientName) else { return }
        let session = DesktopSession(
            OpenSession(
                client: client,
                ticket: ticket,
                desktopProtocol: .rdp,
                requestedNames: names,
                requestedPort: port,
                predecessor: .none
            )
        )
        self.session = session
        session.begin(connection, loop)
    }

    private func context(_ connection: Connection, clientName: String) -> ClientContext? {
        connection.line.context(
            transport: transport == .webSocket ? .gatewayWebSocket : .gatewayLegacy,
            userAgent: userAgent,
            clientName: clientName
        )
    }

    // MARK: Messages

    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {
        switch message {
        case .tunnelDecision(_, .success(let grant)):
            authorized(grant, connection, loop)
        case .tunnelDecision(_, .failure(let failure)):
            perform(tunnel.tunnelRefused(ProxyError(tunnel: failure)), connection, loop)
        case .predecessor, .sessionDecision, .resolved:
            guard let session else { return }
            advance(session.receive(message, connection, loop), connection, loop)
        case .probe(_, let asker):
            startProbe(asker, connection, loop)
        case .end(_, let reason):
            end(reason, connection, loop)
        case .serviceMessage(_, let text):
            perform(tunnel.serviceMessage(text), connection, loop)
        case .reauthenticate(_, let seconds):
            requestReauthentication(seconds, connection, loop)
        case .reauthenticated:
            reauthenticateBy = .max
        case .adopt, .adoptInbound, .stop:
            break
        }
    }

    private func advance(_ progress: SessionProgress, _ connection: Connection, _ loop: RelayLoop) {
        switch progress {
        case .waiting:
            reschedule(connection, loop)
        case .refused(let failure):
            perform(tunnel.channelRefused(ProxyError(channel: failure)), connection, loop)
        case .unreachable:
            session?.finish(.desktopUnreachable, connection, loop)
            perform(tunnel.channelRefused(.desktopConnectFailed), connection, loop)
        case .connected:
            perform(tunnel.channelOpened(), connection, loop)
            scanner.allowsData = tunnel.dataPassage != .refused
        }
    }

    func attemptReady(_ connection: Connection, _ loop: RelayLoop) {
        guard let session else { return }
        advance(session.progress(connection, loop), connection, loop)
    }

    // MARK: Ends and limits

    /// Ends the session for a reason of ours or of the desktop; the client is told.
    func end(_ reason: SessionEndReason, _ connection: Connection, _ loop: RelayLoop) {
        guard !isEnding else { return }
        isEnding = true
        isRelaying = false
        loop.segments.removeAll()
        session?.finish(reason, connection, loop)
        perform(tunnel.closeChannel(ProxyError(end: reason)), connection, loop)
        if reason == .replaced {
            closeLine(connection, loop)
        } else if !connection.isClosed && !connection.closesWhenDrained {
            loop.schedule(connection, at: loop.now + GateLimits.closeGraceMilliseconds)
        }
    }

    func violation(_ detail: String, _ connection: Connection, _ loop: RelayLoop) {
        report(detail, connection, loop)
        end(.protocolViolation, connection, loop)
        closeLine(connection, loop)
    }

    private func report(_ detail: String, _ connection: Connection, _ loop: RelayLoop) {
        loop.services.report(
            .protocolViolation,
            from: connection.line.address,
            connection.line.correlation,
            detail
        )
    }

    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) {
        if isEnding || openBy <= loop.now {
            loop.close(connection)
            return
        }
        if pairing != nil {
            loop.close(connection)
            return
        }
        if probe.deadline <= loop.now { judgeProbe(connection, loop) }
        guard let session, session.grant != nil else {
            if openBy == .max { loop.close(connection) } else { reschedule(connection, loop) }
            return
        }
        if let limit = session.limit(now: loop.now) {
            end(limit, connection, loop)
            return
        }
        if reauthenticateBy <= loop.now {
            end(.reauthenticationFailed, connection, loop)
            return
        }
        if session.isReauthenticationDue(now: loop.now) { requestReauthentication(60, connection, loop) }
        if !session.isRunning { advance(session.progress(connection, loop), connection, loop) }
        if isRelaying && keepAliveAt <= loop.now {
            keepAliveAt = loop.now + keepAlive(loop)
            poke(connection, loop)
        }
        if !connection.isClosed && !isEnding { reschedule(connection, loop) }
    }

    private func reschedule(_ connection: Connection, _ loop: RelayLoop) {
        guard !isEnding, !connection.closesWhenDrained, !connection.isClosed else { return }
        let session = session?.deadline ?? .max
        loop.schedule(
            connection,
            at: min(openBy, session, probe.deadline, reauthenticateBy, isRelaying ? keepAliveAt : .max)
        )
    }

    private func keepAlive(_ loop: RelayLoop) -> UInt64 {
        UInt64(max(1, loop.services.settings.keepaliveSeconds)) * 1_000
    }

    private func requestReauthentication(_ seconds: UInt32, _ connection: Connection, _ loop: RelayLoop) {
        guard let session = session?.grant?.session else { return }
        // A client that cannot prove itself again has reached the limit of what it was granted.
        guard tunnel.usableCapabilities.contains(.reauthentication),
            let random = try? RandomBytes.make(count: 8)
        else {
            end(.sessionLimit, connection, loop)
            return
        }
        let context = random.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        loop.services.registry.expectReauthentication(context, of: session)
        reauthenticateBy = loop.now + UInt64(seconds) * 1_000
        perform(tunnel.requestReauthentication(context: context), connection, loop)
        reschedule(connection, loop)
    }

    // MARK: Does the client still answer?

    private func startProbe(_ asker: LoopAddress, _ connection: Connection, _ loop: RelayLoop) {
        guard isRelaying else {
            // Opening or closing: somebody is there, or soon nobody is.
            loop.services.post(.predecessor(asker.connection, isEnding ? .none : .alive), to: asker.loop)
            return
        }
        if probe.begin(asker, now: loop.now) { poke(connection, loop) }
        reschedule(connection, loop)
    }

    private func poke(_ connection: Connection, _ loop: RelayLoop) {
        perform(tunnel.keepAlive(), connection, loop)
        if transport == .webSocket, !connection.isClosed {
            _ = loop.write(FrameHeader.ping([]), to: connection)
        }
    }

    /// Any byte of the client shows that it lives.
    private func alive(_ loop: RelayLoop) {
        if probe.isRunning { probe.answer(.alive, loop.services) }
    }

    private func judgeProbe(_ connection: Connection, _ loop: RelayLoop) {
        // A WebSocket client must answer a ping; of others only the kernel's acknowledgement is certain.
        let acknowledged = StreamSocket.unacknowledgedBytes(of: connection.clientDescriptor) == 0
        let lives = transport != .webSocket && acknowledged && !connection.line.tls.hasQueued
        probe.answer(lives ? .alive : .broken, loop.services)
    }

    // MARK: Legacy transport

    /// The client's direction has come.
    func pair(with connection: Connection, firstBytes: [UInt8], _ out: Connection, _ loop: RelayLoop) {
        inbound = connection
        pairing = nil
        connection.line.proven()
        loop.schedule(connection, at: .max)
        openBy = loop.now + UInt64(max(1, loop.services.settings.tunnelSeconds)) * 1_000
        reschedule(out, loop)
        guard !firstBytes.isEmpty, unsafe loop.inbox.write(firstBytes.span.bytes, at: 0),
            let handler = connection.handler as? NativeInbound
        else { return }
        handler.receive(firstBytes.count, connection, loop)
    }

    func ended(_ connection: Connection, _ loop: RelayLoop) {
        if let pairing { loop.services.pairing.stopWaiting(pairing, at: connection.address) }
        probe.answer(.broken, loop.services)
        session?.finish(.clientGone, connection, loop)
        if let inbound { loop.close(inbound) }
    }
}
