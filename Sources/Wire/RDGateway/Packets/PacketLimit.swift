// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how much a packet and its fields may hold.

/// Bounds of what is read from a client; each is checked before anything is stored.
///
/// The specification bounds a field only by its u16 length. A packet before the relay comes from somebody who
/// has not proved anything yet, so these are far smaller.
package enum PacketLimit {
    /// The PAA cookie in bytes, UTF-16LE: the longest seen are signed texts below 2,000 characters.
    package static let cookie = 4_096
    /// A whole packet that is not DATA: 8 KiB for everything else, and the cookie.
    package static let controlPacket = 8_192 + cookie
    /// A host name in bytes: 255 characters (RFC 1035, 2.3.4), `:65535` as mstsc appends it, a NUL; UTF-16LE.
    package static let name = 2 * (255 + 6 + 1)
    /// A text shown to the person, in bytes with its NUL: our own bound, four screens of a dialogue.
    package static let message = 4_096
    /// NTLM blobs, statements of health, certificates.
    package static let blob = 8_192
    /// Names of one desktop in a CHANNEL_CREATE ([MS-TSGU] 2.2.10.2).
    package static let resources = 1...50
    /// Alternate names in a CHANNEL_CREATE ([MS-TSGU] 2.2.10.2).
    package static let alternates = 0...3
    /// Packets of a type nobody knows that one connection may send: later versions of the protocol may add
    /// some, a flood of them is no client.
    package static let unknownPackets = 16
}
