// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from the name a client asks for to the certificate that has it.

/// Names of certificates, exact and with a wildcard for the first label (RFC 6125, 6.4.3).
struct NameTable: Sendable {
    /// RFC 1035, 2.3.4; a longer name is in no certificate.
    static let longestName = 253

    private var exact: [String: Int] = [:]
    /// Keyed by what follows `*.`.
    private var wildcard: [String: Int] = [:]

    /// Adds the names of the certificate at `index`; a name already known keeps its first certificate.
    mutating func add(_ names: [String], index: Int) {
        for name in names {
            if name.hasPrefix("*.") {
                let rest = String(name.dropFirst(2))
                if wildcard[rest] == nil { wildcard[rest] = index }
            } else if exact[name] == nil {
                exact[name] = index
            }
        }
    }

    /// The certificate for a lower-case name.
    func find(_ name: String) -> Int? {
        if let index = exact[name] { return index }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return nil }
        return wildcard[String(name[name.index(after: dot)...])]
    }
}

/// The server name extension of a client hello (RFC 6066, 3).
enum ServerNameExtension {
    /// The host name in lower case; nil when the extension is not well formed or not printable ASCII.
    static func hostName(_ bytes: RawSpan) -> String? {
        // list length 2, type 1 (0 = host_name), name length 2, name. No client sends more than one entry.
        let header = 2 + 1 + 2
        guard header < bytes.byteCount else { return nil }
        func byte(_ index: Int) -> Int { unsafe Int(bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
        let listLength = byte(0) << 8 | byte(1)
        let nameLength = byte(3) << 8 | byte(4)
        guard listLength == bytes.byteCount - 2, byte(2) == 0, nameLength == bytes.byteCount - header,
            nameLength <= NameTable.longestName
        else { return nil }
        var name: [UInt8] = []
        name.reserveCapacity(nameLength)
        for index in header..<bytes.byteCount {
            let letter = UInt8(truncatingIfNeeded: byte(index))
            guard 0x21 <= letter, letter <= 0x7E else { return nil }
            name.append(0x41 <= letter && letter <= 0x5A ? letter | 0x20 : letter)
        }
        return String(decoding: name, as: UTF8.self)
    }
}
