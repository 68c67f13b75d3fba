// SPDX-License-Identifier: EUPL-1.2
// Torhaus: asks one witness for its cosignature (C2SP tlog-witness).

package import MerkleLog

/// One witness of one log; remembers what the witness saw last.
package struct WitnessClient: Sendable {
    /// Gives a consistency proof between two sizes of the log; nil when it has none.
    package typealias Prove = (_ old: UInt64, _ new: UInt64) -> [TreeHash]?
    /// Sends a body to a path below the witness's address.
    package typealias Ask = @Sendable (_ path: String, _ body: [UInt8]?) throws(WitnessError) -> WebAnswer

    package let key: VerifierKey
    private let crypto: NoteCrypto
    private let ask: Ask
    /// Entries of the checkpoint that the witness cosigned last, as far as we know.
    package private(set) var known: UInt64 = 0

    /// Nothing is sent yet.
    package init(key: VerifierKey, crypto: NoteCrypto, ask: @escaping Ask) {
        self.key = key
        self.crypto = crypto
        self.ask = ask
    }

    /// The witness's verified cosignature for the checkpoint.
    package mutating func cosign(
        _ note: SignedNote,
        size: UInt64,
        prove: Prove
    ) throws(WitnessError) -> NoteSignature {
        // Once more when the witness tells us where it is: after a start of ours, or another writer's.
        for _ in 0..<2 {
            guard known <= size else {
                throw WitnessError(
                    .contradiction,
                    "the witness knows \(known) records and this log has \(size): an old copy was put back"
                )
            }
            guard let hashes = prove(known, size) else {
                throw WitnessError(.unreachable, "the log cannot prove its growth now")
            }
            let request = AddCheckpoint(old: known, hashes: hashes, note: note)
            let answer = try ask("add-checkpoint", request.bytes)
            switch answer.status {
            case 200:
                let signature = try verified(answer.body, note)
                known = size
                return signature
            case 409:
                guard let told = Self.size(answer) else {
                    throw WitnessError(.unreachable, "the witness does not say what it knows")
                }
                known = told
            case 403, 404: throw WitnessError(.refused, "the witness does not know this log or its key")
            case 422:
                throw WitnessError(.contradiction, "the witness knows another history of this log")
            default: throw WitnessError(.unreachable, "the witness answers \(answer.status)")
            }
        }
        throw WitnessError(.unreachable, "the witness keeps changing its mind")
    }

    private func verified(_ body: [UInt8], _ note: SignedNote) throws(WitnessError) -> NoteSignature {
        for line in body.split(separator: UInt8(ascii: "\n")) {
            guard let signature = try? NoteSignature(line: line), signature.name == key.name,
                signature.id == key.id
            else { continue }
            var cosigned = note
            cosigned.signatures = [signature]
            guard (try? cosigned.expectSignature(of: key, crypto)) != nil else { break }
            return signature
        }
        throw WitnessError(.unreachable, "the witness's cosignature does not verify")
    }

    private static func size(_ answer: WebAnswer) -> UInt64? {
        let digits = answer.body.prefix { $0 != UInt8(ascii: "\n") }
        guard answer.mediaType == "text/x.tlog.size", (1...19).contains(digits.count) else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }
}
