// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who follows the log: witnesses, a receiver of records, the machine's journal. None of them holds it up.

internal import AuditEvents
internal import AuditForwarding
internal import AuditLog
internal import AuditWitness
internal import DaemonSettings
internal import Glibc
internal import LinuxKit
internal import MerkleLog
internal import OpenSSLKit
internal import Synchronization

/// Made of the settings; hears of every new checkpoint.
final class Following: Sendable {
    private let witnesses: WitnessCollector?
    private let forwarder: Forwarder?
    private let mirror: JournalMirror?
    private let mirrorBell: Doorbell?
    private let newest = Mutex<(folder: String, size: UInt64)?>(nil)
    private let isStopping = Mutex(false)

    init(_ settings: AuditSettings, queue: CommitQueue, health: Health) throws {
        let alarms = FollowingAlarms(queue: queue, health: health)
        if let path = settings.witnessPolicy {
            let policy = try Self.policy(path)
            witnesses = try WitnessCollector(policy: policy) { alarms.hear($0) }
        } else {
            witnesses = nil
        }
        if let forwarding = settings.forwarding {
            forwarder = try Forwarder(
                try Self.target(forwarding),
                logs: settings.logDirectory,
                cursor: "\(settings.stateDirectory)/forward.cursor"
            ) { alarms.hear($0) }
        } else {
            forwarder = nil
        }
        if settings.mirrorsToJournal {
            mirror = JournalMirror(logs: settings.logDirectory, write: ServiceLog.mirror)
            mirrorBell = try Doorbell()
        } else {
            mirror = nil
            mirrorBell = nil
        }
        if mirror != nil { try Threads.start(name: "mirror", nice: 5) { self.runMirror() } }
    }

    /// For the publisher: quick, and never fails.
    func follow(_ log: AuditLog, _ publication: AuditLog.Publication) {
        let size = publication.sizes.upperBound
        witnesses?.follow(log, publication.note, size: size)
        guard let mirrorBell, let folder = log.place.directory.split(separator: "/").last else { return }
        newest.withLock { $0 = (String(folder), size) }
        mirrorBell.ring()
    }

    /// The threads end at their next look; what was not sent is sent after the next start.
    func stop() {
        isStopping.withLock { $0 = true }
        witnesses?.stop()
        forwarder?.stop()
        mirrorBell?.ring()
    }

    private func runMirror() {
        while !isStopping.withLock({ $0 }) {
            mirrorBell?.wait(milliseconds: 1000)
            if let (folder, size) = newest.withLock({ $0 }) { mirror?.follow(folder: folder, size: size) }
        }
    }

    // MARK: Settings

    private static func policy(_ path: String) throws -> WitnessPolicy {
        let file = try SmallFile.read(path, limit: MerkleLimits.policyBytes)
        do throws(WitnessPolicy.Mistake) {
            return try WitnessPolicy(text: String(decoding: file, as: UTF8.self), LogCrypto.hasher)
        } catch {
            throw FollowingError(description: "\(path):\(error.line): \(error.message)")
        }
    }

    private static func target(_ forwarding: AuditSettings.Forwarding) throws -> ForwardingTarget {
        guard let endpoint = NetworkEndpoint(String(forwarding.receiver.dropFirst(4))) else {
            throw FollowingError(description: "forward_to: expected tcp:HOST:PORT")
        }
        guard let enterprise = UInt32(exactly: forwarding.enterprise) else {
            throw FollowingError(description: "forward_enterprise: expected a private enterprise number")
        }
        return ForwardingTarget(
            host: endpoint.host,
            port: endpoint.port,
            name: forwarding.receiverName,
            identity: TLSClientIdentity(
                authorities: forwarding.authorities,
                certificate: forwarding.certificate,
                key: forwarding.key
            ),
            enterprise: enterprise
        )
    }
}

/// What is wrong with the files of those who follow.
struct FollowingError: Error, CustomStringConvertible {
    let description: String
}

extension ServiceLog {
    /// One record for the journal.
    static func mirror(_ priority: Int, _ entry: [UInt8]) {
        let line = Array("<\(priority)>".utf8) + entry + [UInt8(ascii: "\n")]
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
