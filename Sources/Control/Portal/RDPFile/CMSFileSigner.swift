// SPDX-License-Identifier: EUPL-1.2
// Torhaus: signs .rdp files with the county's certificate.

package import OpenSSLKit

extension CMSSigner: RDPFileSigner {
    /// See ``RDPFileSigner``.
    package func signature(over bytes: [UInt8]) throws -> [UInt8] {
        try sign(bytes.span.bytes)
    }
}
