// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the web side of a witness: one short request a connection, plain HTTP behind a TLS proxy of the machine.

internal import Glibc
internal import HTTPHead
package import LinuxKit
internal import MerkleLog
internal import Synchronization

/// Serves add-checkpoint and the latest checkpoints.
///
/// Everything that matters is signed by somebody, so a listener on the open network risks no more than its logs'
/// sizes being seen.
package final class WitnessServer: Sendable {
    private let store: WitnessStore
    /// Seconds since 1970.
    private let now: @Sendable () -> UInt64
    private let report: @Sendable (String) -> Void
    private let busy = Mutex(0)

    /// `report` gets one line for each request.
    package init(
        store: WitnessStore,
        now: @escaping @Sendable () -> UInt64 = { Clock.wallMilliseconds() / 1000 },
        report: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.now = now
        self.report = report
    }

    /// Accepts until `stopDescriptor` becomes readable.
    package func run(listener: borrowing OwnedFD, stopDescriptor: Int32) {
        let listening = listener.withRaw { $0 }
        while true {
            var set = PollSet<Bool>()
            set.add(listening, for: false)
            set.add(stopDescriptor, for: true)
            for event in set.wait(milliseconds: -1) {
                if event.purpose { return }
                accept(listening)
            }
        }
    }

    private func accept(_ listening: Int32) {
        switch TCPListener.accept(on: listening) {
        case .none: return
        case .failed(let error):
            report("accept failed: \(error)")
            usleep(50_000)
        case .client(let socket, let address):
            let hasRoom = busy.withLock { busy in
                guard busy < WitnessLimits.connections else { return false }
                busy += 1
                return true
            }
            guard hasRoom else { return report("too many connections, \(address) is turned away") }
            let box = ClientBox(UnixStream(adopting: socket))
            do {
                try Threads.start(name: "witness") {
                    if let stream = box.take() { self.serve(stream, address) }
                    self.busy.withLock { $0 -= 1 }
                }
            } catch {
                busy.withLock { $0 -= 1 }
                report("no thread: \(error)")
            }
        }
    }

    /// Hands a connection to its thread.
    private final class ClientBox: Sendable {
        private let stream: Mutex<UnixStream?>

        init(_ stream: consuming UnixStream) { self.stream = Mutex(stream) }

        func take() -> UnixStream? { stream.withLock { $0.take() } }
    }

    // MARK: One request

    private func serve(_ stream: consuming UnixStream, _ address: NetworkAddress) {
        guard let (line, answer) = answer(stream) else { return }
        report("\(address.host) \(line) \(answer.status)")
        var head = ResponseHead(status: answer.status, reason: Self.reason(answer.status))
        head.headers = [
            HeaderField(name: "content-type", value: answer.mediaType),
            HeaderField(name: "content-length", value: String(answer.body.count)),
            HeaderField(name: "cache-control", value: "no-store"),
            HeaderField(name: "connection", value: "close"),
        ]
        guard let bytes = try? head.encoded() else { return }
        _ = stream.writeAll(bytes + answer.body, milliseconds: WitnessLimits.silence)
        stream.finishSending()
        // What the peer still sends is taken, or closing would take the answer away from it.
        while case .bytes = stream.read(limit: WitnessLimits.head, milliseconds: 1000) {}
    }

    private func answer(_ stream: borrowing UnixStream) -> (line: String, answer: WebAnswer)? {
        var parser = RequestHeadParser()
        var bytes: [UInt8] = []
        while true {
            guard case .bytes(let more) = stream.read(limit: 65_536, milliseconds: WitnessLimits.silence)
            else { return nil }
            bytes += more
            switch parser.parse(bytes) {
            case .needMore: continue
            case .rejected: return ("(no request)", Self.text(400, "not a request\n"))
            case .complete(let head, let length):
                let line = "\(head.method) \(head.path)"
                guard let body = body(stream, head, Array(bytes[length...])) else {
                    return (line, Self.text(413, "the body is too long, chunked or incomplete\n"))
                }
                return (line, respond(head, body))
            }
        }
    }

    private func body(_ stream: borrowing UnixStream, _ head: RequestHead, _ first: [UInt8]) -> [UInt8]? {
        var body = first
        switch head.framing {
        case .none: return []
        case .chunked: return nil
        case .length(let length):
            guard length <= AddCheckpoint.bodyLimit else { return nil }
            while body.count < length {
                guard case .bytes(let more) = stream.read(limit: 65_536, milliseconds: WitnessLimits.silence)
                else { return nil }
                body += more
            }
            return Array(body.prefix(length))
        }
    }

    private func respond(_ head: RequestHead, _ body: [UInt8]) -> WebAnswer {
        // A proxy may keep a prefix before our paths.
        let parts = head.path.split(separator: "/")
        if head.method == "POST", parts.last == "add-checkpoint" { return addCheckpoint(body) }
        if head.method == "GET", parts.last == "checkpoint", let folder = parts.dropLast().last {
            guard let note = store.note(folder: String(folder)) else {
                return Self.text(404, "unknown log\n")
            }
            return WebAnswer(status: 200, mediaType: "text/plain", body: note.bytes)
        }
        return Self.text(404, "not found\n")
    }

    private func addCheckpoint(_ body: [UInt8]) -> WebAnswer {
        guard let request = try? AddCheckpoint(body) else { return Self.text(400, "not a request\n") }
        do throws(WitnessError) {
            let (judgement, signature) = try store.witness(request, seconds: now())
            if let signature { return Self.text(200, signature.line) }
            if case .conflict(let size) = judgement {
                return WebAnswer(status: 409, mediaType: "text/x.tlog.size", body: Array("\(size)\n".utf8))
            }
            if judgement == .inconsistent { report("INCONSISTENT: \(request.note.text.prefix(300))") }
            return Self.text(judgement.status, "\(judgement)\n")
        } catch {
            report("cannot store: \(error)")
            return Self.text(500, "the witness cannot store\n")
        }
    }

    private static func text(_ status: Int, _ text: String) -> WebAnswer {
        WebAnswer(status: status, mediaType: "text/plain", body: Array(text.utf8))
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 422: "Unprocessable Content"
        default: "Internal Server Error"
        }
    }
}
