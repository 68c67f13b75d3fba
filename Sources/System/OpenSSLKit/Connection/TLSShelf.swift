// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the large blocks that libssl gave back on a thread, kept for its next burst and freed later.

internal import COpenSSL

/// libssl decrypts in a buffer that comes and goes with every burst, and leaves in it what a client said.
///
/// A heap that overwrites 128 KiB each time would cost more than a short message does; a thread with an open shelf
/// frees the block when it finds the time, and until then its own bursts use it again.
package enum TLSShelf {
    /// Once in a process, before it uses the library in any way.
    ///
    /// False when it is too late: then blocks go straight back to the heap.
    @discardableResult
    package static func install() -> Bool { th_ssl_shelf_install() == 1 }

    /// The calling thread keeps blocks from now on, and calls `clear` from time to time.
    package static func open() { th_ssl_shelf_open() }

    /// Frees all blocks of the calling thread; costs nothing when there is none.
    package static func clear() { th_ssl_shelf_clear() }
}
