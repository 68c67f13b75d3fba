// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what senders do with fields that are too long, and what descriptions show.

import ByteCoding
import DaemonMessages
import Testing

@Suite("Limits of messages")
struct LimitTests {
    private let long = String(repeating: "ü", count: 70_000)
    private let longBytes = [UInt8](repeating: 0x53, count: 70_000)

    @Test("the longest messages fit into a frame and are read")
    func longest() throws {
        var random = RandomMessages(seed: 3)
        let session = random.session()
        var client = random.client()
        client.tlsVersion = long
        client.serverName = long
        client.userAgent = long
        client.clientName = long
        client.certificate = .verified(subject: long, sha256: [UInt8](repeating: 1, count: 32))
        let names = [String](repeating: long, count: 60)
        let gate: [GateToControl] = [
            .hello(GateHello(version: long, liveSessions: [SessionID](repeating: session, count: 9000))),
            .authorizeTunnel(
                request: 1,
                AuthorizeTunnel(client: client, credential: .ticket(longBytes), purpose: .openSession)
            ),
            .authorizeTunnel(
                request: 1,
                AuthorizeTunnel(
                    client: client,
                    credential: .basic(user: long, secret: longBytes),
                    purpose: .reauthenticate(session)
                )
            ),
            .openSession(
                request: 1,
                OpenSession(
                    client: client,
                    ticket: longBytes,
                    desktopProtocol: .rdp,
                    requestedNames: names,
                    requestedPort: 1,
                    predecessor: .none
                )
            ),
            .sessionStarted(SessionStarted(session: session, connectedTo: long)),
        ]
        for message in gate {
            _ = try GateToControl(frame: frame(message.encoded()))
        }
        let endpoints = [DesktopEndpoint](repeating: DesktopEndpoint(host: long, port: 1), count: 100)
        let control: [ControlToGate] = [
            .tunnelGranted(
                request: 1,
                TunnelGrant(ticket: longBytes, redirection: 0, idleMinutes: 0, consentText: long)
            ),
            .sessionGranted(
                request: 1,
                SessionGrant(
                    session: session,
                    endpoints: endpoints,
                    idleSeconds: 0,
                    remainingSeconds: 0,
                    resumes: false
                )
            ),
            .refused(request: 1, Refusal(code: .unavailable, reference: long, text: long)),
            .serviceMessage(session, text: long),
        ]
        for message in control {
            _ = try ControlToGate(frame: frame(message.encoded()))
        }
        let prompt = SignInPrompt(style: .hidden, meaning: .password, text: long)
        let identity = SignInIdentity(
            user: long,
            displayName: long,
            groups: [String](repeating: String(repeating: "g", count: 256), count: 300)
        )
        _ = try SignInReply(
            frame: frame(SignInReply.prompts([SignInPrompt](repeating: prompt, count: 99)).encoded())
        )
        _ = try SignInReply(frame: frame(SignInReply.groups(identity).encoded()))
        _ = try SignInRequest(
            frame: frame(SignInRequest.answer([[UInt8]](repeating: longBytes, count: 99)).encoded())
        )
        _ = try OperatorRequest(
            frame: frame(OperatorRequest(verb: long, arguments: names, claimed: long).encoded())
        )
        _ = try OperatorReply(frame: frame(OperatorReply(succeeded: true, text: long).encoded()))
    }

    @Test("a text is cut between letters, and stays when it just fits")
    func cutting() throws {
        let fits = String(repeating: "a", count: FrameLimits.reference - 2) + "ü"
        #expect(try reference(fits) == fits)
        #expect(try reference("a" + fits) == "a" + fits.dropLast())
        #expect(try reference("a\u{308}" + fits) == "a\u{308}" + fits.dropLast(2))
    }

    @Test("a group whose name is too long is left out, not cut")
    func groups() throws {
        let long = String(repeating: "g", count: FrameLimits.group + 1)
        let identity = SignInIdentity(user: "u", displayName: "", groups: ["a", long, "b"])
        let read = try SignInReply(frame: frame(SignInReply.groups(identity).encoded()))
        #expect(read == .groups(SignInIdentity(user: "u", displayName: "", groups: ["a", "b"])))
    }

    @Test("no description of a message shows a secret")
    func redaction() {
        var random = RandomMessages(seed: 5)
        let client = random.client()
        let secret = Array("SECRET".utf8)
        let shown: [Any] = [
            GateToControl.authorizeTunnel(
                request: 1,
                AuthorizeTunnel(client: client, credential: .ticket(secret), purpose: .openSession)
            ),
            TunnelCredential.basic(user: "SECRET", secret: secret),
            GateToControl.openSession(
                request: 1,
                OpenSession(
                    client: client,
                    ticket: secret,
                    desktopProtocol: .vnc,
                    requestedNames: [],
                    requestedPort: 0,
                    predecessor: .none
                )
            ),
            ControlToGate.tunnelGranted(
                request: 1,
                TunnelGrant(ticket: secret, redirection: 0, idleMinutes: 0)
            ),
            SignInRequest.answer([secret]),
        ]
        for value in shown {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("SECRET"))
                #expect(!text.contains("83, 69, 67"), "as numbers")
                #expect(!text.contains("- 83"), "as numbers of a dump")
            }
            #expect("\(value)".contains("redacted"))
        }
    }

    private func reference(_ text: String) throws -> String {
        let message = ControlToGate.refused(
            request: 1,
            Refusal(code: .unavailable, reference: text, text: "")
        )
        guard case .refused(_, let refusal) = try ControlToGate(frame: frame(message.encoded())) else {
            return "another message"
        }
        return refusal.reference
    }

    private func frame(_ encoded: [UInt8]) -> [UInt8] { Array(encoded.dropFirst(FrameLimits.lengthBytes)) }
}
