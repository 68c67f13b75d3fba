// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reading PEM files, with a bound and without leaving key material behind.

internal import COpenSSL
internal import Glibc
internal import LinuxKit

/// The bytes of a PEM file and who else may read it.
struct PEMFile: ~Copyable {
    /// A bundle of every public authority is about 250 KiB; nothing we read is larger.
    static let limit = 1 << 20

    let path: String
    let contents: SecretBytes
    /// True when users outside owner and group may read the file.
    let readableByOthers: Bool

    init(path: String) throws(OpenSSLError) {
        func failure(_ reason: String) -> OpenSSLError {
            OpenSSLError(.file, "cannot read \(path): \(reason)")
        }
        func systemReason() -> String { unsafe String(cString: strerror(errno)) }

        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard 0 <= raw else { throw failure(systemReason()) }
        let descriptor = OwnedFD(adopting: raw)
        var status = stat()
        let known = descriptor.withRaw { unsafe fstat($0, &status) }
        guard known == 0 else { throw failure(systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("not a regular file") }
        let size = Int(status.st_size)
        guard size <= PEMFile.limit else { throw failure("larger than \(PEMFile.limit) bytes") }

        var bytes = SecretBytes(count: size)
        var position = 0
        while position < size {
            var target = bytes.mutableBytes
            let got = unsafe target.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return descriptor.withRaw { unsafe Glibc.read($0, start + position, size - position) }
            }
            if got < 0, errno == EINTR { continue }
            guard 0 < got else { throw failure(got == 0 ? "it changed while being read" : systemReason()) }
            position += got
        }
        self.path = path
        contents = bytes
        readableByOthers = status.st_mode & S_IROTH != 0
    }

    /// Lends a BIO over the contents.
    borrowing func withBIO<R>(_ body: (OpaquePointer) throws(OpenSSLError) -> R) throws(OpenSSLError) -> R {
        ErrorQueue.clear()
        let made = unsafe contents.bytes.withUnsafeBytes { bytes in
            unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
        }
        guard let bio = unsafe made else { throw ErrorQueue.failure("cannot read \(path)") }
        defer {
            unsafe BIO_free_all(bio)
            ErrorQueue.clear()
        }
        return unsafe try body(bio)
    }
}
