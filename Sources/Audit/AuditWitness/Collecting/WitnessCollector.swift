// SPDX-License-Identifier: EUPL-1.2
// Torhaus: keeps the log's checkpoints cosigned; a witness that does not answer holds up nobody.

package import AuditLog
internal import Glibc
package import LinuxKit
package import MerkleLog
internal import Synchronization

/// One thread for each witness.
///
/// All of them sign the same checkpoint, so that one note carries the quorum; when they had their turn, the newest
/// checkpoint is next, and those in between are never signed.
package final class WitnessCollector: Sendable {
    /// What somebody should hear of.
    package enum Notice: Hashable, Sendable {
        /// The witness cosigned again after it was missing.
        case back(witness: String)
        /// Milliseconds since its last cosignature, or since the start.
        case missing(witness: String, origin: String, size: UInt64, reason: String, milliseconds: UInt64)
        /// The witness knows another history of the log.
        case contradiction(witness: String, origin: String, size: UInt64, reason: String)
        /// Whether the witnesses that cosigned lately are the quorum.
        case quorum(Bool)
    }

    private let policy: WitnessPolicy
    private let client: WebClient
    private let missingAfter: UInt64
    private let tell: @Sendable (Notice) -> Void
    private let state: Mutex<WitnessRounds>
    private let isStopping = Mutex(false)

    /// Milliseconds between two looks of a thread.
    private static let look: UInt32 = 100

    /// Starts the threads; witnesses without an address are not asked.
    package init(
        policy: WitnessPolicy,
        client: WebClient = WebClient(),
        missingAfter: UInt64 = WitnessLimits.missing,
        tell: @escaping @Sendable (Notice) -> Void
    ) throws(SystemError) {
        self.policy = policy
        self.client = client
        self.missingAfter = missingAfter
        self.tell = tell
        let addresses = policy.witnesses.map { $0.url.flatMap(WebAddress.init) }
        state = Mutex(
            WitnessRounds(asked: addresses.map { $0 != nil }, now: Clock.monotonicMilliseconds())
        )
        for (place, address) in addresses.enumerated() {
            guard let address else { continue }
            try Threads.start(name: "witness-\(place)") { self.run(place, address) }
        }
    }

    /// A new checkpoint of the log.
    package func follow(_ log: AuditLog, _ note: SignedNote, size: UInt64) {
        let item = WitnessRounds.Item(log: log, note: note, size: size)
        state.withLock { $0.offer(item, now: Clock.monotonicMilliseconds()) }
    }

    /// The threads end at their next look.
    package func stop() { isStopping.withLock { $0 = true } }

    // MARK: One witness

    private func run(_ place: Int, _ address: WebAddress) {
        let witness = policy.witnesses[place]
        let client = client
        func begin() -> WitnessClient {
            WitnessClient(key: witness.key, crypto: LogCrypto.notes) { (path, body) throws(WitnessError) in
                try client.ask(address, path: path, body: body)
            }
        }
        var session = begin()
        var origin = ""
        while !isStopping.withLock({ $0 }) {
            usleep(Self.look * 1000)
            let now = Clock.monotonicMilliseconds()
            guard let item = state.withLock({ $0.turn(place, now: now, refresh: missingAfter / 2) }) else {
                continue
            }
            if origin != item.log.place.origin {
                origin = item.log.place.origin
                session = begin()
            }
            do throws(WitnessError) {
                let signature = try session.cosign(item.note, size: item.size) { old, new in
                    try? item.log.consistency(from: old, to: new)?.hashes
                }
                succeed(place, item, signature)
            } catch {
                fail(place, item, error)
            }
        }
    }

    private func succeed(_ place: Int, _ item: WitnessRounds.Item, _ signature: NoteSignature) {
        let now = Clock.monotonicMilliseconds()
        let (wasMissing, note) = state.withLock { $0.signed(place, item, signature, now: now) }
        if wasMissing { tell(.back(witness: policy.witnesses[place].name)) }
        if let note {
            // The one that is published carries what there is; the other file only what is enough.
            _ = try? item.log.publish(cosigned: note)
            let keys = policy.witnesses.map(\.key)
            let signed = keys.filter { key in
                note.signatures.contains { $0.name == key.name && $0.id == key.id }
            }
            if policy.isSatisfied(by: signed) { try? item.log.keep(cosigned: note) }
        }
        judgeQuorum(now)
    }

    private func fail(_ place: Int, _ item: WitnessRounds.Item, _ error: WitnessError) {
        let now = Clock.monotonicMilliseconds()
        let witness = policy.witnesses[place].name
        let origin = item.log.place.origin
        let silent = state.withLock { $0.failed(place, now: now, missingAfter: missingAfter) }
        if error.code == .contradiction {
            tell(
                .contradiction(witness: witness, origin: origin, size: item.size, reason: error.message)
            )
        }
        if let silent {
            tell(
                .missing(
                    witness: witness,
                    origin: origin,
                    size: item.size,
                    reason: error.message,
                    milliseconds: silent
                )
            )
        }
        judgeQuorum(now)
    }

    private func judgeQuorum(_ now: UInt64) {
        let policy = policy
        let change = state.withLock { state in
            let present = policy.witnesses.indices.filter { state.isPresent($0) }
            let has = policy.isSatisfied(by: present.map { policy.witnesses[$0].key })
            defer { state.hasQuorum = has }
            return state.hasQuorum == has ? nil : has
        }
        if let change { tell(.quorum(change)) }
    }
}
