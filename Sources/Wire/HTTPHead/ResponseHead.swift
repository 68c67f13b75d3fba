// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the head of an answer that the gate writes itself.

package import ByteCoding

/// A status line and header fields; the framing of the body is the caller's, through the fields.
package struct ResponseHead: Hashable, Sendable {
    /// 100 to 599.
    package var status: Int
    /// The reason phrase; ASCII.
    package var reason: String
    /// In the order they are written.
    package var headers: [HeaderField]

    /// Takes every field as it is.
    package init(status: Int, reason: String, headers: [HeaderField] = []) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }

    /// The head up to and including the empty line; throws when a part could break out of its line.
    package func encoded() throws(DecodeError) -> [UInt8] {
        guard (100...599).contains(status) else { throw .invalid(field: "status") }
        guard Self.isText(reason) else { throw .invalid(field: "reason phrase") }
        var writer = ByteWriter(capacity: 256)
        writer.utf8("HTTP/1.1 \(status) \(reason)\r\n")
        for field in headers {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(HTTPCharacters.isToken) else {
                throw .invalid(field: "header name")
            }
            guard Self.isText(field.value) else { throw .invalid(field: "header value") }
            writer.utf8("\(field.name): \(field.value)\r\n")
        }
        writer.utf8("\r\n")
        return writer.written
    }

    private static func isText(_ text: String) -> Bool {
        text.utf8.allSatisfy(HTTPCharacters.isFieldValue)
    }
}
