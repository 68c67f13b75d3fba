// SPDX-License-Identifier: EUPL-1.2
// Torhaus: settings of the whole process that TLS connections depend on.

internal import COpenSSL

/// What a process does once, before its threads start.
package enum TLSProcess {
    /// Keeps the allocator from mapping and trimming memory on each read, and from one arena per thread
    /// beyond those that run: libssl's read buffer (128 KiB) comes and goes with every burst.
    ///
    /// False when the C library refuses; the process works all the same, only slower.
    @discardableResult
    package static func tuneAllocator(threads: Int) -> Bool {
        let mostThreads = 256
        return th_ssl_tune_allocator(Int32(clamping: min(max(threads, 0), mostThreads) + 1)) != 0
    }

    /// `OpenSSL 3.0.22 25 Aug 2026`, as the loaded library says.
    package static var libraryVersion: String {
        guard let text = unsafe OpenSSL_version(OPENSSL_VERSION) else { return "unknown" }
        return unsafe String(cString: text)
    }
}
