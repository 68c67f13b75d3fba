// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate's line to the control plane. It connects, asks, and keeps what must not be lost.

internal import ByteCoding
internal import DaemonMessages
internal import LinuxKit
internal import Synchronization

/// Questions from the loops go in, answers come out as loop messages.
///
/// While the control plane is away every question is answered "unavailable" at once (fail closed), and ends of
/// sessions wait here until they are acknowledged.
final class ControlLink: Sendable {
    private enum Question: Sendable {
        case tunnel(LoopAddress)
        case session(LoopAddress)
    }

    private struct State {
        var isConnected = false
        var lastRequest: UInt32 = 0
        var questions: [UInt32: (Question, deadline: UInt64)] = [:]
        var outgoing: [GateToControl] = []
        var ends = WaitingEnds()
        var incidents: [GateIncident] = []
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp
    private let path: String
    /// The only uid that is believed, besides our own.
    private let controlUser: UInt32?
    private let mailboxes: [Mailbox]
    private let registry: SessionRegistry

    init(
        path: String,
        controlUser: UInt32?,
        mailboxes: [Mailbox],
        registry: SessionRegistry
    ) throws(SystemError) {
        self.path = path
        self.controlUser = controlUser
        self.mailboxes = mailboxes
        self.registry = registry
        wakeUp = try WakeUp()
    }

    var isConnected: Bool { state.withLock { $0.isConnected } }

    // MARK: Asking

    func ask(_ question: AuthorizeTunnel, for address: LoopAddress) {
        ask(.tunnel(address)) { .authorizeTunnel(request: $0, question) }
    }

    func ask(_ question: OpenSession, for address: LoopAddress) {
        ask(.session(address)) { .openSession(request: $0, question) }
    }

    private func ask(_ question: Question, _ message: (UInt32) -> GateToControl) {
        let deadline = Clock.monotonicMilliseconds() + GateLimits.decisionMilliseconds
        let sent = state.withLock { state in
            guard state.isConnected else { return false }
            state.lastRequest &+= 1
            state.questions[state.lastRequest] = (question, deadline)
            state.outgoing.append(message(state.lastRequest))
            return true
        }
        if sent { wakeUp.signal() } else { fail(question) }
    }

    // MARK: Telling

    func tell(_ started: SessionStarted) {
        state.withLock { if $0.isConnected { $0.outgoing.append(.sessionStarted(started)) } }
        wakeUp.signal()
    }

    /// Kept until the control plane says that it is recorded.
    func tell(_ ended: SessionEnded) {
        state.withLock { state in
            state.ends.add(ended)
            if state.isConnected { state.outgoing.append(.sessionEnded(ended)) }
        }
        wakeUp.signal()
    }

    /// Bursts of one kind from one address are counted together.
    func tell(_ incident: GateIncident) {
        state.withLock { state in
            let same = state.incidents.lastIndex {
                $0.kind == incident.kind && $0.address.bytes == incident.address.bytes
            }
            if let same {
                state.incidents[same].count =
                    state.incidents[same].count.addingReportingOverflow(1).partialValue
            } else if state.incidents.count < GateLimits.waitingIncidents {
                state.incidents.append(incident)
            }
        }
    }

    // MARK: The thread

    /// Runs for ever: connect, serve, wait, again.
    func run() {
        var backoff: Int32 = 100
        while true {
            if serveOnce() { backoff = 100 }
            disconnect()
            sleep(milliseconds: backoff)
            backoff = min(backoff * 2, 2_000)
        }
    }

    /// One connection from its beginning to its end; false when there was none.
    ///
    /// Not inlined: with an owned stream inside the endless loop, Swift 6.3.1's loop optimiser does not come to an end.
    @inline(never)
    private func serveOnce() -> Bool {
        guard let stream = try? UnixStream(path: path, milliseconds: 1_000), isTrusted(stream) else {
            return false
        }
        serve(stream)
        GateLog.line("control plane gone, new sessions are refused")
        return true
    }

    private func isTrusted(_ stream: borrowing UnixStream) -> Bool {
        guard let controlUser else { return true }
        guard let peer = try? stream.peer() else { return false }
        return peer.user == controlUser
    }

    @inline(never)
    private func sleep(milliseconds: Int32) {
        guard let poller = try? Poller() else { return }
        var batch = ReadyBatch()
        poller.wait(into: &batch, milliseconds: milliseconds)
    }

    private func serve(_ stream: borrowing UnixStream) {
        guard let poller = try? Poller() else { return }
        let fd = stream.withRaw { $0 }
        guard (try? poller.add(fd, .read, token: 0)) != nil,
            (try? poller.add(wakeUp.fd, .read, token: 1)) != nil
        else { return }
        let hello = GateHello(version: GateVersion.text, liveSessions: registry.liveSessions)
        // In one step: an end that is told from now on goes out with the first turn below.
        let waiting = state.withLock { state in
            state.isConnected = true
            return state.ends.all
        }
        guard send(.hello(hello), to: stream) else { return }
        for end in waiting where !send(.sessionEnded(end), to: stream) { return }
        GateLog.line("control plane connected")

        var assembler = FrameAssembler()
        var batch = ReadyBatch()
        var lastHeard = Clock.monotonicMilliseconds()
        while true {
            poller.wait(into: &batch, milliseconds: 1_000)
            wakeUp.clear()
            let now = Clock.monotonicMilliseconds()
            for message in takeOutgoing() where !send(message, to: stream) { return }
            switch stream.read(limit: 65_536) {
            case .bytes(let bytes):
                lastHeard = now
                assembler.append(bytes)
                guard deliver(from: &assembler) else { return }
            case .nothing:
                if 5_000 < now - lastHeard, !send(.ping(0), to: stream) { return }
                if 20_000 < now - lastHeard { return }
            case .end:
                return
            }
            expire(now)
        }
    }

    private func takeOutgoing() -> [GateToControl] {
        state.withLock { state in
            let messages = state.outgoing + state.incidents.map { .incident($0) }
            state.outgoing = []
            state.incidents = []
            return messages
        }
    }

    /// Small frames to a local reader: a full socket means that the control plane hangs.
    private func send(_ message: GateToControl, to stream: borrowing UnixStream) -> Bool {
        stream.writeAll(message.encoded(), milliseconds: 5_000)
    }

    private func deliver(from assembler: inout FrameAssembler) -> Bool {
        do {
            while let frame = try assembler.next() { deliver(try ControlToGate(frame: frame)) }
            return true
        } catch {
            GateLog.line("the control plane sent a broken message")
            return false
        }
    }

    private func deliver(_ message: ControlToGate) {
        switch message {
        case .welcome, .pong:
            break
        case .tunnelGranted(let request, let grant):
            answer(request) { question in
                guard case .tunnel(let address) = question else { return }
                post(.tunnelDecision(address.connection, .success(grant)), to: address)
            }
        case .sessionGranted(let request, let grant):
            answer(request) { question in
                guard case .session(let address) = question else { return }
                post(.sessionDecision(address.connection, .success(grant)), to: address)
            }
        case .refused(let request, let refusal):
            answer(request) { fail($0, .refused(refusal)) }
        case .sessionEndRecorded(let session):
            state.withLock { $0.ends.acknowledge(session) }
        case .terminate(let session, let reason):
            toSession(session) { .end($0, SessionEndReason(reason)) }
        case .serviceMessage(let session, let text):
            toSession(session) { .serviceMessage($0, text: text) }
        case .reauthenticate(let session, let seconds):
            toSession(session) { .reauthenticate($0, withinSeconds: seconds) }
        }
    }

    private func answer(_ request: UInt32, _ body: (Question) -> Void) {
        guard let (question, _) = state.withLock({ $0.questions.removeValue(forKey: request) }) else {
            return
        }
        body(question)
    }

    private func toSession(_ session: SessionID, _ message: (ConnectionID) -> LoopMessage) {
        guard let address = registry.connection(of: session) else { return }
        post(message(address.connection), to: address)
    }

    private func post(_ message: LoopMessage, to address: LoopAddress) {
        guard mailboxes.indices.contains(address.loop) else { return }
        mailboxes[address.loop].post(message)
    }

    private func fail(_ question: Question, _ failure: DecisionFailure = .unavailable) {
        switch question {
        case .tunnel(let address): post(.tunnelDecision(address.connection, .failure(failure)), to: address)
        case .session(let address): post(.sessionDecision(address.connection, .failure(failure)), to: address)
        }
    }

    private func expire(_ now: UInt64) {
        let late = state.withLock { state in
            let late = state.questions.filter { $0.value.deadline < now }
            for request in late.keys { state.questions[request] = nil }
            return late.values.map { $0.0 }
        }
        for question in late { fail(question) }
    }

    private func disconnect() {
        let open = state.withLock { state in
            defer {
                state.questions = [:]
                state.outgoing = []
                state.isConnected = false
            }
            return state.questions.values.map { $0.0 }
        }
        for question in open { fail(question) }
    }
}

extension SessionEndReason {
    /// What an order of the control plane is recorded as.
    init(_ reason: TerminationReason) {
        self =
            switch reason {
            case .operatorRequest: .terminatedByOperator
            case .accessWithdrawn: .accessWithdrawn
            case .signedOut: .signedOut
            case .sessionLimit: .sessionLimit
            }
    }
}
