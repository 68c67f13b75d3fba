// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the whole way with keys that openssl made.

import AuditEvents
import Foundation
import OpenSSLKit
import Testing

@testable import AuditIdentity

@Suite struct RealKeysTests {
    @Test("opens a name with two RSA keys of different roles")
    func wholeWay() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var holders: [KeyHolder] = []
        var keys: [HolderKey] = []
        for (name, role) in [("s.icher", "security"), ("d.schutz", "data-protection")] {
            let path = folder.appending(path: name).path
            try openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", path)
            try openssl("pkey", "-in", path, "-pubout", "-out", path + ".pub")
            let pem = try String(contentsOfFile: path + ".pub", encoding: .utf8)
            holders.append(KeyHolder(holder: name, role: role, publicKey: pem))
            let key = try RecipientPrivateKey(path: path, asking: false)
            keys.append(HolderKey(holder: name) { try key.open($0) })
        }
        let vault = try IdentityVault(
            folder: folder.appending(path: "identity").path,
            register: HolderRegister(holders, calls: .system),
            now: { TestVault.start },
            record: { _ in }
        )
        let pseudonym = try await vault.pseudonym(of: "ä.müller@kreis.test", realm: .access)
        let request = try await vault.requestName(of: pseudonym, why: TestVault.why, by: TestVault.analyst)
        _ = try await vault.approve(request.id, with: keys[1], by: TestVault.analyst)
        let answer = try await vault.approve(request.id, with: keys[0], by: TestVault.analyst)
        #expect(answer == .revealed(name: "ä.müller@kreis.test"))
        try vault.close()
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
