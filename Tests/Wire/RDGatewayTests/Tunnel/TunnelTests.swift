// SPDX-License-Identifier: EUPL-1.2
// Torhaus: whole lives of tunnels.

import RDGateway
import Testing

@Suite("The tunnel")
struct TunnelTests {
    @Test("opens a session byte by byte as xfreerdp saw it")
    func captured() {
        let golden = GoldenPacket.captured.map(\.bytes)
        var tunnel = Tunnel(
            TunnelConfiguration(
                authentication: .cookie,
                capabilities: [.idleTimeout, .serviceMessage],
                tunnelID: 10
            )
        )
        #expect(tunnel.receive(raw(golden[0])) == [.send(golden[1])])
        #expect(
            tunnel.receive(raw(golden[2])) == [
                .authorizeTunnel(
                    cookie: TunnelCookie(utf8: Array("SECRET-TOKEN".utf8)),
                    capabilities: Capabilities(rawValue: 0x0D)
                )
            ]
        )
        #expect(tunnel.tunnelAuthorized(TunnelTerms(idleMinutes: 30)) == [.send(golden[3])])
        #expect(tunnel.receive(raw(golden[4])) == [.send(golden[5])])
        #expect(
            tunnel.receive(raw(golden[6])) == [
                .openChannel(names: ["127.0.0.1"], port: 13_390, clientName: "vm")
            ]
        )
        #expect(tunnel.channelOpened() == [.send(golden[7]), .startRelay])
        #expect(tunnel.dataPassage == .relayed)
    }

    // MARK: Handshake

    /// What a handshake leads to.
    struct Handshake: CustomTestStringConvertible, Sendable {
        let name: String
        let server: TunnelAuthentication
        let request: HandshakeRequest
        let response: HandshakeResponse

        var testDescription: String { name }
    }

    static let handshakes = [
        Handshake(
            name: "cookie wanted, cookie offered among others",
            server: .cookie,
            request: HandshakeRequest(authentication: [.smartCard, .cookie]),
            response: HandshakeResponse(authentication: .cookie)
        ),
        Handshake(
            name: "cookie wanted, nothing offered",
            server: .cookie,
            request: HandshakeRequest(authentication: []),
            response: HandshakeResponse(status: HResult(.capabilityMismatch), authentication: .cookie)
        ),
        Handshake(
            name: "cookie wanted, NTLM offered",
            server: .cookie,
            request: HandshakeRequest(authentication: .ntlm),
            response: HandshakeResponse(
                status: HResult(.unsupportedAuthenticationMethod),
                authentication: .cookie
            )
        ),
        Handshake(
            name: "proved in the header",
            server: .header,
            request: HandshakeRequest(authentication: []),
            response: HandshakeResponse(authentication: [])
        ),
        Handshake(
            name: "proved in the header and a cookie offered",
            server: .header,
            request: HandshakeRequest(authentication: .cookie),
            response: HandshakeResponse(status: HResult(.unsupportedAuthenticationMethod))
        ),
        Handshake(
            name: "a later minor version",
            server: .cookie,
            request: HandshakeRequest(version: .init(major: 1, minor: 7), authentication: .cookie),
            response: HandshakeResponse(authentication: .cookie)
        ),
        Handshake(
            name: "another major version",
            server: .cookie,
            request: HandshakeRequest(version: .init(major: 2, minor: 0), authentication: .cookie),
            response: HandshakeResponse(status: HResult(.capabilityMismatch), authentication: .cookie)
        ),
    ]

    @Test("agrees on a version and a proof, or says why not", arguments: handshakes)
    func handshake(_ handshake: Handshake) {
        var tunnel = Tunnel(TunnelConfiguration(authentication: handshake.server))
        let actions = tunnel.receive(raw(handshake.request))
        let send = TunnelAction.send(handshake.response.encoded())
        if let error = handshake.response.status.error {
            #expect(actions == [send, .disconnect(.refused(error))])
            #expect(tunnel.phase == .closed)
        } else {
            #expect(actions == [send])
            #expect(tunnel.phase == .handshaken)
        }
    }

    // MARK: Proof

    /// What a cookie leads to.
    struct Proof: CustomTestStringConvertible, Sendable {
        let name: String
        let cookie: [UInt8]?
        let text: String?

        var testDescription: String { name }
    }

    static let proofs = [
        Proof(name: "with a NUL", cookie: utf16("ticket"), text: "ticket"),
        Proof(name: "without a NUL", cookie: utf16("ticket", terminated: false), text: "ticket"),
        Proof(name: "not ASCII", cookie: utf16("ümläut🏛️"), text: "ümläut🏛️"),
        Proof(name: "none", cookie: nil, text: nil),
        Proof(name: "empty", cookie: [], text: nil),
        Proof(name: "a NUL only", cookie: [0, 0], text: nil),
        Proof(name: "two NULs", cookie: utf16("a\0"), text: nil),
        Proof(name: "a NUL inside", cookie: utf16("a\0b"), text: nil),
        Proof(name: "half a character", cookie: utf16("ab") + [0x41], text: nil),
        Proof(name: "a lone surrogate", cookie: [0x00, 0xD8, 0x41, 0x00], text: nil),
        Proof(name: "a lone surrogate at the end", cookie: [0x41, 0x00, 0x00, 0xD8], text: nil),
    ]

    @Test("takes a cookie's text in UTF-8, or answers E_PROXY_COOKIE_BADPACKET", arguments: proofs)
    func proof(_ proof: Proof) {
        var tunnel = Tunnel.at(.handshaken)
        let packet = TunnelCreate(capabilities: .consent, cookie: proof.cookie.map { blob($0) })
        let actions = tunnel.receive(raw(packet))
        if let text = proof.text {
            let cookie = TunnelCookie(utf8: Array(text.utf8))
            #expect(actions == [.authorizeTunnel(cookie: cookie, capabilities: .consent)])
        } else {
            let response = hex("05 00 00 00 12 00 00 00 | 01 00 | f7 59 07 80 | 00 00 | 00 00")
            #expect(actions == [.send(response), .disconnect(.refused(.cookieBadPacket))])
        }
    }

    @Test("asks without a cookie when the header was the proof, and takes none then")
    func headerProof() {
        var tunnel = Tunnel(TunnelConfiguration(authentication: .header))
        _ = tunnel.receive(raw(HandshakeRequest(authentication: [])))
        var second = tunnel
        #expect(
            tunnel.receive(raw(TunnelCreate(capabilities: .consent)))
                == [.authorizeTunnel(cookie: nil, capabilities: .consent)]
        )
        let both = TunnelCreate(capabilities: .consent, cookie: blob(utf16("ticket")))
        let actions = second.receive(raw(both))
        #expect(actions.last == .disconnect(.refused(.cookieBadPacket)))
    }

    // MARK: Capabilities

    @Test("announces what both sides can do, and the idle timeout always")
    func capabilities() throws {
        for bits in UInt32(0)...0x3F {
            let client = Capabilities(rawValue: bits)
            var tunnel = Tunnel.at(.awaitingGrant, clientCapabilities: client)
            guard case .send(let bytes)? = tunnel.tunnelAuthorized(TunnelTerms(consentText: "Ja?")).first
            else {
                Issue.record("no response")
                return
            }
            let response = try TunnelResponse(body: raw(bytes).body)
            let common = client.intersection(Tunnel.everything)
            #expect(response.capabilities == common.union(.idleTimeout))
            #expect(response.consent?.text == (client.contains(.consent) ? "Ja?" : nil))
        }
    }

    @Test("says nothing that the client cannot understand")
    func restraint() {
        let tunnel = Tunnel.at(.channelOpen, clientCapabilities: [.idleTimeout, .consent])
        #expect(tunnel.serviceMessage("Hi").isEmpty)
        #expect(tunnel.requestReauthentication(context: 1).isEmpty)
        #expect(!tunnel.keepAlive().isEmpty)
        #expect(tunnel.usableCapabilities == [.idleTimeout, .consent])
        #expect(Tunnel.at(.closing).usableCapabilities.isEmpty)
    }

    @Test("clips a text that is too long for a packet")
    func longTexts() throws {
        let long = String(repeating: "ü", count: 100_000)
        guard case .send(let message)? = Tunnel.at(.channelOpen).serviceMessage(long).first else {
            Issue.record("no message")
            return
        }
        #expect(try ServiceMessage(body: raw(message).body).text.text.count == 2_047)
        var tunnel = Tunnel.at(.awaitingGrant)
        guard case .send(let bytes)? = tunnel.tunnelAuthorized(TunnelTerms(consentText: long)).first else {
            Issue.record("no response")
            return
        }
        #expect(try TunnelResponse(body: raw(bytes).body).consent?.text.count == 2_047)
    }

    // MARK: Channel

    /// A name as a client writes it, and as the owner gets it.
    struct Name: CustomTestStringConvertible, Sendable {
        let sent: String
        let meant: String

        var testDescription: String { sent }
    }

    static let names = [
        Name(sent: "rb-01.desktops.example", meant: "rb-01.desktops.example"),
        Name(sent: "rb-01:3389", meant: "rb-01"),
        Name(sent: "10.20.1.11:65535", meant: "10.20.1.11"),
        Name(sent: "[fd00::1]:3389", meant: "fd00::1"),
        Name(sent: "[fd00::1]", meant: "fd00::1"),
        Name(sent: "fd00::3389", meant: "fd00::3389"),
        Name(sent: "rb-01:", meant: "rb-01:"),
        Name(sent: "rb-01:123456", meant: "rb-01:123456"),
        Name(sent: "rb-01:33x9", meant: "rb-01:33x9"),
        Name(sent: "[fd00::1", meant: "[fd00::1"),
        Name(sent: "[fd00::1]x", meant: "[fd00::1]x"),
    ]

    @Test("takes a port off a name and leaves everything else", arguments: names)
    func name(_ name: Name) throws {
        var tunnel = Tunnel.at(.tunnelAuthorized)
        let packet = try ChannelCreate(resources: [text(name.sent)], port: 3390)
        #expect(
            tunnel.receive(raw(packet)) == [.openChannel(names: [name.meant], port: 3390, clientName: "vm")]
        )
    }

    @Test("gives the names in their order, alternates last, empty ones left out")
    func order() throws {
        var tunnel = Tunnel.at(.tunnelAuthorized)
        let packet = try ChannelCreate(
            resources: [text("b"), text(""), text("a:1")],
            alternates: [text(":3389"), text("c")],
            port: 3389
        )
        #expect(
            tunnel.receive(raw(packet))
                == [.openChannel(names: ["b", "a", "c"], port: 3389, clientName: "vm")]
        )
    }

    @Test("refuses a channel without a name")
    func nameless() throws {
        var tunnel = Tunnel.at(.tunnelAuthorized)
        let packet = try ChannelCreate(resources: [text("")], port: 3389)
        #expect(tunnel.receive(raw(packet)).last == .disconnect(.malformed(.channelCreate)))
    }

    @Test("refuses a channel that is not RDP")
    func otherProtocol() throws {
        var tunnel = Tunnel.at(.tunnelAuthorized)
        let packet = try ChannelCreate(resources: [text("a")], port: 3389, channelProtocol: 5)
        let response = hex("09 00 00 00 10 00 00 00 | e8 59 07 80 | 00 00 | 00 00")
        #expect(tunnel.receive(raw(packet)) == [.send(response), .disconnect(.refused(.notSupported))])
    }

    // MARK: Reauthentication

    @Test("renews another tunnel without ever opening a relay")
    func reauthentication() throws {
        var tunnel = Tunnel.at(.handshaken)
        let create = TunnelCreate(
            capabilities: Tunnel.everything,
            reauthenticationContext: 77,
            cookie: blob(utf16("ticket"))
        )
        let cookie = TunnelCookie(utf8: Array("ticket".utf8))
        #expect(tunnel.receive(raw(create)) == [.reauthenticate(context: 77, cookie: cookie)])
        #expect(tunnel.tunnelAuthorized(TunnelTerms()).count == 1)
        #expect(tunnel.receive(raw(TunnelAuthorization(clientName: text("vm")))).count == 1)
        let response = hex("09 00 00 00 14 00 00 00 | 00 00 00 00 | 01 00 | 00 00 | 01 00 00 00")
        #expect(tunnel.receive(Tunnel.desktop) == [.send(response), .reauthenticated(context: 77)])
        #expect(tunnel.dataPassage == .refused)
        #expect(tunnel.receive(RawPacket(.data)) == [.disconnect(.wrongState(.data))])
    }

    @Test("refuses a reauthentication as it refuses a tunnel")
    func refusedReauthentication() {
        var tunnel = Tunnel.at(.awaitingGrant, context: 77)
        let response = hex("05 00 00 00 12 00 00 00 | 01 00 | fa 59 07 80 | 00 00 | 00 00")
        #expect(
            tunnel.tunnelRefused(.reauthenticationFailed)
                == [.send(response), .disconnect(.refused(.reauthenticationFailed))]
        )
    }

    // MARK: End

    @Test("closes: our request, DATA on its way, the client's answer, silence")
    func serverCloses() {
        var tunnel = Tunnel.at(.channelOpen)
        let request = hex("10 00 00 00 0c 00 00 00 | ca 04 07 80")
        #expect(tunnel.closeChannel(.gracefulDisconnect) == [.send(request)])
        #expect(tunnel.receive(RawPacket(.data)).isEmpty)
        #expect(tunnel.closeChannel(.connectionAborted).isEmpty, "the end is told once")
        #expect(tunnel.receive(raw(CloseChannelResponse())) == [.closeAcknowledged])
        #expect(tunnel.receive(raw(CloseChannel(status: .success))).isEmpty)
    }

    @Test("closes when both sides ask at once")
    func bothClose() {
        var tunnel = Tunnel.at(.closing)
        let response = CloseChannelResponse().encoded()
        #expect(
            tunnel.receive(raw(CloseChannel(status: .success)))
                == [.send(response), .disconnect(.closedByClient)]
        )
    }

    @Test("has no use for a decision that comes after the client left")
    func lateDecision() {
        var granted = Tunnel.at(.awaitingGrant)
        _ = granted.receive(raw(CloseChannel(status: .success)))
        #expect(granted.tunnelAuthorized(TunnelTerms()).isEmpty)
        var opened = Tunnel.at(.awaitingChannel)
        opened.clientClosed()
        #expect(opened.channelOpened().isEmpty)
        #expect(opened.phase == .closed)
    }

    @Test("passes over a few packets of unknown types, not many, whatever comes between")
    func unknownFlood() {
        var tunnel = Tunnel.at(.channelOpen)
        for _ in 0..<PacketLimit.unknownPackets {
            #expect(tunnel.receive(RawPacket(rawType: 0x0E)) == [.ignored(type: 0x0E)])
            #expect(tunnel.receive(raw(KeepAlive())).isEmpty)
        }
        #expect(tunnel.receive(RawPacket(rawType: 0x0F)) == [.disconnect(.unknownPackets)])
        #expect(tunnel.phase == .closed)
    }

    @Test("refuses a KEEPALIVE with a body")
    func fatKeepAlive() {
        var tunnel = Tunnel.at(.channelOpen)
        #expect(tunnel.receive(RawPacket(.keepAlive, body: [0])) == [.disconnect(.malformed(.keepAlive))])
    }

    @Test("tells mistakes of the client from ends that are in order")
    func violations() {
        #expect(TunnelEnd.malformed(.keepAlive).isViolation)
        #expect(TunnelEnd.unknownPackets.isViolation)
        #expect(!TunnelEnd.closedByClient.isViolation)
        #expect(!TunnelEnd.refused(.cookieAccessDenied).isViolation)
    }
}
