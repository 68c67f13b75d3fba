// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the master process of the sign-in service. One thread, one poll, no PAM.

internal import DaemonMessages
package import DaemonSettings
internal import Glibc
package import LinuxKit

/// Accepts clients, relays between each and its worker, and sees to limits and times.
///
/// It reads nothing but typed, bounded frames and never blocks.
package final class AuthMaster {
    enum Purpose: Hashable {
        case stop
        case listener
        case client(UInt64)
        case workerLine(UInt64)
        case workerEnd(UInt64)
    }

    let settings: AuthSettings
    let allowed: Set<UInt32>
    let listener: UnixListener
    let pool: WorkerPool
    let rules: Conversation.Rules
    var connections: [UInt64: AuthConnection] = [:]
    var workers: [UInt64: WorkerProcess] = [:]
    var delays = TryDelays()
    private let stop: StopRequest
    private let start = ContinuousClock.now
    private var nextConnection: UInt64 = 1
    private var wasFull = false

    /// Makes ready to run; throws when `allowed_user` names nobody.
    ///
    /// `program` is what workers run, `/proc/self/exe`; `stop` must be made before anything else in the process.
    package init(
        settings: AuthSettings,
        program: String,
        listener: consuming UnixListener,
        stop: consuming StopRequest
    ) throws {
        self.settings = settings
        self.listener = listener
        self.stop = stop
        allowed = try Self.resolve(settings.allowedUsers)
        pool = WorkerPool(
            program: program,
            stack: PAMStack(service: settings.service, directory: settings.confdir),
            wanted: settings.poolSize
        )
        rules = Conversation.Rules(
            deadline: .seconds(settings.deadlineSeconds),
            floor: FailureFloor(floor: .milliseconds(settings.failureFloorMilliseconds))
        )
    }

    /// Works until SIGTERM or SIGINT; then all workers are killed and reaped.
    package func run() {
        AuthLog.write(.notice, "started", ["service": settings.service, "pool": "\(settings.poolSize)"])
        while turn() {}
        AuthLog.write(.notice, "stopping", ["conversations": "\(connections.count)"])
        for connection in connections.values { close(connection) }
        for worker in workers.values { worker.kill() }
        // Owners that go away reap what they own.
        connections = [:]
        workers = [:]
    }

    /// Time since the start: what the rules reckon with.
    var now: Duration { start.duration(to: .now) }

    var idleCount: Int { workers.values.count { $0.duty == .idle } }

    // MARK: One turn

    /// Waits and handles what is ready; false when asked to stop.
    private func turn() -> Bool {
        if let ready = pool.refill(idle: idleCount, now: now) { workers[ready.id] = ready }
        var set = PollSet<Purpose>()
        stop.withRaw { set.add($0, for: .stop) }
        listener.withRaw { set.add($0, for: .listener) }
        for (id, connection) in connections {
            set.add(connection.descriptor, writing: connection.wantsToWrite, for: .client(id))
        }
        for (id, worker) in workers {
            if !worker.lineEnded { set.add(worker.lineDescriptor, for: .workerLine(id)) }
            set.add(worker.pidDescriptor, for: .workerEnd(id))
        }
        let events = set.wait(milliseconds: timeout())
        for event in events {
            switch event.purpose {
            case .stop: return false
            case .listener: accept()
            case .client(let id): clientReady(id, writable: event.writable, readable: event.readable)
            case .workerLine(let id): workerSpoke(id)
            case .workerEnd(let id): workerEnded(id)
            }
        }
        passTime()
        return true
    }

    private func timeout() -> Int32 {
        let now = now
        var events = connections.values.compactMap { $0.farewell ?? $0.conversation.nextEvent }
        for case .leaving(let until) in workers.values.map(\.duty) where .zero < until {
            events.append(until)
        }
        if let refill = pool.nextEvent(idle: idleCount, now: now) { events.append(refill) }
        guard let next = events.min() else { return -1 }
        return PollTime.milliseconds(of: next - now)
    }

    private func passTime() {
        let now = now
        for connection in connections.values {
            if let farewell = connection.farewell {
                if farewell <= now { close(connection) }
            } else {
                perform(connection.conversation.tick(now: now, delays: &delays), for: connection)
            }
        }
        for worker in workers.values {
            if case .leaving(let until) = worker.duty, .zero < until, until <= now { worker.kill() }
        }
    }

    // MARK: Clients

    private func accept() {
        for _ in 0..<AuthLimits.acceptsPerTurn {
            do {
                guard let stream = try listener.accept() else { return }
                admit(stream)
            } catch {
                // Out of descriptors, most likely: poll would report the listener again at once.
                AuthLog.write(.error, "accept-failed", ["error": "\(error.code)"])
                usleep(50_000)
                return
            }
        }
    }

    private func admit(_ stream: consuming UnixStream) {
        guard let peer = try? stream.peer(), allowed.contains(peer.user) else {
            AuthLog.write(.warning, "peer-refused", ["uid": "\((try? stream.peer())?.user ?? UInt32.max)"])
            return
        }
        // Each refused client stays for a moment to read its refusal; there must be an end to that too.
        guard connections.count < settings.maxConversations * 2 else { return }
        let id = nextConnection
        nextConnection += 1
        let jitter =
            Duration.milliseconds(1)
            * Double.random(in: 0...Double(max(0, settings.failureJitterMilliseconds)))
        let conversation = Conversation(rules: rules, jitter: jitter, now: now)
        let connection = AuthConnection(id: id, stream: stream, conversation: conversation, now: now)
        connections[id] = connection
        let leaving = workers.values.count { if case .leaving = $0.duty { true } else { false } }
        let isFull = settings.maxConversations < connections.count + leaving
        if isFull {
            perform(connection.conversation.refuse(), for: connection)
            if !wasFull {
                AuthLog.write(.warning, "too-many-conversations", ["limit": "\(settings.maxConversations)"])
            }
        }
        wasFull = isFull
    }

    private static func resolve(_ names: [String]) throws -> Set<UInt32> {
        var users: Set<UInt32> = []
        for name in names {
            guard let user = try UserDatabase.user(named: name) else { throw UnknownUser(name: name) }
            users.insert(user.user)
        }
        return users
    }
}

/// `allowed_user` names nobody.
struct UnknownUser: Error, CustomStringConvertible {
    let name: String
    var description: String { "allowed_user: there is no user \(name)" }
}
