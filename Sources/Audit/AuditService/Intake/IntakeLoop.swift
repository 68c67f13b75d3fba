// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread that talks to producers.

internal import AuditEvents
internal import AuditLog
internal import DaemonMessages
internal import Glibc
internal import LinuxKit

/// Accepts, reads, judges, queues; and brings receipts back.
final class IntakeLoop {
    /// What the loop stands on.
    struct Parts {
        let holder: LogHolder
        let names: NameStage
        let committer: Committer
        let receipts: ReceiptBox
        let health: Health
        let upkeep: Upkeep
    }

    private enum Token {
        static let listener: UInt64 = 0
        static let stop: UInt64 = 1
        static let receipts: UInt64 = 2
        static let firstConnection: UInt64 = 16
    }

    private let listener: UnixListener
    private let parts: Parts
    private let allowed: Set<UInt32>
    private let poller: Poller
    private var connections: [UInt64: ProducerConnection] = [:]
    private var nextConnection = Token.firstConnection
    private var isStopping = false

    init(
        listener: consuming UnixListener,
        stop: Int32,
        allowed: Set<UInt32>,
        parts: Parts
    ) throws(SystemError) {
        self.listener = listener
        self.allowed = allowed
        self.parts = parts
        poller = try Poller()
        try self.listener.withRaw { (raw) throws(SystemError) in
            try poller.add(raw, .read, token: Token.listener)
        }
        try poller.add(stop, .read, token: Token.stop)
        try poller.add(parts.receipts.bell.descriptor, .read, token: Token.receipts)
    }

    /// Works until SIGTERM or SIGINT.
    func run() {
        var batch = ReadyBatch()
        while !isStopping {
            poller.wait(into: &batch, milliseconds: -1)
            for place in 0..<batch.count { handle(batch[place], isAlone: batch.count == 1) }
        }
    }

    /// Brings the last receipts to their producers; nothing is read any more.
    func finish() {
        deliver()
        for connection in connections.values {
            connection.finish(milliseconds: ServiceLimits.farewellMilliseconds)
        }
        connections = [:]
    }

    private func handle(_ ready: Ready, isAlone: Bool) {
        switch ready.token {
        case Token.listener: accept()
        case Token.stop: isStopping = true
        case Token.receipts:
            parts.receipts.bell.clear()
            deliver()
            resume()
        default:
            guard let connection = connections[ready.token] else { return }
            if ready.writable && !connection.flush() { return close(connection) }
            if ready.readable && !connection.isPaused {
                read(connection, isAlone: isAlone)
            } else if ready.broken {
                close(connection)
            }
            if connections[ready.token] != nil { watch(connection) }
        }
    }

    // MARK: Connections

    private func accept() {
        for _ in 0..<ServiceLimits.acceptsPerTurn {
            do {
                guard let stream = try listener.accept() else { return }
                try admit(stream)
            } catch {
                // Out of descriptors, most likely: the poller would report the listener again at once.
                ServiceLog.write(.error, "accept-failed", ["error": "\(error)"])
                usleep(50_000)
                return
            }
        }
    }

    private func admit(_ stream: consuming UnixStream) throws(SystemError) {
        let peer = try stream.peer()
        guard allowed.contains(peer.user) || isOperator(peer) else {
            return ServiceLog.write(
                .warning,
                "peer-refused",
                ["uid": "\(peer.user)", "pid": "\(peer.process)"]
            )
        }
        guard connections.count < ServiceLimits.connections else {
            return ServiceLog.write(.warning, "too-many-connections", ["uid": "\(peer.user)"])
        }
        let connection = ProducerConnection(id: nextConnection, stream: stream, peer: peer)
        nextConnection += 1
        try poller.add(connection.descriptor, .read, token: connection.id)
        connections[connection.id] = connection
    }

    /// Root and the log's own user: they could write the files anyway.
    private func isOperator(_ peer: PeerIdentity) -> Bool { peer.user == 0 || peer.user == geteuid() }

    private func close(_ connection: ProducerConnection) {
        connections[connection.id] = nil
    }

    private func watch(_ connection: ProducerConnection) {
        var interest: Interest = connection.isPaused ? [] : .read
        if connection.wantsToWrite { interest.insert(.write) }
        guard interest != connection.interest else { return }
        connection.interest = interest
        try? poller.modify(connection.descriptor, interest, token: connection.id)
    }

    // MARK: Requests

    /// `isAlone`: no other descriptor is ready.
    private func read(_ connection: ProducerConnection, isAlone: Bool) {
        do {
            guard let requests = try connection.receive() else { return close(connection) }
            var items: [CommitQueue.Item] = []
            var answers: [UInt8] = []
            for request in requests { answers += take(request, from: connection, &items) }
            if isAlone, items.count == 1, let answer = commitAtOnce(items[0]) {
                // A producer may rely on the order of its receipts.
                deliver()
                connection.inFlight -= 1
                answers += answer.encoded()
            } else {
                parts.names.put(items)
            }
            if !answers.isEmpty && !connection.send(answers) { return close(connection) }
        } catch {
            ServiceLog.write(
                .warning,
                "not-understood",
                ["uid": "\(connection.peer.user)", "error": "\(error)"]
            )
            return close(connection)
        }
        connection.isPaused =
            ServiceLimits.inFlight <= connection.inFlight || ServiceLimits.queued <= parts.names.count
    }

    /// The short way of a record that is alone in the house; nil when it has to queue.
    private func commitAtOnce(_ item: CommitQueue.Item) -> AuditReply? {
        parts.names.nameless(item).flatMap { parts.committer.commitAtOnce($0) }
    }

    /// What can be answered at once.
    private func take(
        _ request: AuditRequest,
        from connection: ProducerConnection,
        _ items: inout [CommitQueue.Item]
    ) -> [UInt8] {
        switch request {
        case .append(let number, let record):
            guard let hasNames = AuditLine.hasNames(ofBody: record.body) else {
                ServiceLog.write(.error, "malformed-record", ["uid": "\(connection.peer.user)"])
                return AuditReply.refused(number: number, .malformed).encoded()
            }
            connection.inFlight += 1
            items.append(
                CommitQueue.Item(
                    producer: CommitQueue.Producer(connection: connection.id, number: number),
                    milliseconds: record.milliseconds,
                    body: record.body,
                    hasNames: hasNames
                )
            )
            return []
        case .status(let number):
            return AuditReply.status(number: number, status).encoded()
        case .prune(let number, let order):
            guard isOperator(connection.peer) else {
                return AuditReply.refused(number: number, .forbidden).encoded()
            }
            connection.inFlight += 1
            parts.upkeep.prune(order, for: CommitQueue.Producer(connection: connection.id, number: number))
            return []
        }
    }

    private var status: AuditStatus {
        let log = parts.holder.current
        return AuditStatus(
            origin: log.place.origin,
            durable: log.durableSize,
            published: log.publishedSize,
            isHealthy: parts.health.isHealthy,
            isWitnessed: parts.health.isWitnessed
        )
    }

    // MARK: Receipts

    private func deliver() {
        for (id, receipts) in parts.receipts.take() {
            // A producer that went away does not get to know; its record is in the log all the same.
            guard let connection = connections[id] else { continue }
            connection.inFlight -= receipts.count
            if connection.send(receipts.bytes) { watch(connection) } else { close(connection) }
        }
    }

    private func resume() {
        guard parts.names.count < ServiceLimits.queued / 2 else { return }
        for connection in connections.values
        where connection.isPaused && connection.inFlight < ServiceLimits.inFlight / 2 {
            connection.isPaused = false
            watch(connection)
        }
    }
}
