// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the scanner found.

/// One step of `PacketScanner`.
package enum ScanEvent: Equatable, Sendable {
    /// Everything up to the end is taken; call again with the bytes that come next.
    case needMore
    /// Bytes of a DATA packet's payload, possibly a part of it, at these places of the span. Go on at the
    /// range's upper bound.
    case dataPayload(Range<Int>)
    /// Any other packet, whole. Go on at `consumedTo`.
    case packet(RawPacket, consumedTo: Int)
}
