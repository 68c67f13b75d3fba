// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of the gate that is not a setting, with its reason.

internal import LinuxKit

enum GateLimits {
    /// One read from either side; batch size is what throughput depends on, and the buffers are per thread.
    static let batchBytes = IOBuffer.batchBytes
    /// Room behind a batch for headers in front of each slot.
    static let framingBytes = 16 * 1_024
    /// Ended connections that wait to be freed; about 14 KiB each.
    static let retiredLines = 1_024
    /// Granularity of all deadlines.
    static let tickMilliseconds: UInt64 = 100
    /// How long a client may take to answer CLOSE_CHANNEL or a WebSocket close ([MS-TSGU] clients answer at once).
    static let closeGraceMilliseconds: UInt64 = 2_000
    /// How long an old line may take to show life before a reconnect replaces it.
    static let probeMilliseconds: UInt64 = 1_500
    /// OUT waits this long for its IN (legacy transport).
    static let pairingMilliseconds: UInt64 = 10_000
    /// A first address gets this long before the next one is tried beside it (RFC 8305, 5).
    static let nextAddressMilliseconds: UInt64 = 250
    /// Addresses of one desktop that are tried.
    static let connectAttempts = 5
    /// The control plane must decide within this time; Basic credentials include a PAM conversation.
    static let decisionMilliseconds: UInt64 = 30_000
    /// Sent bytes that stay unacknowledged longer mean a dead line.
    static let unacknowledgedMilliseconds: UInt32 = 90_000
    /// Bytes of a request that may follow its head before the route is known: a form that came in one segment.
    static let bytesBehindHead = 256 * 1_024
    /// `User-Agent` is cut here before it is passed on.
    static let userAgentBytes = 256
    /// Random bytes before the first packet on a legacy OUT response ([MS-TSGU] 3.3.5.1 allows up to 100; FreeRDP
    /// drops exactly 10).
    static let legacySeedBytes = 10
    /// Ends of sessions that wait for the control plane.
    ///
    /// Beyond, the oldest are dropped and said so in the log.
    static let waitingEnds = 100_000
    /// Incidents that wait for the control plane, bursts grouped.
    static let waitingIncidents = 1_000
    /// Handshakes give way to running sessions, yet keep 1.5 % of a core when those take it all: some 30 sign-ins a
    /// second, where the idle class would leave six.
    static let handshakeNice: Int32 = 19
    /// A relay that wakes interrupts a handshake at once only when it asks for shorter turns than that (Linux 6.12 on);
    /// 100 is the least.
    static let relaySliceMicroseconds: UInt32 = 100
    /// Names that resolve at the same time.
    static let resolverThreads = 4
}
