// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the PROXY header at the start of each connection.

import DaemonMessages
import NIOCore
import NIOEmbedded
import ProxyProtocol
import Testing

@testable import Portal

@Suite("the PROXY header of a connection")
struct ProxyHeaderHandlerTests {
    private static func header(local: Bool = false, certificate: [UInt8]? = nil) throws -> [UInt8] {
        let source = try #require(ProxyEndpoint(address: [192, 0, 2, 7], port: 50_000))
        let destination = try #require(ProxyEndpoint(address: [192, 0, 2, 1], port: 443))
        return try ProxyHeader(
            addresses: local ? nil : ProxyAddresses(source: source, destination: destination),
            authority: "gate.example",
            tls: ProxyTLS(
                version: "TLSv1.3",
                clientCertificatePresented: certificate != nil,
                verified: certificate != nil,
                commonName: certificate == nil ? nil : "Karte 7"
            ),
            correlation: [UInt8](1...16),
            certificateSHA256: certificate
        ).encoded()
    }

    private static let request = Array("GET / HTTP/1.1\r\nHost: gate.example\r\n\r\n".utf8)

    private struct Rig {
        let client = ConnectionClient()
        let channel: EmbeddedChannel

        init() throws {
            channel = EmbeddedChannel(handler: ProxyHeaderHandler(client: client))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func read() throws -> [UInt8] {
            var all: [UInt8] = []
            while let part = try channel.readInbound(as: ByteBuffer.self) { all += part.readableBytesView }
            return all
        }
    }

    @Test("is taken off, and the client remembered, wherever the bytes are split")
    func splits() throws {
        let bytes = try Self.header() + Self.request
        for cut in 0...bytes.count {
            let rig = try Rig()
            try rig.channel.writeInbound(ByteBuffer(bytes: bytes[..<cut]))
            try rig.channel.writeInbound(ByteBuffer(bytes: bytes[cut...]))
            #expect(try rig.read() == Self.request)
            let client = try #require(rig.client.context)
            #expect(client.address.text == "192.0.2.7")
            #expect(client.address.port == 50_000)
            #expect(client.tlsVersion == "TLSv1.3")
            #expect(client.serverName == "gate.example")
            #expect(client.correlation.bytes == [UInt8](1...16))
            #expect(client.certificate == .none)
            #expect(client.transport == .browser)
            #expect(rig.channel.isActive)
        }
    }

    @Test("carries a verified certificate")
    func certificate() throws {
        let rig = try Rig()
        let hash = [UInt8](repeating: 9, count: 32)
        try rig.channel.writeInbound(ByteBuffer(bytes: Self.header(certificate: hash)))
        #expect(rig.client.context?.certificate == .verified(subject: "Karte 7", sha256: hash))
    }

    @Test("must be there: anything else is closed without an answer")
    func missing() throws {
        let strangers = [Self.request, Array("\r\n\r\n\0\r\nQUIX".utf8), try Self.header(local: true)]
        for bytes in strangers {
            let rig = try Rig()
            try rig.channel.writeInbound(ByteBuffer(bytes: bytes))
            #expect(!rig.channel.isActive)
            #expect(try rig.read() == [])
            #expect(try rig.channel.readOutbound(as: ByteBuffer.self) == nil)
            #expect(rig.client.context == nil)
        }
    }

    @Test("must come in time")
    func late() throws {
        let rig = try Rig()
        try rig.channel.writeInbound(ByteBuffer(bytes: Self.header().prefix(20)))
        rig.channel.embeddedEventLoop.advanceTime(by: PortalLimits.proxyHeaderDeadline + .seconds(1))
        #expect(!rig.channel.isActive)
    }

    @Test("a slow request after it is not its matter")
    func slowRequest() throws {
        let rig = try Rig()
        try rig.channel.writeInbound(ByteBuffer(bytes: Self.header() + Self.request))
        rig.channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(rig.channel.isActive)
    }

    @Test("a gateway client behind it is sent to another connection", arguments: [1, 3, 4, 40])
    func misdirected(_ cut: Int) throws {
        let rig = try Rig()
        let request = Array("RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\n\r\n".utf8)
        try rig.channel.writeInbound(ByteBuffer(bytes: Self.header() + request.prefix(cut)))
        try rig.channel.writeInbound(ByteBuffer(bytes: request.dropFirst(cut)))
        let answer = try #require(try rig.channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: answer).hasPrefix("HTTP/1.1 421 "))
        #expect(!rig.channel.isActive)
        #expect(try rig.read() == [])
    }
}

@Suite("a client's address as text")
struct ClientAddressTextTests {
    @Test("is what PAM modules expect")
    func texts() throws {
        let v4 = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 7]
        #expect(try #require(ClientAddress(bytes: v4, port: 0)).text == "192.0.2.7")
        let v6: [UInt8] = [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
        #expect(try #require(ClientAddress(bytes: v6, port: 0)).text == "2001:db8::7")
    }
}
