// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one gate's connection, from its hello to its end.

internal import DaemonMessages
internal import Glibc
internal import Logging
internal import NIOCore
internal import Sessions
internal import Synchronization

/// Reads a gate's messages and answers them; one task for each question.
struct GateConnection: Sendable {
    /// Questions at a time.
    ///
    /// A county's Monday morning needs a dozen; what comes on top is refused at once, so that a gate gone
    /// wild cannot fill the memory.
    static let maximumQuestions = 256
    /// Reports at a time, before reading waits for them.
    static let maximumReports = 1024
    /// A gate that lets so many bytes wait does not read any more: its link is closed.
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 1 << 20, high: 4 << 20)
    /// From the connection to the hello.
    static let helloSeconds: Int64 = 10
    /// Between two tries to record an end.
    static let retryInterval = Duration.seconds(2)

    let id: GateID
    let channel: any Channel
    let side: any GateSide
    let logger: Logger

    private let order = NoticeOrder()
    /// Ends that are not acknowledged: an acknowledgement names the session alone and means its oldest end.
    private let unrecorded = NoticeOrder()
    private let questions = QuestionCount()

    init(id: GateID, channel: any Channel, side: any GateSide, logger: Logger) {
        self.id = id
        self.channel = channel
        self.side = side
        self.logger = logger
    }

    /// Why a link is closed by us.
    enum Fault: Error {
        case helloMissing
        case helloRepeated
    }

    func run(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async {
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(Self.helloSeconds)) { [channel] in
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        let isGreeted = Mutex(false)
        var reason = "closed"
        do {
            try await withThrowingDiscardingTaskGroup { group in
                // Reports that wait for the audit log give up with the link: the next hello brings them again.
                defer { group.cancelAll() }
                var assembler = FrameAssembler()
                for try await bytes in inbound {
                    assembler.append(bytes.readableBytesView)
                    Self.forget(bytes)
                    while let frame = try assembler.next() {
                        let message = try GateToControl(frame: frame)
                        if case .hello(let hello) = message {
                            guard !isGreeted.withLock({ $0 }) else { throw Fault.helloRepeated }
                            deadline.cancel()
                            isGreeted.withLock { $0 = true }
                            await greet(hello)
                        } else {
                            guard isGreeted.withLock({ $0 }) else { throw Fault.helloMissing }
                            await receive(message, in: &group)
                        }
                    }
                }
            }
        } catch is CancellationError {
            reason = "stopping"
        } catch {
            reason = "fault"
            logger.warning("gate link closed", metadata: ["gate": "\(id.number)", "error": "\(error)"])
        }
        if isGreeted.withLock({ $0 }) { await side.gateLost(id, reason: reason) }
    }

    /// The channel keeps its buffer for the next read: a ticket would lie in it until then.
    private static func forget(_ bytes: ByteBuffer) {
        // In the storage that is shared with the channel, on purpose: a mutable view would overwrite a copy. Nobody
        // reads it any more, and the channel does not fill it before this value is gone.
        bytes.withUnsafeReadableBytes { raw in
            guard let base = raw.baseAddress else { return }
            explicit_bzero(UnsafeMutableRawPointer(mutating: base), raw.count)
        }
    }

    private func greet(_ hello: GateHello) async {
        send(.welcome(protocolVersion: FrameLimits.protocolVersion))
        await side.gateConnected(id, hello: hello) { [self] message in send(message) }
        logger.info(
            "gate connected",
            metadata: [
                "gate": "\(id.number)", "version": "\(hello.version)",
                "sessions": "\(hello.liveSessions.count)",
            ]
        )
    }

    // MARK: Receiving

    private func receive(
        _ message: GateToControl,
        in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async {
        switch message {
        case .hello: break
        case .ping(let number): send(.pong(number))
        case .authorizeTunnel(let request, let question):
            guard questions.enter(limit: Self.maximumQuestions) else {
                return send(.refused(request: request, await side.overloaded(question.client)))
            }
            group.addTask { await answer(request, question) }
        case .openSession(let request, let question):
            guard questions.enter(limit: Self.maximumQuestions) else {
                return send(.refused(request: request, await side.overloaded(question.client)))
            }
            let earlier = order.open
            group.addTask { await answer(request, question, after: earlier) }
        case .sessionStarted(let report):
            let place = await takePlace(report.session)
            group.addTask { await take(report, place) }
        case .sessionEnded(let report):
            let place = await takePlace(report.session)
            let record = unrecorded.begin(report.session)
            group.addTask { await take(report, place, record) }
        case .incident(let incident):
            // The gate groups these; reading them one by one slows down a gate that does not.
            await side.incident(incident)
        }
    }

    private func takePlace(_ session: SessionID) async -> NoticeOrder.Place {
        let open = order.open
        if Self.maximumReports <= open.count { await order.finished(open) }
        return order.begin(session)
    }

    // MARK: Questions

    // What the service does with a ticket must not stop halfway when the link is lost, so it runs in a task of
    // its own, which is not cancelled with the connection; the connection waits for it.

    private func answer(_ request: UInt32, _ question: AuthorizeTunnel) async {
        defer { questions.leave() }
        switch await Task(operation: { await side.authorizeTunnel(question) }).value {
        case .granted(let grant): send(.tunnelGranted(request: request, grant))
        case .refused(let refusal): send(.refused(request: request, refusal))
        }
    }

    private func answer(_ request: UInt32, _ question: OpenSession, after earlier: [UInt64]) async {
        defer { questions.leave() }
        // A reconnect follows the end of the line before it: the end counts first.
        await order.finished(earlier)
        switch await Task(operation: { await side.openSession(question, from: id) }).value {
        case .granted(let grant): send(.sessionGranted(request: request, grant))
        case .refused(let refusal): send(.refused(request: request, refusal))
        }
    }

    // MARK: Reports

    private func take(_ report: SessionStarted, _ place: NoticeOrder.Place) async {
        await order.finished(place.earlier)
        await Task { await side.sessionStarted(report, from: id) }.value
        order.finish(place)
    }

    private func take(
        _ report: SessionEnded,
        _ place: NoticeOrder.Place,
        _ record: NoticeOrder.Place
    ) async {
        defer { unrecorded.finish(record) }
        await order.finished(place.earlier)
        var isRecorded = await Task { await side.sessionEnded(report, from: id) }.value
        // The state has changed even if the record has not been written: what follows need not wait.
        order.finish(place)
        while !isRecorded {
            do {
                try await Task.sleep(for: Self.retryInterval)
            } catch {
                return
            }
            isRecorded = await Task { await side.sessionEnded(report, from: id) }.value
        }
        await unrecorded.finished(record.earlier)
        guard !Task.isCancelled else { return }
        send(.sessionEndRecorded(report.session))
    }

    // MARK: Sending

    /// Never waits; closes the link to a gate that does not read.
    private func send(_ message: ControlToGate) {
        guard channel.isWritable else {
            if channel.isActive {
                logger.error("a gate does not read its link", metadata: ["gate": "\(id.number)"])
            }
            return channel.close(promise: nil)
        }
        channel.writeAndFlush(ByteBuffer(bytes: message.encoded()), promise: nil)
    }
}

/// Questions under way.
private final class QuestionCount: Sendable {
    private let count = Mutex(0)

    func enter(limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
