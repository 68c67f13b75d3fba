// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a VNC desktop in the browser: RFC 6455 frames outside, RFB inside.

internal import DaemonMessages
internal import DaemonSettings
internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit
internal import WebSocketFrames

/// The same ticket, limits, registry and backpressure as for native clients.
final class BrowserDesktop: ConnectionHandler {
    private var frames = FrameScanner()
    private let session: DesktopSession
    private var probe = LifeProbe()
    private var isRelaying = false
    private var isEnding = false
    private var openBy: UInt64
    private var pingAt = UInt64.max

    private init(_ session: DesktopSession, openBy: UInt64) {
        self.session = session
        self.openBy = openBy
    }

    /// Answers 101 and asks for the desktop; a refusal comes as a close frame, which the page can read.
    static func begin(
        ticket: [UInt8],
        key: String,
        _ head: RequestHead,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        let userAgent = String(
            decoding: (head.value("user-agent") ?? "").utf8.prefix(GateLimits.userAgentBytes),
            as: UTF8.self
        )
        guard let client = connection.line.context(transport: .browser, userAgent: userAgent) else {
            loop.close(connection)
            return
        }
        let session = DesktopSession(
            OpenSession(
                client: client,
                ticket: ticket,
                desktopProtocol: .vnc,
                requestedNames: [],
                requestedPort: 0,
                predecessor: .none
            )
        )
        let limit = loop.now + UInt64(max(1, loop.services.settings.tunnelSeconds)) * 1_000
        let desktop = BrowserDesktop(session, openBy: limit)
        connection.handler = desktop
        loop.schedule(connection, at: limit)
        let hash = Digest.sha1(WebSocketUpgrade.acceptInput(key: key))
        let answer = WebSocketUpgrade.switching(
            hash: hash,
            subprotocol: WebSocketUpgrade.subprotocol(for: head)
        )
        guard loop.write(answer.bytes, to: connection) else { return }
        session.begin(connection, loop)
    }

    // MARK: Wanting

    /// RFB begins with the desktop; before, the client has nothing to say but control frames.
    func wantsClientBytes(_ connection: Connection) -> Bool { true }
    func wantsPeerBytes(_ connection: Connection) -> Bool { isRelaying }

    // MARK: Bytes

    func clientReadable(_ connection: Connection, _ loop: RelayLoop) {
        switch loop.readClient(connection) {
        case .bytes(let count, _): receive(count, connection, loop)
        case .wouldBlock: break
        case .closed, .failed: loop.close(connection)
        }
    }

    private func receive(_ count: Int, _ connection: Connection, _ loop: RelayLoop) {
        if probe.isRunning { probe.answer(.alive, loop.services) }
        var offset = 0
        while offset < count, !connection.isClosed, !connection.closesWhenDrained {
            let event: FrameEvent
            do {
                event = try loop.inbox.nextFrame(&frames, from: offset, to: count)
            } catch {
                violation(error, connection, loop)
                return
            }
            switch event {
            case .needMore:
                offset = count
            case .payload(let range, _):
                offset = range.upperBound
                relay(range, connection, loop)
            case .control(let opcode, let payload, let consumed):
                offset = consumed
                control(opcode, payload, connection, loop)
            }
        }
        flush(connection, loop)
    }

    private func relay(_ range: Range<Int>, _ connection: Connection, _ loop: RelayLoop) {
        guard isRelaying else {
            if !isEnding { end(.protocolViolation, code: 1_002, "", connection, loop) }
            return
        }
        session.lastActivity = loop.now
        session.bytesToDesktop &+= UInt64(range.count)
        if loop.segments.isFull { flush(connection, loop) }
        loop.segments.append(range)
    }

    private func flush(_ connection: Connection, _ loop: RelayLoop) {
        guard 0 < loop.segments.count else { return }
        if loop.sendSegments(to: connection) != nil { end(.desktopLost, connection, loop) }
    }

    private func control(
        _ opcode: Opcode,
        _ payload: [UInt8],
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        switch opcode {
        case .ping:
            _ = loop.write(FrameHeader.pong(payload), to: connection)
        case .close:
            flush(connection, loop)
            // A page that goes away also closes in order: only the ticket's grace tells a reload from an end.
            session.finish(isEnding ? .closedByClient : .clientGone, connection, loop)
            isEnding = true
            isRelaying = false
            if loop.write(FrameHeader.close(.normal), to: connection) { loop.closeWhenDrained(connection) }
        default:
            break
        }
    }

    func peerReadable(_ connection: Connection, _ loop: RelayLoop) {
        guard isRelaying, let peer = connection.peer else { return }
        let gap = FrameHeader.longest
        switch loop.outbox.receive(from: peer.fd, at: gap, count: GateLimits.batchBytes) {
        case .bytes(let count):
            session.bytesToClient &+= UInt64(count)
            let start = loop.outbox.putFrameHeader(payloadCount: count, endingAt: gap)
            _ = loop.writeOutbox(start..<gap + count, to: connection)
        case .wouldBlock:
            break
        case .endOfStream:
            end(.closedByDesktop, connection, loop)
        case .failed:
            end(.desktopLost, connection, loop)
        }
    }

    // MARK: Messages

    func receive(_ message: LoopMessage, _ connection: Connection, _ loop: RelayLoop) {
        switch message {
        case .predecessor, .sessionDecision, .resolved:
            advance(session.receive(message, connection, loop), connection, loop)
        case .probe(_, let asker):
            guard isRelaying else {
                loop.services.post(.predecessor(asker.connection, isEnding ? .none : .alive), to: asker.loop)
                return
            }
            if probe.begin(asker, now: loop.now) { _ = loop.write(FrameHeader.ping([]), to: connection) }
            reschedule(connection, loop)
        case .end(_, let reason):
            end(reason, connection, loop)
        default:
            break
        }
    }

    func attemptReady(_ connection: Connection, _ loop: RelayLoop) {
        advance(session.progress(connection, loop), connection, loop)
    }

    private func advance(_ progress: SessionProgress, _ connection: Connection, _ loop: RelayLoop) {
        switch progress {
        case .waiting:
            reschedule(connection, loop)
        case .refused(.refused(let refusal)):
            let text = "\(refusal.reference) \(refusal.text)"
            end(.desktopUnreachable, code: BrowserClose.refused, text, connection, loop)
        case .refused(.unavailable):
            end(.desktopUnreachable, code: BrowserClose.unavailable, "", connection, loop)
        case .unreachable:
            end(.desktopUnreachable, connection, loop)
        case .connected:
            isRelaying = true
            openBy = .max
            connection.line.proven()
            pingAt = loop.now + keepAlive(loop)
            reschedule(connection, loop)
        }
    }

    // MARK: Ends and limits

    private func end(_ reason: SessionEndReason, _ connection: Connection, _ loop: RelayLoop) {
        end(reason, code: BrowserClose.code(for: reason), "", connection, loop)
    }

    private func end(
        _ reason: SessionEndReason,
        code: UInt16,
        _ text: String,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        guard !isEnding else { return }
        isEnding = true
        isRelaying = false
        loop.segments.removeAll()
        session.finish(reason, connection, loop)
        let frame = BrowserClose.frame(code, text)
        if loop.write(frame, to: connection) { loop.closeWhenDrained(connection) }
    }

    private func violation(_ error: FrameError, _ connection: Connection, _ loop: RelayLoop) {
        loop.services.report(
            .protocolViolation,
            from: connection.line.address,
            connection.line.correlation,
            "websocket rules broken"
        )
        end(.protocolViolation, code: error.closeCode.rawValue, "", connection, loop)
    }

    func deadlinePassed(_ connection: Connection, _ loop: RelayLoop) {
        if isEnding || openBy <= loop.now {
            loop.close(connection)
            return
        }
        if probe.deadline <= loop.now { probe.answer(.broken, loop.services) }
        if let limit = session.limit(now: loop.now) {
            end(limit, connection, loop)
            return
        }
        if !session.isRunning { advance(session.progress(connection, loop), connection, loop) }
        if isRelaying && pingAt <= loop.now {
            pingAt = loop.now + keepAlive(loop)
            _ = loop.write(FrameHeader.ping([]), to: connection)
        }
        reschedule(connection, loop)
    }

    private func reschedule(_ connection: Connection, _ loop: RelayLoop) {
        guard !isEnding, !connection.isClosed, !connection.closesWhenDrained else { return }
        loop.schedule(
            connection,
            at: min(openBy, session.deadline, probe.deadline, isRelaying ? pingAt : .max)
        )
    }

    private func keepAlive(_ loop: RelayLoop) -> UInt64 {
        UInt64(max(1, loop.services.settings.keepaliveSeconds)) * 1_000
    }

    func ended(_ connection: Connection, _ loop: RelayLoop) {
        probe.answer(.broken, loop.services)
        session.finish(.clientGone, connection, loop)
    }
}

/// Close codes that the portal's page turns into sentences (RFC 6455, 7.4.2: 4000 and up are the application's).
enum BrowserClose {
    /// 4000 plus the raw value of the reason.
    static func code(for reason: SessionEndReason) -> UInt16 { 4_000 + UInt16(reason.rawValue) }
    /// The reason text is the reference and the sentence of the refusal.
    static let refused: UInt16 = 4_403
    static let unavailable: UInt16 = 4_503

    /// A whole close frame; the text is cut at a character.
    static func frame(_ code: UInt16, _ text: String) -> [UInt8] {
        var clipped = text
        while WebSocketLimits.closeReason < clipped.utf8.count { clipped.removeLast() }
        let payload = [UInt8(code >> 8), UInt8(code & 0xff)] + Array(clipped.utf8)
        return FrameHeader.encoded(.close, payloadCount: payload.count) + payload
    }
}
