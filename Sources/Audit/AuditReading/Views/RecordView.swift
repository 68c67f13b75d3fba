// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what a reader is shown of a record: device data are shortened after a week.

package import AuditEvents

/// Shortens what tells devices apart.
package enum RecordView {
    /// Days after which a view no longer needs the whole address.
    ///
    /// Attacks are met sooner, patterns of a person are drawn later. The original stays in the log until its retention is over.
    package static let shorteningDays: UInt64 = 7

    static let shortened = "(shortened)"

    /// The record as a view shows it at a time in milliseconds since 1970.
    package static func shown(_ record: AuditRecord, now: UInt64) -> AuditRecord {
        let (due, overflow) = record.milliseconds.addingReportingOverflow(shorteningDays * 86_400_000)
        guard !overflow, due <= now else { return record }
        var shown = record
        shown.fields = record.fields.compactMap { field in
            if field.key == AuditKey.detail.rawValue, case .text(let text) = field.value {
                return AuditEvent.Field(field.key, .text(withoutAddresses(text)))
            }
            guard let key = AuditKey(rawValue: field.key), key.register.privacy == .address else {
                return field
            }
            guard case .text(let text) = field.value else { return nil }
            return AuditEvent.Field(field.key, .text(short(text, key)))
        }
        return shown
    }

    private static func short(_ text: String, _ key: AuditKey) -> String {
        switch key {
        case .source: network(text)
        case .certificate where text == "none" || text == "failed": text
        default: shortened
        }
    }

    /// The /24 of an IPv4 address and the /48 of an IPv6 one.
    static func network(_ address: String) -> String {
        let v4 = address.split(separator: ".", omittingEmptySubsequences: false)
        if v4.count == 4, v4.allSatisfy({ UInt8($0) != nil }) {
            return "\(v4[0]).\(v4[1]).\(v4[2]).0/24"
        }
        let halves = address.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 8 || (address.contains("::") && halves.count <= 9),
            address.utf8.allSatisfy({ $0 == 0x3A || Character(Unicode.Scalar($0)).isHexDigit })
        else { return shortened }
        // Groups up to `::` stand for themselves, those behind it for the end of the address.
        let groups = halves.prefix { !$0.isEmpty }.prefix(3).map(String.init)
        return (groups + Array(repeating: "0", count: 3 - groups.count)).joined(separator: ":") + "::/48"
    }

    /// A sentence with the networks of its addresses.
    static func withoutAddresses(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            var bare = String(word.prefix { $0.isHexDigit || $0 == "." || $0 == ":" })
            // A port, or the end of the sentence.
            if bare.contains("."), let port = bare.firstIndex(of: ":") { bare = String(bare[..<port]) }
            while bare.hasSuffix(".") { bare.removeLast() }
            let network = network(bare)
            return network == shortened ? String(word) : network + word.dropFirst(bare.count)
        }.joined(separator: " ")
    }
}
