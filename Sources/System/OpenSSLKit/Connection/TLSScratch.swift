// SPDX-License-Identifier: EUPL-1.2
// Torhaus: where a thread's outgoing records collect before they are sent at once.

internal import LinuxKit

/// The output area of one thread; every connection of that thread writes through it.
package struct TLSScratch: ~Copyable, Sendable {
    /// Plaintext that one pass encrypts: a batch and room for the framing around it.
    ///
    /// More takes more passes.
    package static let passBytes = IOBuffer.batchBytes + 16 * 1024

    /// A record holds 16,384 bytes and adds 22 (TLS 1.3: header 5, type 1, tag 16) or 29 (TLS 1.2); a key
    /// update or an alert may come between.
    static let outputBytes = passBytes + (passBytes / 16_384 + 4) * 64

    var area: IOBuffer

    /// Makes the area; once per thread.
    package init() { area = IOBuffer(capacity: TLSScratch.outputBytes) }
}
