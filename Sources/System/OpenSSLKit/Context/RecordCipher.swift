// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whose AES-GCM encrypts records.

internal import COpenSSL

/// The cipher under the records of a context; the protocol above it is OpenSSL's in either case.
package enum RecordCipher: Hashable, Sendable {
    /// OpenSSL's own.
    case openSSL
    /// libipsec-mb's, for processors with AVX-512 and VAES; `openWide` must have succeeded.
    case wide

    /// Gets the wide cipher ready and compares it with OpenSSL's.
    ///
    /// Once in a process, before its threads start.
    package static func openWide() throws(Hindrance) {
        let outcome = th_gcm_install()
        guard outcome != TH_GCM_READY else { return }
        throw Hindrance(outcome)
    }

    /// Overwrites the expanded key that the calling thread used last.
    package static func forget() { th_gcm_forget() }

    /// Makes a server's context that encrypts with this cipher; nil when the library cannot.
    func makeContext() -> OpaquePointer? {
        switch self {
        case .openSSL: unsafe SSL_CTX_new(TLS_server_method())
        case .wide: unsafe SSL_CTX_new_ex(nil, TH_GCM_PROPERTIES, TLS_server_method())
        }
    }
}

extension RecordCipher {
    /// Why there is no wide cipher.
    package enum Hindrance: Error, Hashable, Sendable, CustomStringConvertible {
        /// This program was built without the library's header.
        case notBuilt
        /// The library is not installed, or is another release than the one this program was built for.
        case noLibrary
        /// The processor lacks AVX-512 or VAES.
        case noProcessor
        /// OpenSSL does not take the provider.
        case notTaken
        /// The two ciphers do not agree.
        case wrong

        init(_ outcome: th_gcm_outcome) {
            self =
                switch outcome {
                case TH_GCM_NOT_BUILT: .notBuilt
                case TH_GCM_NO_LIBRARY: .noLibrary
                case TH_GCM_NO_PROCESSOR: .noProcessor
                case TH_GCM_NOT_TAKEN: .notTaken
                default: .wrong
                }
        }

        /// Half a sentence for the log.
        package var description: String {
            switch self {
            case .notBuilt: "this build knows no libipsec-mb"
            case .noLibrary: "libipsec-mb1 is not installed, or is another release"
            case .noProcessor: "the processor has no AVX-512 with VAES"
            case .notTaken: "OpenSSL does not take the provider"
            case .wrong: "libipsec-mb does not calculate what OpenSSL does"
            }
        }
    }
}
