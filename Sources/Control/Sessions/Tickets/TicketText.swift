// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the ticket as the client carries it, and how it is found again without being stored.

/// SHA-256, given in by the daemon: the system's OpenSSL does every cryptographic job, and tests need none.
package typealias TicketHash = @Sendable ([UInt8]) -> [UInt8]

/// Random bytes; a protocol so that tests can be told what comes.
package protocol RandomSource: Sendable {
    func bytes(_ count: Int) -> [UInt8]
}

/// The kernel's generator.
package struct SystemRandomSource: RandomSource {
    package init() {}

    package func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<max(0, count)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

/// 128 random bits as 26 characters.
package enum TicketText {
    /// 128 bits cannot be guessed within the minutes a ticket lives, nor within the age of the county.
    package static let byteCount = 16
    package static let characterCount = 26

    /// A new ticket.
    package static func make(_ random: some RandomSource) -> String {
        CrockfordBase32.encode(random.bytes(byteCount))
    }

    /// The hash under which a ticket is kept; nil when it is no ticket's text.
    ///
    /// The hash is made of the bits, so every accepted spelling finds the same ticket.
    package static func hash(_ text: some Collection<UInt8>, _ sha256: TicketHash) -> [UInt8]? {
        guard text.count == characterCount else { return nil }
        return CrockfordBase32.decode(text, count: byteCount).map(sha256)
    }
}
