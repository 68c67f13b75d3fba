// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every message comes back from its frame, and from nothing but its whole frame.

import ByteCoding
import DaemonMessages
import Testing

@Suite("Coding of messages")
struct CodingTests {
    @Test("every message comes back", arguments: 0..<60 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomMessages(seed: seed)
        for message in random.gateToControl() {
            #expect(try GateToControl(frame: rest(message.encoded())) == message)
        }
        for message in random.controlToGate() {
            #expect(try ControlToGate(frame: rest(message.encoded())) == message)
        }
        for message in random.signInRequests() {
            #expect(try SignInRequest(frame: rest(message.encoded())) == message)
        }
        for message in random.signInReplies() {
            #expect(try SignInReply(frame: rest(message.encoded())) == message)
        }
        let request = random.operatorRequest()
        #expect(try OperatorRequest(frame: rest(request.encoded())) == request)
        let reply = random.operatorReply()
        #expect(try OperatorReply(frame: rest(reply.encoded())) == reply)
    }

    @Test("every number of an enum has a place on the wire")
    func choices() throws {
        let session = try #require(SessionID(bytes: [UInt8](repeating: 7, count: 16)))
        for code in RefusalCode.allCases {
            let message = ControlToGate.refused(request: 1, Refusal(code: code, reference: "", text: ""))
            #expect(try ControlToGate(frame: rest(message.encoded())) == message)
        }
        for reason in TerminationReason.allCases {
            let message = ControlToGate.terminate(session, reason: reason)
            #expect(try ControlToGate(frame: rest(message.encoded())) == message)
        }
        for meaning in SignInPrompt.Meaning.allCases {
            let message = SignInReply.prompts([SignInPrompt(style: .info, meaning: meaning, text: "")])
            #expect(try SignInReply(frame: rest(message.encoded())) == message)
        }
        for factor in SignInFactor.allCases {
            let message = success(factor)
            #expect(try SignInReply(frame: rest(message.encoded())) == message)
        }
    }

    @Test("a number that is no second factor makes no success", arguments: [5, 0x7F, 0xFF] as [UInt8])
    func unknownFactor(number: UInt8) {
        var frame = rest(success(.webauthn).encoded())
        #expect(frame.last == SignInFactor.webauthn.rawValue)
        frame[frame.count - 1] = number
        #expect(throws: DecodeError.unexpected(UInt32(number))) { try SignInReply(frame: frame) }
    }

    @Test("a second factor has one word, and only that word")
    func words() {
        #expect(SignInFactor.allCases.map(\.word) == ["none", "totp", "push", "webauthn", "smartcard"])
        #expect(SignInFactor.allCases.allSatisfy { SignInFactor(word: $0.word) == $0 })
        for word in ["", "otp", "WebAuthn", "webauthn ", "webauthn\n", "3"] {
            #expect(SignInFactor(word: word) == nil)
        }
    }

    private func success(_ factor: SignInFactor) -> SignInReply {
        .succeeded(
            SignInSuccess(
                identity: SignInIdentity(user: "u", displayName: "", groups: []),
                passwordChanged: false,
                secondFactor: factor
            )
        )
    }

    struct Golden: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var actual: [UInt8]
        var expected: [UInt8]
    }

    @Test(
        "frames have the bytes of the protocol",
        arguments: [
            Golden(
                testDescription: "ping",
                actual: GateToControl.ping(0x0102_0304).encoded(),
                expected: [6, 0, 0, 0, 1, 0x07, 4, 3, 2, 1]
            ),
            Golden(
                testDescription: "hello",
                actual: GateToControl.hello(GateHello(version: "1.0", liveSessions: [])).encoded(),
                expected: [9, 0, 0, 0, 1, 0x01, 3, 0, 0x31, 0x2E, 0x30, 0, 0]
            ),
            Golden(
                testDescription: "pong",
                actual: ControlToGate.pong(1).encoded(),
                expected: [6, 0, 0, 0, 1, 0x49, 1, 0, 0, 0]
            ),
            Golden(
                testDescription: "refusal",
                actual: ControlToGate.refused(
                    request: 2,
                    Refusal(code: .alreadyConnected, reference: "R-1", text: "ä")
                ).encoded(),
                expected: [16, 0, 0, 0, 1, 0x44, 2, 0, 0, 0, 7, 3, 0, 0x52, 0x2D, 0x31, 2, 0, 0xC3, 0xA4]
            ),
            Golden(
                testDescription: "answers",
                actual: SignInRequest.answer([[1, 2], []]).encoded(),
                expected: [10, 0, 0, 0, 1, 0x82, 2, 0, 2, 0, 1, 2, 0, 0]
            ),
            Golden(
                testDescription: "no such user",
                actual: SignInReply.groups(nil).encoded(),
                expected: [3, 0, 0, 0, 1, 0xA4, 0]
            ),
            Golden(
                testDescription: "success with a smart card",
                actual: SignInReply.succeeded(
                    SignInSuccess(
                        identity: SignInIdentity(user: "u", displayName: "", groups: []),
                        passwordChanged: false,
                        secondFactor: .smartcard
                    )
                ).encoded(),
                expected: [11, 0, 0, 0, 1, 0xA2, 1, 0, 0x75, 0, 0, 0, 0, 0, 4]
            ),
            Golden(
                testDescription: "operator's request",
                actual: OperatorRequest(verb: "status").encoded(),
                expected: [12, 0, 0, 0, 1, 0xC1, 6, 0] + Array("status".utf8) + [0, 0]
            ),
            Golden(
                testDescription: "operator's request through root",
                actual: OperatorRequest(verb: "status", claimed: "anna").encoded(),
                expected: [18, 0, 0, 0, 1, 0xC2, 6, 0] + Array("status".utf8) + [0, 0, 4, 0]
                    + Array("anna".utf8)
            ),
            Golden(
                testDescription: "operator's reply",
                actual: OperatorReply(succeeded: true, text: "ok").encoded(),
                expected: [7, 0, 0, 0, 1, 0xD1, 1, 2, 0, 0x6F, 0x6B]
            ),
        ]
    )
    func golden(golden: Golden) {
        #expect(golden.actual == golden.expected)
    }

    @Test("answers are overwritten, and nothing of them is left to pass on")
    func wiping() {
        var request = SignInRequest.answer([Array("Geheim-1".utf8), []])
        request.wipe()
        #expect(request == .abandon)
        var other = SignInRequest.lookUpGroups(user: "erika")
        other.wipe()
        #expect(other == .lookUpGroups(user: "erika"))
    }

    // MARK: Faults

    @Test("a frame that is cut short, or goes on, is no message", arguments: 0..<4 as Range<UInt64>)
    func cutOrLonger(seed: UInt64) {
        var random = RandomMessages(seed: seed)
        for message in random.gateToControl() {
            expectWhole(rest(message.encoded())) { (frame) throws(DecodeError) in
                _ = try GateToControl(frame: frame)
            }
        }
        for message in random.controlToGate() {
            expectWhole(rest(message.encoded())) { (frame) throws(DecodeError) in
                _ = try ControlToGate(frame: frame)
            }
        }
        for message in random.signInRequests() {
            expectWhole(rest(message.encoded())) { (frame) throws(DecodeError) in
                _ = try SignInRequest(frame: frame)
            }
        }
        for message in random.signInReplies() {
            expectWhole(rest(message.encoded())) { (frame) throws(DecodeError) in
                _ = try SignInReply(frame: frame)
            }
        }
        expectWhole(rest(random.operatorRequest().encoded())) { (frame) throws(DecodeError) in
            _ = try OperatorRequest(frame: frame)
        }
        expectWhole(rest(random.operatorReply().encoded())) { (frame) throws(DecodeError) in
            _ = try OperatorReply(frame: frame)
        }
    }

    @Test("another version, an unknown kind and another direction's kind are refused")
    func versionAndKind() {
        var frame = rest(GateToControl.ping(1).encoded())
        #expect(throws: DecodeError.unexpected(0x07)) { try ControlToGate(frame: frame) }
        #expect(throws: DecodeError.unexpected(0x07)) { try SignInRequest(frame: frame) }
        #expect(throws: DecodeError.unexpected(0x07)) { try OperatorReply(frame: frame) }
        frame[0] = 2
        #expect(throws: DecodeError.unexpected(2)) { try GateToControl(frame: frame) }
        frame[0] = 1
        frame[1] = 0xFF
        #expect(throws: DecodeError.unexpected(0xFF)) { try GateToControl(frame: frame) }
        #expect(throws: DecodeError.unexpected(0x49)) {
            try GateToControl(frame: rest(ControlToGate.pong(1).encoded()))
        }
        #expect(throws: DecodeError.truncated(needed: 1, available: 0)) { try GateToControl(frame: []) }
        #expect(throws: DecodeError.truncated(needed: 1, available: 0)) { try GateToControl(frame: [1]) }
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var frame: [UInt8]
        var error: DecodeError
    }

    @Test(
        "replies with a field out of its bounds are refused",
        arguments: [
            Refused(testDescription: "two is no Bool", frame: [1, 0xA4, 2], error: .unexpected(2)),
            Refused(
                testDescription: "unknown code",
                frame: [1, 0xA3, 9, 0, 0, 0, 0],
                error: .unexpected(9)
            ),
            Refused(
                testDescription: "unknown style",
                frame: [1, 0xA1, 1, 0, 0, 0, 0, 0],
                error: .unexpected(0)
            ),
            Refused(
                testDescription: "too many prompts",
                frame: [1, 0xA1, 33, 0],
                error: .oversize(length: 33, limit: 32)
            ),
            Refused(
                testDescription: "prompt too long, before it is there",
                frame: [1, 0xA1, 1, 0, 1, 0, 1, 2],
                error: .oversize(length: 513, limit: 512)
            ),
            Refused(
                testDescription: "text is not UTF-8",
                frame: [1, 0xA1, 1, 0, 1, 0, 1, 0, 0xFF],
                error: .invalid(field: "utf8")
            ),
            Refused(
                testDescription: "frame above the limit",
                frame: [UInt8](repeating: 1, count: 65_537),
                error: .oversize(length: 65_537, limit: 65_536)
            ),
        ]
    )
    func refused(refused: Refused) {
        #expect(throws: refused.error) { try SignInReply(frame: refused.frame) }
    }

    @Test("a certificate hash has 32 bytes")
    func certificateHash() {
        var random = RandomMessages(seed: 1)
        var client = random.client()
        client.certificate = .verified(subject: "CN=a", sha256: [1, 2, 3])
        let message = GateToControl.authorizeTunnel(
            request: 1,
            AuthorizeTunnel(client: client, credential: .ticket([]), purpose: .openSession)
        )
        #expect(throws: DecodeError.invalid(field: "certificate hash")) {
            try GateToControl(frame: rest(message.encoded()))
        }
    }

    private func rest(_ encoded: [UInt8]) -> [UInt8] { Array(encoded.dropFirst(FrameLimits.lengthBytes)) }

    private func expectWhole(_ frame: [UInt8], _ read: ([UInt8]) throws(DecodeError) -> Void) {
        for count in 0..<frame.count {
            #expect(throws: DecodeError.self, "after \(count) bytes") { try read(Array(frame.prefix(count))) }
        }
        #expect(throws: DecodeError.trailing(1)) { try read(frame + [0]) }
        #expect(throws: Never.self) { try read(frame) }
    }
}
