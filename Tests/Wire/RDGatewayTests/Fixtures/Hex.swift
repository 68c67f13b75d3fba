// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bytes written as hex in the tests of RDGateway.

import RDGateway

/// The bytes of a hex text; spaces, line ends and `|` separate, `#` begins a comment.
func hex(_ text: String) -> [UInt8] {
    text.split(separator: "\n").flatMap { line in
        line.prefix { $0 != "#" }.split { " |".contains($0) }.map { fitting(UInt8($0, radix: 16)) }
    }
}

/// A value of the tests' own tables; one that does not fit is a mistake in the table.
func fitting<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a fixture is wrong") }
    return value
}

/// A text as UTF-16LE with its NUL.
func utf16(_ text: String, terminated: Bool = true) -> [UInt8] {
    (Array(text.utf16) + (terminated ? [0] : [])).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
}

/// A text field with its NUL.
func text(_ text: String, terminated: Bool = true) -> UnicodeString {
    fitting(try? UnicodeString(text, terminated: terminated))
}

/// A byte string field.
func blob(_ bytes: [UInt8]) -> Blob {
    fitting(try? Blob(bytes))
}

/// The packet as the scanner gives it.
func raw(_ whole: [UInt8]) -> RawPacket {
    RawPacket(rawType: UInt16(whole[0]) | UInt16(whole[1]) << 8, body: Array(whole.dropFirst(8)))
}

/// The packet as the scanner gives it.
func raw(_ packet: some GatewayPacket) -> RawPacket { raw(packet.encoded()) }

/// CHANNEL_CREATE.
func channel(_ names: String..., alternates: [String] = [], port: UInt16) -> ChannelCreate {
    fitting(
        try? ChannelCreate(
            resources: names.map { text($0) },
            alternates: alternates.map { text($0) },
            port: port
        )
    )
}
