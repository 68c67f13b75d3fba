// SPDX-License-Identifier: EUPL-1.2
// Torhaus: between a client and its worker.

internal import DaemonMessages
internal import LinuxKit

extension AuthMaster {
    // MARK: What is ready

    func clientReady(_ id: UInt64, writable: Bool, readable: Bool) {
        guard let connection = connections[id] else { return }
        if writable && !connection.flush() { return lose(connection) }
        guard readable else { return }
        guard connection.receive() else { return lose(connection) }
        do {
            while var frame = try connection.nextFrame() {
                defer { ProcessHardening.wipe(&frame) }
                var request = try SignInRequest(frame: frame)
                defer { request.wipe() }
                let actions = connection.conversation.receive(request, now: now, delays: &delays)
                perform(actions, for: connection, passing: request)
                if connections[id] == nil { return }
            }
        } catch {
            perform(connection.conversation.violation(), for: connection)
        }
    }

    func workerSpoke(_ id: UInt64) {
        guard let worker = workers[id] else { return }
        worker.receive()
        relay(worker)
    }

    /// The process ended: first what it still said, then that it is gone.
    func workerEnded(_ id: UInt64) {
        guard let worker = workers[id] else { return }
        // Bounded: what a module left behind may hold the line and go on talking.
        var turns = AuthLimits.lastWords
        while 0 < turns, worker.receive() { turns -= 1 }
        relay(worker)
        let duty = worker.duty
        guard let end = worker.reap() else { return }
        workers[id] = nil
        let text = Self.text(of: end, killed: worker.isKilled)
        if duty == .idle {
            AuthLog.write(.error, "idle-worker-ended", ["end": text])
            pool.noteFault(now: now)
        } else {
            // By its own line, because it comes before or after the conversation's.
            AuthLog.write(
                .info,
                "worker",
                ["correlation": AuthLog.hexadecimal(worker.correlation), "end": text]
            )
        }
        guard let connection = connections.values.first(where: { $0.worker === worker }) else { return }
        connection.worker = nil
        if case .serves = duty { perform(connection.conversation.workerEnded(now: now), for: connection) }
    }

    private func relay(_ worker: WorkerProcess) {
        while case .serves(let id) = worker.duty, let connection = connections[id] {
            do {
                guard let reply = try worker.nextReply() else { return }
                let actions = connection.conversation.workerSaid(reply, now: now, delays: &delays)
                perform(actions, for: connection)
                perform(connection.conversation.tick(now: now, delays: &delays), for: connection)
            } catch {
                perform(connection.conversation.workerMisbehaved(now), for: connection)
            }
        }
    }

    // MARK: What is to be done

    func perform(
        _ actions: [Conversation.Action],
        for connection: AuthConnection,
        passing request: SignInRequest? = nil
    ) {
        for action in actions {
            switch action {
            case .employWorker:
                employ(for: connection)
                pass(request, for: connection)
            case .passOn: pass(request, for: connection)
            case .reply(let reply):
                if !connection.send(reply) { return lose(connection) }
            case .finish:
                connection.finish(until: now + AuthLimits.clientFarewell)
            case .drop: close(connection)
            case .dismissWorker: connection.worker?.dismiss(until: now + AuthLimits.workerFarewell)
            case .killWorker: connection.worker?.kill()
            }
        }
    }

    private func employ(for connection: AuthConnection) {
        let ready = workers.values.filter { $0.duty == .idle }.min { $0.id < $1.id }
        guard let worker = ready ?? (try? pool.start()) else { return }
        workers[worker.id] = worker
        worker.duty = .serves(connection.id)
        worker.correlation = connection.conversation.correlation
        connection.worker = worker
        pool.noteHealth()
    }

    private func pass(_ request: SignInRequest?, for connection: AuthConnection) {
        guard let request else { return }
        var frame = request.encoded()
        defer { ProcessHardening.wipe(&frame) }
        guard let worker = connection.worker, worker.pass(frame) else {
            AuthLog.write(.error, "no-worker")
            return perform(connection.conversation.workerMisbehaved(now), for: connection)
        }
    }

    // MARK: Ends

    /// The client closed its side, or the connection broke.
    private func lose(_ connection: AuthConnection) {
        perform(connection.conversation.clientLeft(now: now, delays: &delays), for: connection)
    }

    func close(_ connection: AuthConnection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        if let worker = connection.worker, case .serves = worker.duty {
            worker.dismiss(until: now + AuthLimits.workerFarewell)
        }
        AuthLog.write(
            .info,
            "conversation",
            [
                "correlation": AuthLog.hexadecimal(connection.conversation.correlation),
                "outcome": AuthLog.word(for: connection.conversation.outcome),
                "ms": "\(PollTime.milliseconds(of: now - connection.started))",
            ]
        )
    }

    private static func text(of end: ProcessEnd, killed: Bool) -> String {
        switch end {
        case .exited(let code): WorkerExit(code: code)?.text.replacing(" ", with: ",") ?? "exit(\(code))"
        case .killed(let signal): killed ? "killed" : "signal(\(signal))"
        }
    }
}
