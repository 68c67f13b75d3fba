// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how a witness decides about a checkpoint (C2SP tlog-witness).

/// What a witness remembers of a log.
package struct WitnessedState: Hashable, Sendable {
    /// Entries of the last cosigned checkpoint; 0 when there was none.
    package let size: UInt64
    package let root: TreeHash

    /// The state of a log.
    package init(size: UInt64, root: TreeHash) {
        self.size = size
        self.root = root
    }
}

/// The answer to one request.
package enum WitnessJudgement: Hashable, Sendable {
    /// Persist the state, then cosign and answer 200.
    case cosign(Checkpoint)
    /// 409: the log's idea of what the witness knows is wrong; it may retry from this size.
    case conflict(size: UInt64)
    /// 404: not a log this witness knows.
    case unknownLog
    /// 403: no signature of the log's key, or a wrong one.
    case notSigned
    /// 400: not a request, or one that goes backwards.
    case malformed
    /// 422: the log rewrote itself. Somebody should look at this.
    case inconsistent

    /// HTTP's number for it.
    package var status: Int {
        switch self {
        case .cosign: 200
        case .conflict: 409
        case .unknownLog: 404
        case .notSigned: 403
        case .malformed: 400
        case .inconsistent: 422
        }
    }

    /// Judges a request; `logs` are the keys of all logs that are watched, `state` tells what was cosigned last.
    package static func of(
        _ request: AddCheckpoint,
        logs: [VerifierKey],
        state: (_ origin: String) -> WitnessedState?,
        _ crypto: NoteCrypto
    ) -> WitnessJudgement {
        guard let checkpoint = try? Checkpoint(text: request.note.text) else { return .malformed }
        let keys = logs.filter { $0.name == checkpoint.origin }
        guard !keys.isEmpty else { return .unknownLog }
        guard let signed = try? request.note.signatures(of: keys, crypto), !signed.isEmpty else {
            return .notSigned
        }
        guard request.old <= checkpoint.size else { return .malformed }
        let known = state(checkpoint.origin) ?? WitnessedState(size: 0, root: crypto.hasher.empty)
        guard request.old == known.size else { return .conflict(size: known.size) }
        let proof = ConsistencyProof(old: known.size, new: checkpoint.size, hashes: request.hashes)
        do throws(MerkleError) {
            try proof.check(oldRoot: known.root, newRoot: checkpoint.root, crypto.hasher)
        } catch {
            return .inconsistent
        }
        return .cosign(checkpoint)
    }
}
