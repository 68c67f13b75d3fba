// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one thread, one epoll, many connections; a connection stays with its loop.

internal import DaemonMessages
internal import DaemonSettings
internal import LinuxKit
internal import OpenSSLKit

/// All state belongs to the loop's thread; other threads post messages.
final class RelayLoop: @unchecked Sendable {
    // Unchecked: made on one thread, then used by the loop's thread alone.

    /// Which descriptor of a connection an event is about: the low three bits of a token.
    enum Role: UInt64 {
        case client = 0
        case peer = 1
        case mailbox = 2
        case attempt = 3
        case ticker = 4
    }

    let index: Int
    let services: GateServices
    /// What clients send, decrypted; also parsed in place.
    var inbox = IOBuffer(capacity: GateLimits.batchBytes)
    /// What desktops send, with room for headers.
    var outbox = IOBuffer(capacity: GateLimits.batchBytes + GateLimits.framingBytes)
    var scratch = TLSScratch()
    var segments = SegmentList()
    /// Milliseconds, read once per turn.
    private(set) var now = Clock.monotonicMilliseconds()

    private let poller: Poller
    private(set) var heartbeat: Heartbeat
    private var table = ConnectionTable()
    private var wheel: TimerWheel
    private var again: [ConnectionID] = []
    /// What is over, until the turn ends and nothing else refers to it.
    private var retired: [ClientLine] = []
    /// Something has passed through since the buffers were overwritten.
    private var isMarked = false
    private var isStopping = false

    init(index: Int, services: GateServices) throws(SystemError) {
        self.index = index
        self.services = services
        poller = try Poller()
        heartbeat = try Heartbeat()
        wheel = TimerWheel(now: now)
        try poller.add(heartbeat.fd, .read, token: Role.ticker.rawValue)
        try poller.add(services.mailboxes[index].descriptor, .read, token: Role.mailbox.rawValue)
    }

    /// Runs until it was told to stop and the last connection is gone.
    func run() {
        var batch = ReadyBatch()
        TLSShelf.open()
        defer { forget() }
        while !(isStopping && table.isEmpty) {
            // Without connections there are no deadlines, and after one more beat there is nothing to forget.
            let longest = heartbeat.longestWait(hasDeadlines: !table.isEmpty || isMarked)
            poller.wait(into: &batch, milliseconds: again.isEmpty ? longest : 0)
            now = Clock.monotonicMilliseconds()
            // A heartbeat without a ticker.
            if batch.count == 0 && again.isEmpty { forget() }
            var hasMail = false
            for index in 0..<batch.count {
                let ready = batch[index]
                switch ready.token {
                case Role.mailbox.rawValue: hasMail = true
                case Role.ticker.rawValue:
                    heartbeat.clear()
                    forget()
                default: handle(ready)
                }
            }
            let waiting = again
            again.removeAll(keepingCapacity: true)
            for id in waiting { readAgain(id) }
            for id in wheel.advance(to: now) { look(at: id) }
            if hasMail { for message in services.mailboxes[index].takeAll() { take(message) } }
            if !retired.isEmpty { services.retired.add(&retired) }
        }
    }

    /// Overwrites what passed through: with every beat and not with every read, so that it costs bulk nothing.
    private func forget() {
        isMarked = !table.isEmpty
        inbox.wipe()
        outbox.wipe()
        TLSShelf.clear()
        RecordCipher.forget()
    }

    // MARK: For handlers

    /// Registers a descriptor of a connection; false when the kernel refuses.
    func watch(_ fd: Int32, _ interest: Interest, _ role: Role, of connection: Connection) -> Bool {
        (try? poller.add(fd, interest, token: token(connection, role))) != nil
    }

    func unwatch(_ fd: Int32) { poller.remove(fd) }

    /// Changes the interest of a connect attempt.
    func rewatch(_ fd: Int32, _ interest: Interest, _ role: Role, of connection: Connection) -> Bool {
        (try? poller.modify(fd, interest, token: token(connection, role))) != nil
    }

    /// Sets when `deadlinePassed` is called at the latest.
    func schedule(_ connection: Connection, at milliseconds: UInt64) {
        connection.deadline = milliseconds
        guard milliseconds < connection.wheelTime else { return }
        connection.wheelTime = wheel.schedule(connection.id, at: milliseconds)
    }

    /// Writes to the client; a failure closes the connection and answers false.
    func write(_ bytes: [UInt8], to connection: Connection) -> Bool {
        finish(unsafe connection.line.tls.write(bytes.span.bytes, through: &scratch), of: connection)
    }

    /// Writes a part of the outbox to the client; a failure closes the connection and answers false.
    func writeOutbox(_ range: Range<Int>, to connection: Connection) -> Bool {
        finish(connection.line.tls.write(outbox.bytes(in: range), through: &scratch), of: connection)
    }

    private func finish(_ step: TLSWriteStep, of connection: Connection) -> Bool {
        guard case .failed = step else { return true }
        close(connection)
        return false
    }

    /// Sends segments of the inbox to the peer and keeps what it does not take; an errno when it is broken.
    func sendSegments(to connection: Connection) -> Int32? {
        defer { segments.removeAll() }
        guard let peer = connection.peer, 0 < segments.byteCount else { return nil }
        var sent = 0
        if connection.backlog.isEmpty {
            switch StreamSocket.send(to: peer.fd, inbox.bytes(in: 0..<inbox.capacity), segments: segments) {
            case .bytes(let count): sent = count
            case .wouldBlock, .endOfStream: break
            case .failed(let code): return code
            }
        }
        guard sent < segments.byteCount else { return nil }
        for range in segments.remainder(after: sent) { connection.backlog.append(inbox.bytes(in: range)) }
        return nil
    }

    /// Reads from the client into the inbox.
    func readClient(_ connection: Connection) -> TLSReadStep {
        let step = inbox.read(from: connection.line)
        connection.holdsClientBytes = if case .bytes(_, let drained) = step { !drained } else { false }
        return step
    }

    /// Adjusts what is waited for; call after anything changed that a handler wants.
    func settle(_ connection: Connection) {
        guard !connection.isClosed else { return }
        if connection.closesWhenDrained && !connection.line.tls.hasQueued {
            // The end is told before the line is cut, and a full socket makes it wait.
            connection.line.tls.closeNotify()
            if !connection.line.tls.hasQueued {
                close(connection)
                return
            }
        }
        let queued = connection.line.tls.hasQueued
        let reads =
            !connection.closesWhenDrained && connection.backlog.isEmpty
            && connection.handler.wantsClientBytes(connection)
        var interest: Interest = reads ? .read : []
        if queued { interest.insert(.write) }
        if interest != connection.clientInterest {
            connection.clientInterest = interest
            _ = try? poller.modify(connection.clientDescriptor, interest, token: token(connection, .client))
        }
        if reads && connection.holdsClientBytes { again.append(connection.id) }
        guard let peer = connection.peer else { return }
        var wanted: Interest = !queued && connection.handler.wantsPeerBytes(connection) ? .read : []
        if !connection.backlog.isEmpty { wanted.insert(.write) }
        if wanted != peer.interest {
            peer.interest = wanted
            _ = try? poller.modify(peer.fd, wanted, token: token(connection, .peer))
        }
    }

    /// Closes when the client has taken everything, at the latest after the grace.
    func closeWhenDrained(_ connection: Connection) {
        guard !connection.isClosed else { return }
        connection.closesWhenDrained = true
        schedule(connection, at: now + GateLimits.closeGraceMilliseconds)
        settle(connection)
    }

    /// Ends the connection now.
    func close(_ connection: Connection) {
        guard !connection.isClosed else { return }
        connection.isClosed = true
        connection.handler.ended(connection, self)
        connection.line.tls.closeNotify()
        // Closing takes a descriptor out of epoll; events of this turn find no connection any more.
        connection.line.hangUp()
        connection.peer = nil
        table.remove(connection.id)
        retired.append(connection.line)
    }

    /// Takes a connection out of this loop for another one; its handler is not told.
    func release(_ connection: Connection) -> ClientLine {
        connection.isClosed = true
        unwatch(connection.clientDescriptor)
        table.remove(connection.id)
        return connection.line
    }

    func connection(_ id: ConnectionID) -> Connection? { table[id] }

    // MARK: Events

    private func token(_ connection: Connection, _ role: Role) -> UInt64 {
        connection.id.value << 3 | role.rawValue
    }

    private func handle(_ ready: Ready) {
        guard let connection = table[ConnectionID(value: ready.token >> 3)],
            let role = Role(rawValue: ready.token & 7)
        else { return }
        switch role {
        case .client: clientReady(connection, ready)
        case .peer: peerReady(connection, ready)
        case .attempt: connection.handler.attemptReady(connection, self)
        case .mailbox, .ticker: break
        }
        settle(connection)
    }

    private func clientReady(_ connection: Connection, _ ready: Ready) {
        if ready.writable && connection.line.tls.hasQueued {
            switch connection.line.tls.flush() {
            case .sent: connection.handler.clientDrained(connection, self)
            case .queued: break
            case .failed:
                close(connection)
                return
            }
        }
        if ready.broken && !ready.readable {
            close(connection)
        } else if ready.readable && connection.clientInterest.contains(.read) && !connection.isClosed {
            connection.handler.clientReadable(connection, self)
        } else if ready.broken {
            close(connection)
        }
    }

    private func peerReady(_ connection: Connection, _ ready: Ready) {
        guard let peer = connection.peer else { return }
        if ready.writable && !connection.backlog.isEmpty {
            if connection.backlog.send(to: peer.fd) != nil {
                connection.handler.peerReadable(connection, self)
                return
            }
            if connection.backlog.isEmpty { connection.handler.peerDrained(connection, self) }
        }
        if ready.readable || ready.broken, !connection.isClosed, !connection.line.tls.hasQueued {
            connection.handler.peerReadable(connection, self)
        }
    }

    private func readAgain(_ id: ConnectionID) {
        guard let connection = table[id], connection.clientInterest.contains(.read) else { return }
        connection.handler.clientReadable(connection, self)
        settle(connection)
    }

    private func look(at id: ConnectionID) {
        guard let connection = table[id], connection.wheelTime <= now else { return }
        connection.wheelTime = .max
        if connection.deadline <= now {
            connection.deadline = .max
            if connection.closesWhenDrained {
                close(connection)
            } else {
                connection.handler.deadlinePassed(connection, self)
                settle(connection)
            }
        } else if connection.deadline != .max {
            schedule(connection, at: connection.deadline)
        }
    }

    // MARK: Messages

    private func take(_ message: LoopMessage) {
        switch message {
        case .adopt(let line):
            add(line, FrontDoor())
        case .adoptInbound(let line, let outbound, let bytes):
            guard let out = table[outbound], let tunnel = out.handler as? NativeTunnel else { return }
            guard let connection = add(line, NativeInbound(outbound: out, tunnel: tunnel)) else { return }
            tunnel.pair(with: connection, firstBytes: bytes, out, self)
            settle(connection)
            settle(out)
        case .sessionDecision(let id, .success(let grant)) where table[id] == nil:
            // Granted to a client that has gone in the meantime: the control plane must not count it.
            DesktopSession.reportUnused(grant, services)
        case .probe(let id, let asker) where table[id] == nil:
            services.post(.predecessor(asker.connection, .none), to: asker.loop)
        case .tunnelDecision(let id, _), .sessionDecision(let id, _), .probe(let id, _),
            .predecessor(let id, _),
            .resolved(let id, _), .end(let id, _), .serviceMessage(let id, _), .reauthenticate(let id, _),
            .reauthenticated(let id):
            guard let connection = table[id] else { return }
            connection.handler.receive(message, connection, self)
            settle(connection)
        case .stop:
            isStopping = true
            for connection in table.all {
                connection.handler.receive(.end(connection.id, .gateStopping), connection, self)
                settle(connection)
            }
        }
    }

    /// Takes a line into the table and gives it until the time for a request head; nil when there is no room.
    @discardableResult
    func add(_ line: ClientLine, _ handler: any ConnectionHandler) -> Connection? {
        guard !isStopping, let id = table.reserve() else { return nil }
        let connection = Connection(line, address: LoopAddress(loop: index, connection: id), handler: handler)
        guard watch(connection.clientDescriptor, .read, .client, of: connection) else { return nil }
        table.set(connection)
        isMarked = true
        let head = UInt64(max(1, services.settings.requestHeadSeconds)) * 1_000
        schedule(connection, at: now + head)
        // The first request often arrives with the end of the handshake, and libssl has it already.
        connection.holdsClientBytes = true
        again.append(id)
        return connection
    }
}
