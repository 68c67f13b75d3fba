// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a vault in a folder of its own, with a clock to turn and holders whose keys are only words.

import AuditEvents
import Foundation
import OpenSSLKit
import Synchronization

@testable import AuditIdentity

/// A vault, its clock and everything it recorded.
final class TestVault: Sendable {
    let folder: URL
    let vault: IdentityVault
    let time: Clock
    let notes: Notes

    /// 15 November 2026, noon.
    static let start: UInt64 = 1_794_744_000_000
    static let day: UInt64 = 86_400_000

    static let holders = [
        KeyHolder(holder: "s.icher", role: "security", publicKey: "key of s.icher"),
        KeyHolder(holder: "s.trenger", role: "security", publicKey: "key of s.trenger"),
        KeyHolder(holder: "d.schutz", role: "data-protection", publicKey: "key of d.schutz"),
        KeyHolder(holder: "p.rat", role: "staff-council", publicKey: "key of p.rat"),
    ]

    /// Cryptography that a test can see through: a sealed share is the key's text and the share.
    static let calls = IdentityCalls(
        hmac: { Digest.hmacSHA256(key: $0, $1) },
        sha256: { Digest.sha256($0) },
        random: { try RandomBytes.make(count: $0) },
        seal: { try AuthenticatedCipher.seal($0, key: $1, context: $2) },
        open: { try AuthenticatedCipher.open($0, key: $1, context: $2) },
        sealFor: { pem, secret in Array(pem.utf8) + [0] + secret },
        fingerprint: { Array($0.utf8) }
    )

    init(_ folder: URL? = nil, at start: UInt64 = TestVault.start) throws {
        let folder = folder ?? FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        self.folder = folder
        let clock = Clock(start)
        let notes = Notes()
        vault = try Self.vault(folder, clock, notes)
        time = clock
        self.notes = notes
    }

    /// Another process with the same files.
    static func vault(
        _ folder: URL,
        _ clock: Clock,
        _ notes: Notes,
        calls: IdentityCalls = calls
    ) throws -> IdentityVault {
        try IdentityVault(
            folder: folder.path,
            register: HolderRegister(holders, calls: calls),
            calls: calls,
            now: { clock.now },
            record: { (event) throws(AuditFailure) in try notes.take(event) }
        )
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Milliseconds since 1970, to be turned.
    final class Clock: Sendable {
        private let value: Mutex<UInt64>
        init(_ value: UInt64) { self.value = Mutex(value) }
        var now: UInt64 {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    /// The log behind the vault; it can be made to fail.
    final class Notes: Sendable {
        private let events = Mutex<[AuditEvent]>([])
        private let isBroken = Mutex(false)
        private let after = Mutex<(@Sendable () -> Void)?>(nil)

        func take(_ event: AuditEvent) throws(AuditFailure) {
            if isBroken.withLock({ $0 }) { throw AuditFailure(reason: "disk full") }
            events.withLock { $0.append(event) }
            after.withLock { $0.take() }?()
        }

        /// Does something once, right after the next record.
        func afterNext(_ body: @escaping @Sendable () -> Void) { after.withLock { $0 = body } }

        func breakDown(_ broken: Bool) { isBroken.withLock { $0 = broken } }
        var all: [AuditEvent] { events.withLock { $0 } }
        var kinds: [AuditKind] { all.map(\.kind) }
    }

    /// A holder's true key, or the wrong one under that holder's name.
    static func key(_ holder: String, of other: String? = nil) -> HolderKey {
        let prefix = Array("key of \(other ?? holder)".utf8) + [0]
        return HolderKey(holder: holder) { sealed in
            guard sealed.starts(with: prefix) else { throw WrongKey() }
            return Array(sealed.dropFirst(prefix.count))
        }
    }

    struct WrongKey: Error {}

    static let why = AuditCase(purpose: "incident", number: "IT-4711")
    static let analyst = AuditSubject(actor: "a.nalyst", actorKind: .operator)

    /// Every byte that lies in the folder.
    func everything() throws -> Data {
        var bytes = Data()
        for case let url as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            ?? .init()
        {
            bytes += (try? Data(contentsOf: url)) ?? Data()
        }
        return bytes
    }

    func keyFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "keys").path).sorted()
    }
}
