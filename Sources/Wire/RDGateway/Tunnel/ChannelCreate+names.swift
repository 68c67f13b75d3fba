// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a client calls the desktop.

extension ChannelCreate {
    /// The names to try in their order, alternates last, without a trailing `:port` and without empty ones.
    ///
    /// mstsc appends the port to the name. It is removed and not compared: the packet's own field counts.
    var names: [String] {
        (resources + alternates).map { Self.withoutPort($0.text) }.filter { !$0.isEmpty }
    }

    /// `host:3389` and `[::1]:3389` lose the port, the latter its brackets too; a bare IPv6 address, whose
    /// last group looks like a port, stays as it is.
    static func withoutPort(_ name: String) -> String {
        if name.hasPrefix("["), let closing = name.lastIndex(of: "]") {
            let behind = name[closing...].dropFirst()
            guard behind.isEmpty || isPort(behind) else { return name }
            return String(name[..<closing].dropFirst())
        }
        guard let colon = name.firstIndex(of: ":"), isPort(name[colon...]) else { return name }
        return String(name[..<colon])
    }

    /// A colon and 1 to 5 digits.
    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.dropFirst()
        return text.first == ":" && (1...5).contains(digits.utf8.count)
            && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
