// SPDX-License-Identifier: EUPL-1.2
// Torhaus: begins a log: key, public key, state, and the checkpoint of nothing.

internal import LinuxKit
package import MerkleLog
internal import OpenSSLKit

/// What `torhaus audit init` does, and the log itself when a new year begins.
package enum LogCreation {
    /// Private: the log's process alone.
    private static let stateMode: UInt32 = 0o700
    private static let keyMode: UInt32 = 0o400
    /// The group of the log's files may read them.
    static let directoryMode: UInt32 = 0o750
    static let fileMode: UInt32 = 0o640

    /// Makes the log and returns its public key; the process that will write the log must own the files.
    ///
    /// May be repeated after a failure. A log that was opened once is never touched: `.invalid`.
    /// `segmentBytes` is for tests.
    package static func create(
        _ place: LogPlace,
        segmentBytes: Int = AuditLogLimits.segment
    ) throws(AuditLogError) -> VerifierKey {
        guard !Folder.exists(place.anchor) else {
            throw AuditLogError(.invalid, "the log \(place.origin) exists already")
        }
        guard !Folder.exists(place.checkpoint) else { throw .refused(.stateMissing) }
        try attempt { () throws(SystemError) in
            try Folder.create(place.state, mode: stateMode)
            try Folder.create(place.journal, mode: directoryMode)
        }
        if !Folder.exists(place.privateKey) { try writeKey(place.privateKey) }
        let signer = try LogKey.signer(place)
        try attempt { () throws(SystemError) in
            let text = Array((signer.key.text + "\n").utf8)
            try Folder.replace(place.verifierKey, with: text, mode: fileMode, durable: true)
        }
        try Journal.createFirstSegment(place, bytes: segmentBytes)
        let root = LogCrypto.hasher.empty
        try attempt { () throws(SystemError) in try Folder.sync(place.directory) }
        // Last: from here on the log exists.
        try AnchorFile.create(place, SignedSize(size: 0, root: root))
        try CheckpointFile.write(place, SignedSize(size: 0, root: root), signer)
        return signer.key
    }

    private static func writeKey(_ path: String) throws(AuditLogError) {
        let key: Ed25519Key
        var pem: [UInt8]
        do throws(OpenSSLError) {
            key = try Ed25519Key.generate()
            pem = try key.pem()
        } catch {
            throw AuditLogError(.key, error.message)
        }
        defer { ProcessHardening.wipe(&pem) }
        let bytes = pem
        try attempt { () throws(SystemError) in
            try Folder.replace(path, with: bytes, mode: keyMode, durable: true)
        }
    }
}

/// The log's key.
package enum LogKey {
    /// Loads it for signing.
    static func signer(_ place: LogPlace) throws(AuditLogError) -> NoteSigner {
        guard Folder.exists(place.privateKey) else { throw .refused(.keyMissing) }
        do {
            let key = try Ed25519Key(path: place.privateKey)
            return try LogCrypto.signer(name: place.origin, algorithm: .ed25519, key: key)
        } catch let error as OpenSSLError {
            throw AuditLogError(.key, error.message)
        } catch {
            throw AuditLogError(.key, "the key cannot be named")
        }
    }

    /// The public key beside the log.
    package static func verifier(in directory: String) throws(AuditLogError) -> VerifierKey {
        let path = "\(directory)/\(LogPlace.keyName)"
        let bytes = try attempt { () throws(SystemError) in
            try SmallFile.read(path, limit: AuditLogLimits.smallFile)
        }
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        do throws(MerkleError) {
            return try VerifierKey(text: line, LogCrypto.hasher)
        } catch {
            throw AuditLogError(.key, "\(path) is not a public key")
        }
    }
}
