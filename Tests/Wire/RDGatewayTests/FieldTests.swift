// SPDX-License-Identifier: EUPL-1.2
// Torhaus: texts, byte strings, errors and flags in packets.

import ByteCoding
import RDGateway
import Testing

@Suite("Fields")
struct FieldTests {
    @Test("every error is sent with bit 31, which FreeRDP 2 takes for failure")
    func bit31() {
        for error in ProxyError.allCases {
            #expect(HResult(error).isFailure, "\(error)")
            #expect(HResult(error).error == error)
        }
        #expect(!HResult.success.isFailure)
        #expect(HResult.success.error == nil)
    }

    @Test("errors have the numbers of the specification")
    func errorNumbers() {
        #expect(ProxyError.gracefulDisconnect.rawValue == 0x8007_04CA)
        #expect(ProxyError.connectionAborted.rawValue == 0x8007_04D4)
        #expect(ProxyError.sessionTimeout.rawValue == 0x8007_59F6)
        #expect(ProxyError.reauthenticationGatewayAccessFailed.rawValue == 0x8007_5A00)
    }

    @Test("a text keeps what is not ASCII", arguments: ["Bürgerbüro", "日本", "🏛️", ""])
    func texts(_ content: String) throws {
        let packet = ServiceMessage(text: text(content))
        let again = try ServiceMessage(body: raw(packet).body)
        #expect(again.text.text == content)
        #expect(again.text.isTerminated)
    }

    @Test("a text does not take a NUL or more than a u16 counts")
    func refusedTexts() {
        #expect(throws: PacketError.field(.invalid(field: "text"))) { try UnicodeString("a\0b") }
        #expect(throws: PacketError.field(.oversize(length: 65_536, limit: 65_535))) {
            try UnicodeString(String(repeating: "x", count: 32_767))
        }
        #expect(throws: Never.self) { try UnicodeString(String(repeating: "x", count: 32_766)) }
    }

    @Test("a clipped text fits a message and ends with a whole character")
    func clipping() throws {
        let clipped = UnicodeString(clipping: String(repeating: "a", count: 2_046) + "🏛️ and more")
        #expect(clipped.text == String(repeating: "a", count: 2_046))
        let packet = ServiceMessage(text: UnicodeString(clipping: String(repeating: "ü", count: 9_999)))
        #expect(raw(packet).body.count == 2 + PacketLimit.message)
        #expect(try ServiceMessage(body: raw(packet).body) == packet)
        #expect(UnicodeString(clipping: "a\0b").text == "ab")
    }

    @Test("a blob does not take more than a u16 counts")
    func blobs() {
        #expect(throws: PacketError.field(.oversize(length: 65_536, limit: 65_535))) {
            try Blob([UInt8](repeating: 0, count: 65_536))
        }
    }

    @Test("what can hold a ticket does not show it")
    func secrets() {
        let packet = TunnelCreate(capabilities: [], cookie: blob(utf16("SECRET")))
        let action = TunnelAction.authorizeTunnel(
            cookie: TunnelCookie(utf8: Array("SECRET".utf8)),
            capabilities: []
        )
        var dumped = ""
        dump(packet, to: &dumped)
        dump(action, to: &dumped)
        let shown = "\(packet) \(action) \(raw(packet)) \(String(reflecting: action)) \(dumped)"
        #expect(!shown.contains("SECRET"))
        #expect(!shown.contains("83"), "the number of the letter S")
        #expect(shown.contains("<redacted>"))
    }
}
