// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one TLS line to a syslog receiver.

internal import Glibc
internal import LinuxKit
internal import MerkleLog
internal import OpenSSLKit

/// Why the line ended.
struct ForwardError: Error, CustomStringConvertible {
    let description: String
}

/// Open until it is dropped.
struct ForwardLine: ~Copyable {
    private let client: TLSClient
    private let host: String
    private let target: ForwardingTarget

    /// Connects, and waits for a moment whether the receiver takes us.
    init(_ target: ForwardingTarget) throws {
        let socket = try StreamSocket.connect(
            to: target.host,
            port: target.port,
            milliseconds: ForwardingLimits.step
        )
        var connected = try TLSClient(
            socket: socket,
            name: target.name,
            identity: target.identity,
            milliseconds: ForwardingLimits.step
        )
        connected.setPace(milliseconds: ForwardingLimits.verdict)
        guard connected.read(limit: 1) != .end else {
            throw ForwardError(description: "the receiver does not take our certificate, or hung up at once")
        }
        connected.setPace(milliseconds: ForwardingLimits.step)
        client = connected
        self.target = target
        host = Self.hostName
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "-" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Throws when the receiver has closed; a receiver never sends anything.
    borrowing func expectOpen() throws {
        guard !client.hasEnded() else { throw ForwardError(description: "the receiver hung up") }
    }

    borrowing func send(_ batch: LogWalk.Batch) throws {
        let message = format(batch.origin)
        var bytes: [UInt8] = []
        for (index, entry) in batch.records { bytes += message.record(entry, index: index) }
        guard client.write(bytes) else { throw ForwardError(description: "the receiver takes nothing") }
    }

    borrowing func send(checkpoint note: SignedNote) throws {
        let origin = (try? Checkpoint(text: note.text))?.origin ?? ""
        guard
            let bytes = format(origin).checkpoint(note, milliseconds: Clock.wallMilliseconds())
        else { return }
        guard client.write(bytes) else { throw ForwardError(description: "the receiver takes nothing") }
    }

    /// Waits until the receiver's kernel has everything.
    borrowing func flush(_ isOver: () -> Bool) throws {
        let end = Clock.monotonicMilliseconds() + UInt64(ForwardingLimits.step)
        while let rest = client.unacknowledgedBytes(), rest != 0, !isOver() {
            try expectOpen()
            guard Clock.monotonicMilliseconds() < end else {
                throw ForwardError(description: "the receiver acknowledges nothing")
            }
            usleep(1000)
        }
    }

    private borrowing func format(_ origin: String) -> SyslogMessage {
        SyslogMessage(host: host, process: getpid(), enterprise: target.enterprise, origin: origin)
    }
}
