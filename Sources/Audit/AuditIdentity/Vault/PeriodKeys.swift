// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the keys of each month, as files of 32 bytes that can be destroyed for good.

internal import Glibc

/// Which key of a period.
enum PeriodKeyKind: String, CaseIterable, Sendable {
    /// Makes pseudonyms out of names; goes under the holders' keys when the month is over.
    case pseudonym
    /// Lies around every sealed name of the month; its deletion is the deletion of the names.
    case map
}

/// The folder of key files.
///
/// It must stay out of every backup: a key that can be restored was never destroyed.
struct PeriodKeys: Sendable {
    let folder: String

    private static let keyBytes = 32

    init(folder: String) throws(IdentityError) {
        self.folder = folder
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.failure("mkdir \(folder)") }
    }

    private func path(_ period: PseudonymPeriod, _ kind: PeriodKeyKind) -> String {
        "\(folder)/\(period).\(kind.rawValue)"
    }

    /// The key; nil when there is none.
    func read(_ period: PseudonymPeriod, _ kind: PeriodKeyKind) throws(IdentityError) -> [UInt8]? {
        let path = path(period, kind)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return nil }
        guard 0 <= descriptor else { throw Self.failure("open \(path)") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.keyBytes + 1)
        let got = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard got == Self.keyBytes else { throw IdentityError(.unusable, "\(path) is no key") }
        return Array(bytes.prefix(Self.keyBytes))
    }

    /// Stores a key unless there is one, and says whether it did.
    ///
    /// The file is whole and durable when this returns.
    func create(
        _ period: PseudonymPeriod,
        _ kind: PeriodKeyKind,
        _ key: [UInt8]
    ) throws(IdentityError)
        -> Bool
    {
        precondition(key.count == Self.keyBytes, "a key of \(key.count) bytes")
        let path = path(period, kind)
        let draft = "\(path).new-\(UInt64.random(in: .min ... .max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard 0 <= descriptor else { throw Self.failure("create \(draft)") }
        let written = key.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let synced = written == Self.keyBytes && fsync(descriptor) == 0
        close(descriptor)
        defer { unlink(draft) }
        guard synced else { throw Self.failure("write \(draft)") }
        // A link does not replace what another process put there meanwhile.
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return false }
            throw Self.failure("link \(path)")
        }
        try syncFolder()
        return true
    }

    /// Overwrites and removes a key; nothing happens when there is none.
    func destroy(_ period: PseudonymPeriod, _ kind: PeriodKeyKind) throws(IdentityError) {
        let path = path(period, kind)
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return }
        guard 0 <= descriptor else { throw Self.failure("open \(path)") }
        // A journal or a flash disk may keep the old block; docs/audit/data-protection.md says so.
        let zeroes = [UInt8](repeating: 0, count: Self.keyBytes)
        _ = zeroes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        let synced = fsync(descriptor)
        close(descriptor)
        guard synced == 0, unlink(path) == 0 else { throw Self.failure("destroy \(path)") }
        try syncFolder()
    }

    /// Every period that has a key of this kind, oldest first.
    func periods(_ kind: PeriodKeyKind) throws(IdentityError) -> [PseudonymPeriod] {
        guard let directory = opendir(folder) else { throw Self.failure("open \(folder)") }
        defer { closedir(directory) }
        var found: [PseudonymPeriod] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let suffix = ".\(kind.rawValue)"
            guard name.hasSuffix(suffix) else { continue }
            if let period = PseudonymPeriod(String(name.dropLast(suffix.count))) { found.append(period) }
        }
        return found.sorted()
    }

    private func syncFolder() throws(IdentityError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard 0 <= descriptor else { throw Self.failure("open \(folder)") }
        let synced = fsync(descriptor)
        close(descriptor)
        guard synced == 0 else { throw Self.failure("fsync \(folder)") }
    }

    private static func failure(_ call: String) -> IdentityError {
        IdentityError(.unusable, "\(call): \(String(cString: strerror(errno)))")
    }
}
