// SPDX-License-Identifier: EUPL-1.2
// Torhaus: two holders of different roles, with keys that openssl made.

import AuditIdentity
import Foundation
import OpenSSLKit

/// Made once for all tests of a suite: an RSA key takes its time.
struct TestHolders: Sendable {
    let register: Data
    /// In the order of their roles: data protection, security.
    let keys: [HolderKey]

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var holders: [KeyHolder] = []
        var keys: [HolderKey] = []
        for (name, role) in [("d.schutz", "data-protection"), ("s.icher", "security")] {
            let path = folder.appending(path: name).path
            try Self.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", path)
            try Self.openssl("pkey", "-in", path, "-pubout", "-out", path + ".pub")
            let pem = try String(contentsOfFile: path + ".pub", encoding: .utf8)
            holders.append(KeyHolder(holder: name, role: role, publicKey: pem))
            let key = try RecipientPrivateKey(path: path, asking: false)
            keys.append(HolderKey(holder: name) { try key.open($0) })
        }
        register = Data(try HolderRegister(holders, calls: .system).encoded())
        self.keys = keys
    }

    private static func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableNotLoadable) }
    }
}
