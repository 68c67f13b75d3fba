// SPDX-License-Identifier: EUPL-1.2
// Torhaus: records and checkpoints as syslog messages (RFC 5424), framed for TLS (RFC 5425).

internal import AuditEvents
internal import ByteCoding
package import MerkleLog

/// Builds messages of one log.
package struct SyslogMessage: Sendable {
    /// Log audit (RFC 5424 table 1).
    private static let facility = 13
    private static let application = "torhaus-auditd"
    /// RFC 5424 6: our JSON is UTF-8, which the byte order mark says.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let host: String
    private let process: String
    /// `torhaus@` and the private enterprise number.
    private let element: String
    private let origin: String

    /// `host` is this machine's name; `enterprise` a private enterprise number, 32473 is that of documentation.
    package init(host: String, process: Int32, enterprise: UInt32, origin: String) {
        self.host = Self.word(host, limit: 255)
        self.process = String(process)
        element = "torhaus@\(enterprise)"
        self.origin = origin
    }

    /// One record: its severity, time and code in the header, its number and log beside it, its bytes unchanged.
    package func record(_ entry: [UInt8], index: UInt64) -> [UInt8] {
        let record = try? AuditRecord(parsing: entry)
        let time = record.map { AuditTime.text($0.milliseconds) } ?? "-"
        let code = record.map { Self.word($0.code, limit: 32) } ?? "-"
        let severity = Self.severity(record?.severity)
        let data = #"[\#(element) origin="\#(Self.value(origin))" seq="\#(index)"]"#
        return framed(severity: severity, time: time, code: code, data: data, body: Self.mark + entry)
    }

    /// The signed checkpoint: with it, the receiver's copy of the records can be verified.
    package func checkpoint(_ note: SignedNote, milliseconds: UInt64) -> [UInt8]? {
        guard let checkpoint = try? Checkpoint(text: note.text) else { return nil }
        let data =
            #"[\#(element) origin="\#(Self.value(origin))" size="\#(checkpoint.size)" "#
            + #"root="\#(Self.value(checkpoint.root.base64))" note="\#(Base64.encode(note.bytes))"]"#
        return framed(
            severity: 6,
            time: AuditTime.text(milliseconds),
            code: "CHECKPOINT",
            data: data,
            body: Self.mark + Array("checkpoint of \(checkpoint.size) records".utf8)
        )
    }

    private func framed(severity: Int, time: String, code: String, data: String, body: [UInt8]) -> [UInt8] {
        let priority = Self.facility * 8 + severity
        let header = "<\(priority)>1 \(time) \(host) \(Self.application) \(process) \(code) \(data) "
        let message = Array(header.utf8) + body
        return Array("\(message.count) ".utf8) + message
    }

    // MARK: Parts

    private static func severity(_ text: String?) -> Int {
        switch text.flatMap(AuditEvent.Severity.init) {
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info, nil: 6
        }
    }

    /// PRINTUSASCII without spaces.
    private static func word(_ text: String, limit: Int) -> String {
        let kept = text.utf8.filter { 0x21...0x7E ~= $0 }.prefix(limit)
        return kept.isEmpty ? "-" : String(decoding: kept, as: UTF8.self)
    }

    /// A parameter's value: quote, backslash and bracket are escaped (RFC 5424 6.3.3).
    private static func value(_ text: String) -> String {
        var escaped = ""
        for letter in text.unicodeScalars {
            if letter == "\"" || letter == "\\" || letter == "]" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(letter)
        }
        return escaped
    }
}
