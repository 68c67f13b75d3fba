// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread that holds the line to the log.

internal import AuditEvents
internal import DaemonMessages
internal import Glibc
internal import LinuxKit
internal import OpenSSLKit

/// Connects, sends, takes receipts; everything here belongs to one thread.
///
/// Unchecked: `init` hands it to the thread, and nobody else keeps it.
final class ClientLine: @unchecked Sendable {
    private enum Purpose {
        case outbox
        case line
    }

    /// Whose receipt is awaited.
    private enum Sent {
        case waiting(WaitingRecord)
        case spooled(AuditAppend)
    }

    private let options: AuditClientOptions
    private let outbox: ClientOutbox
    private var spool: Spool?

    private var stream: UnixStream?
    private var assembler = FrameAssembler()
    private var outgoing: [UInt8] = []
    /// The log has said on this line how it is.
    ///
    /// A socket that systemd holds takes connections although nobody is behind it.
    private var isGreeted = false
    private var sent: [UInt64: Sent] = [:]
    private var nextNumber: UInt64 = 0
    /// Taken, and not sent because there is no line.
    private var held: [WaitingRecord] = []

    /// Monotonic milliseconds.
    private var awaySince: UInt64?
    private var nextTry: UInt64 = 0
    private var retry = ClientLimits.firstRetry
    /// Why there is no line.
    private var connectFault = "the line broke"
    private var nextSpoolTry: UInt64 = 0
    private var nextQuestion: UInt64 = 0
    /// Spooled records on the line, in order, and whether one of them was refused.
    private var spoolWindow: [AuditAppend] = []
    private var spoolRefused = false
    private var unkept = UnkeptRefusals()
    private var lateCount = 0
    private var lateSince: UInt64 = 0

    init(options: AuditClientOptions, outbox: ClientOutbox, spool: consuming Spool?) {
        self.options = options
        self.outbox = outbox
        self.spool = spool
        awaySince = Clock.monotonicMilliseconds()
    }

    /// Works until the outbox is closed.
    func run() {
        while !outbox.isClosed {
            connectIfTime()
            send()
            wait()
            passTime()
        }
        for record in takeAll() {
            record.done(.failure(AuditFailure(reason: "the audit log is being closed")))
        }
        if let rest = unkept.rest() { spoolCount(rest) }
    }

    private func wait() {
        var set = PollSet<Purpose>()
        set.add(outbox.descriptor, for: .outbox)
        stream?.withRaw { set.add($0, writing: !outgoing.isEmpty, for: .line) }
        let isBusy = !held.isEmpty || !sent.isEmpty || stream == nil || spool?.isEmpty == false
        for event in set.wait(milliseconds: isBusy ? 50 : 1000) {
            switch event.purpose {
            case .outbox: outbox.clear()
            case .line: if event.readable { receive() }
            }
        }
    }

    // MARK: The line

    private func connectIfTime() {
        let now = Clock.monotonicMilliseconds()
        guard stream == nil, nextTry <= now else { return }
        do throws(SystemError) {
            stream = try connect()
            assembler = FrameAssembler()
            outgoing = []
            isGreeted = false
            connectFault = "nobody speaks"
            nextSpoolTry = now
            nextQuestion = now
        } catch {
            connectFault = error.description
            putOff(now)
        }
    }

    /// A log that takes lines and drops them at once must not make this thread spin.
    private func putOff(_ now: UInt64) {
        nextTry = now + retry
        retry = min(retry * 2, ClientLimits.lastRetry)
    }

    private func connect() throws(SystemError) -> UnixStream {
        let stream = try UnixStream(path: options.socket, milliseconds: ClientLimits.connect)
        if let servers = options.servers {
            let peer = try stream.peer()
            guard servers.contains(peer.user) else {
                throw SystemError("the socket belongs to uid \(peer.user)", code: EACCES)
            }
        }
        return stream
    }

    private func lose() {
        stream = nil
        isGreeted = false
        outbox.isAvailable = false
        let now = Clock.monotonicMilliseconds()
        awaySince = awaySince ?? now
        putOff(now)
        // Nobody knows whether these were written: they are sent again if the log is back in time.
        let lost = sent.sorted { $0.key < $1.key }.map(\.value)
        sent = [:]
        spoolWindow = []
        spoolRefused = false
        held = lost.compactMap { if case .waiting(let record) = $0 { record } else { nil } } + held
    }

    private func send() {
        guard stream != nil else { return }
        ask()
        if isGreeted {
            sendSpooled()
            sendWaiting()
        }
        flush()
    }

    private func sendWaiting() {
        while sent.count < ClientLimits.onLine {
            let records = held.isEmpty ? outbox.take(ClientLimits.onLine - sent.count) : held
            held = []
            guard !records.isEmpty else { break }
            for record in records { post(record.record, .waiting(record)) }
        }
    }

    /// How the log is: a balancer that saw it fail may send nobody whose record would show that it is well again.
    private func ask() {
        let now = Clock.monotonicMilliseconds()
        guard nextQuestion <= now else { return }
        // One is enough until somebody is there to read it.
        nextQuestion = isGreeted ? now + ClientLimits.question : .max
        outgoing += AuditRequest.status(number: 0).encoded()
    }

    private func post(_ record: AuditAppend, _ entry: Sent) {
        nextNumber += 1
        sent[nextNumber] = entry
        outgoing += AuditRequest.append(number: nextNumber, record).encoded()
    }

    private func flush() {
        guard !outgoing.isEmpty, let count = stream?.write(unsafe outgoing.span.bytes) else {
            if !outgoing.isEmpty { lose() }
            return
        }
        outgoing.removeFirst(count)
    }

    // MARK: Receipts

    private func receive() {
        guard let read = stream?.read(limit: 65_536) else { return }
        switch read {
        case .nothing: return
        case .end: return lose()
        case .bytes(let bytes):
            assembler.append(bytes)
            do {
                while let frame = try assembler.next() { take(try AuditReply(frame: frame)) }
            } catch {
                lose()
            }
        }
    }

    private func take(_ reply: AuditReply) {
        switch reply {
        case .durable(let number, let index): finish(number, .success(AuditReceipt(index: index)))
        case .refused(let number, let refusal):
            if refusal != .malformed { outbox.isAvailable = false }
            finish(number, .failure(AuditFailure(reason: Self.reason(refusal))), refusal)
        case .status(_, let status):
            outbox.isAvailable = status.isHealthy
            isGreeted = true
            awaySince = nil
            retry = ClientLimits.firstRetry
            nextQuestion = Clock.monotonicMilliseconds() + ClientLimits.question
        case .pruned: break
        }
    }

    private func finish(_ number: UInt64, _ result: ReceiptResult, _ refusal: AuditRefusal? = nil) {
        switch sent.removeValue(forKey: number) {
        case nil: break
        case .waiting(let record):
            // A log that cannot write now is as good as away; a record that it will never take is not.
            if refusal != nil, refusal != .malformed, record.waits != .never { return keep(record) }
            answer(record, result)
        case .spooled:
            if refusal != nil, refusal != .malformed { spoolRefused = true }
            guard !sent.values.contains(where: { if case .spooled = $0 { true } else { false } }) else {
                return
            }
            finishSpoolWindow()
        }
    }

    private func answer(_ record: WaitingRecord, _ result: ReceiptResult) {
        outbox.answered(1)
        record.done(result)
    }

    static func reason(_ refusal: AuditRefusal) -> String {
        switch refusal {
        case .malformed: "the audit log does not know this form of record"
        case .noSpace: "the audit log's disk is full"
        case .backlog: "the audit log has too much to do"
        case .unavailable: "the audit log cannot be written"
        case .forbidden: "this user may not write to the audit log"
        }
    }

    // MARK: Time

    private func passTime() {
        let now = Clock.monotonicMilliseconds()
        var isHanging = false
        for (number, entry) in sent {
            guard case .waiting(let record) = entry, record.since + options.receiptMilliseconds <= now else {
                continue
            }
            sent[number] = nil
            // It may be in the log all the same; twice is better than not at all.
            if record.waits != .never {
                keep(record)
            } else {
                answer(record, .failure(AuditFailure(reason: "the audit log gives no receipt")))
            }
            isHanging = true
        }
        if isHanging { lose() }
        guard !isGreeted else { return }
        let isPatienceOver = awaySince.map { $0 + options.patienceMilliseconds <= now } ?? false
        for record in takeAll() {
            // What may wait is safe at once: this process could end before the log is back.
            if record.waits != .never {
                keep(record)
            } else if isPatienceOver {
                let reason = "the audit log does not answer: \(connectFault)"
                answer(record, .failure(AuditFailure(reason: reason)))
            } else {
                held.append(record)
            }
        }
    }

    private func takeAll() -> [WaitingRecord] {
        defer { held = [] }
        return held + outbox.take(ClientLimits.waiting)
    }

    // MARK: Spool

    private func keep(_ record: WaitingRecord) {
        if record.waits == .asRefusal, options.spooledRefusals <= spool?.refusals ?? 0 {
            countUnkept()
            return answer(
                record,
                .failure(AuditFailure(reason: "too many refusals wait for the audit log"))
            )
        }
        let isKept: Bool
        do throws(SystemError) {
            isKept = try spool?.add(record.record) ?? false
        } catch {
            return answer(record, .failure(AuditFailure(reason: error.description)))
        }
        if lateSince == 0 { lateSince = Clock.monotonicMilliseconds() }
        let full = ReceiptResult.failure(AuditFailure(reason: "the spool of the audit log is full"))
        answer(record, isKept ? .success(.waiting) : full)
    }

    /// Spooled records go in windows, one after the other, beside the others.
    private func sendSpooled() {
        let now = Clock.monotonicMilliseconds()
        guard spool?.isEmpty == false, spoolWindow.isEmpty, nextSpoolTry <= now else { return }
        guard let records = try? spool?.next(ClientLimits.spoolWindow), !records.isEmpty else {
            nextSpoolTry = now + ClientLimits.spoolRetry
            return
        }
        spoolWindow = records
        spoolRefused = false
        for record in records { post(record, .spooled(record)) }
    }

    private func finishSpoolWindow() {
        let now = Clock.monotonicMilliseconds()
        defer { spoolWindow = [] }
        guard !spoolRefused, (try? spool?.drop(spoolWindow)) != nil else {
            // All of the window again: a record may come twice, none is lost.
            nextSpoolTry = now + ClientLimits.spoolRetry
            return
        }
        lateCount += spoolWindow.count
        guard spool?.isEmpty == true else { return }
        let late = AuditEvent.recordsDeliveredLate(
            count: lateCount,
            milliseconds: lateSince == 0 ? 0 : now - lateSince
        )
        (lateCount, lateSince) = (0, 0)
        if let record = Self.record(late) { outbox.put(record, .never) { _ in } }
        unkept.isSpoolEmpty()
        guard let rest = unkept.rest(), let record = Self.record(.refusalsDropped(count: rest))
        else { return }
        outbox.put(record, .always) { _ in }
    }

    // MARK: Refusals that did not fit

    /// Counts a refusal that may not wait any more; now and then the count goes to the disk.
    private func countUnkept() {
        guard let due = unkept.add() else { return }
        spoolCount(due)
    }

    private func spoolCount(_ count: Int) {
        guard let record = Self.record(.refusalsDropped(count: count)), (try? spool?.add(record)) == true
        else { return unkept.putBack(count) }
    }

    /// A record of the client's own.
    private static func record(_ event: AuditEvent) -> AuditAppend? {
        let salt = (try? RandomBytes.make(count: AuditLine.saltLength)) ?? []
        return AuditAppend(
            milliseconds: Clock.wallMilliseconds(),
            body: AuditLine.body(event, salt: salt)
        )
    }
}
