// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a witness has on its disk: its key, the logs it watches, the last checkpoint of each.

internal import AuditLog
internal import LinuxKit
package import MerkleLog
internal import OpenSSLKit
internal import Synchronization

/// The files of one witness; the state of a log is on the disk before anybody learns of the cosignature.
package final class WitnessStore: Sendable {
    private let directory: String
    /// Held while the witness runs.
    private let lockFile: DurableFile
    private let signer: NoteSigner
    /// Checking and storing happen under this lock, so that no two answers contradict each other.
    private let notes: Mutex<[String: SignedNote]>
    /// Keys of the logs that are watched.
    package let logs: [VerifierKey]

    private static let keyName = "key.pem"
    private static let nameName = "name"
    private static let logsName = "logs"

    /// The witness's public key.
    package var key: VerifierKey { signer.key }

    // MARK: Setting up

    /// Makes key and name; the public key is for the policies of the logs.
    package static func create(_ directory: String, name: String) throws(WitnessError) -> VerifierKey {
        guard KeyName.isValid(name) else { throw WitnessError(.setup, "the name cannot be a key's name") }
        let path = "\(directory)/\(keyName)"
        guard !Folder.exists(path) else { throw WitnessError(.setup, "there is a witness in \(directory)") }
        do {
            try Folder.create(directory, mode: 0o700)
            var pem = try Ed25519Key.generate().pem()
            defer { ProcessHardening.wipe(&pem) }
            try Folder.replace(
                "\(directory)/\(nameName)",
                with: Array((name + "\n").utf8),
                mode: 0o644,
                durable: true
            )
            try Folder.replace("\(directory)/\(logsName)", with: [], mode: 0o644, durable: true)
            try Folder.replace(path, with: pem, mode: 0o400, durable: true)
        } catch {
            throw WitnessError(.setup, "\(error)")
        }
        return try loadSigner(directory).key
    }

    /// Watches one more log from the next start on.
    package static func watch(_ directory: String, log text: String) throws(WitnessError) {
        guard let key = try? VerifierKey(text: text, LogCrypto.hasher), key.algorithm == .ed25519 else {
            throw WitnessError(.setup, "not the public key of a log")
        }
        let known = try readLogs(directory)
        guard !known.contains(key) else { return }
        guard known.count < WitnessLimits.logs else {
            throw WitnessError(.setup, "too many logs are watched")
        }
        let lines = (known + [key]).map { $0.text + "\n" }.joined()
        do throws(SystemError) {
            let path = "\(directory)/\(logsName)"
            try Folder.replace(path, with: Array(lines.utf8), mode: 0o644, durable: true)
        } catch {
            throw WitnessError(.setup, error.description)
        }
    }

    // MARK: Opening

    /// Opens the witness for serving; one process at a time.
    package init(_ directory: String) throws(WitnessError) {
        self.directory = directory
        let signer = try Self.loadSigner(directory)
        let logs = try Self.readLogs(directory)
        do throws(SystemError) {
            lockFile = try DurableFile("\(directory)/lock", .creatingIfMissing(mode: 0o600))
            guard try lockFile.lock() else {
                throw SystemError("another process serves \(directory): flock", code: SystemError.wouldBlock)
            }
        } catch {
            throw WitnessError(.setup, error.description)
        }
        var notes: [String: SignedNote] = [:]
        for origin in Set(logs.map(\.name)) {
            notes[origin] = try Self.readNote(directory, origin, signer.key)
        }
        self.signer = signer
        self.logs = logs
        self.notes = Mutex(notes)
    }

    private static func loadSigner(_ directory: String) throws(WitnessError) -> NoteSigner {
        do {
            let name = try read("\(directory)/\(nameName)").split(separator: "\n").first ?? ""
            let key = try Ed25519Key(path: "\(directory)/\(keyName)")
            return try LogCrypto.signer(name: String(name), algorithm: .cosignature, key: key)
        } catch {
            throw WitnessError(.setup, "there is no usable witness in \(directory): \(error)")
        }
    }

    private static func readLogs(_ directory: String) throws(WitnessError) -> [VerifierKey] {
        var logs: [VerifierKey] = []
        for line in try read("\(directory)/\(logsName)").split(separator: "\n") {
            guard let key = try? VerifierKey(text: String(line), LogCrypto.hasher), key.algorithm == .ed25519
            else { throw WitnessError(.setup, "the list of logs has a line that is no public key") }
            logs.append(key)
        }
        return logs
    }

    private static func read(_ path: String) throws(WitnessError) -> String {
        do throws(SystemError) {
            return String(decoding: try SmallFile.read(path, limit: WitnessLimits.logList), as: UTF8.self)
        } catch {
            throw WitnessError(.setup, error.description)
        }
    }

    /// The stored checkpoint must carry our own cosignature: nobody else may have written it.
    private static func readNote(
        _ directory: String,
        _ origin: String,
        _ key: VerifierKey
    ) throws(WitnessError) -> SignedNote? {
        let path = file(directory, origin)
        guard Folder.exists(path) else { return nil }
        guard let bytes = try? SmallFile.read(path, limit: WitnessLimits.answer),
            let note = try? SignedNote(bytes), (try? note.expectSignature(of: key, LogCrypto.notes)) != nil,
            (try? Checkpoint(text: note.text))?.origin == origin
        else {
            throw WitnessError(.setup, "\(path) is not a checkpoint that this witness cosigned")
        }
        return note
    }

    // MARK: Witnessing

    /// The name of a log below the witness's address: SHA-256 of its origin in hexadecimal.
    package static func folder(of origin: String) -> String {
        let bytes = Array(origin.utf8)
        return Digest.sha256(bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func file(_ directory: String, _ origin: String) -> String {
        "\(directory)/\(folder(of: origin)).checkpoint"
    }

    /// The latest cosigned checkpoint of the log with this folder name.
    package func note(folder: String) -> SignedNote? {
        notes.withLock { notes in
            notes.first { Self.folder(of: $0.key) == folder }?.value
        }
    }

    /// Judges a request; a signature is given out after its checkpoint is on the disk.
    package func witness(
        _ request: AddCheckpoint,
        seconds: UInt64
    ) throws(WitnessError) -> (judgement: WitnessJudgement, signature: NoteSignature?) {
        try notes.withLock { (notes) throws(WitnessError) in
            let known = notes
            let judgement = WitnessJudgement.of(
                request,
                logs: logs,
                state: { origin in Self.state(known[origin]) },
                LogCrypto.notes
            )
            guard case .cosign(let checkpoint) = judgement else { return (judgement, nil) }
            do {
                let signature = try signer.signature(of: request.note.text, time: seconds)
                var note = request.note
                // The log's own signature and ours; cosignatures of others are theirs to keep.
                note.signatures = note.signatures.filter { line in
                    logs.contains { $0.name == line.name && $0.id == line.id }
                }
                note.signatures.append(signature)
                try Folder.replace(
                    Self.file(directory, checkpoint.origin),
                    with: note.bytes,
                    mode: 0o644,
                    durable: true
                )
                notes[checkpoint.origin] = note
                return (judgement, signature)
            } catch {
                throw WitnessError(.setup, "\(error)")
            }
        }
    }

    private static func state(_ note: SignedNote?) -> WitnessedState? {
        guard let note, let checkpoint = try? Checkpoint(text: note.text) else { return nil }
        return WitnessedState(size: checkpoint.size, root: checkpoint.root)
    }
}
