// SPDX-License-Identifier: EUPL-1.2
// Torhaus: messages with random content, the same for the same seed.

import ByteCoding
import DaemonMessages

/// Makes messages of every case.
struct RandomMessages {
    private var numbers: RepeatableNumbers

    init(seed: UInt64) {
        numbers = RepeatableNumbers(seed: seed)
    }

    // MARK: Messages

    mutating func gateToControl() -> [GateToControl] {
        [
            .hello(GateHello(version: text(64), liveSessions: list(5) { $0.session() })),
            .authorizeTunnel(
                request: number(),
                AuthorizeTunnel(client: client(), credential: .ticket(bytes(0...50)), purpose: .openSession)
            ),
            .authorizeTunnel(
                request: number(),
                AuthorizeTunnel(
                    client: client(),
                    credential: .basic(user: text(100), secret: bytes(0...60)),
                    purpose: .reauthenticate(session())
                )
            ),
            .openSession(
                request: number(),
                OpenSession(
                    client: client(),
                    ticket: bytes(0...40),
                    desktopProtocol: choice(),
                    requestedNames: list(4) { $0.text(100) },
                    requestedPort: number(),
                    predecessor: choice()
                )
            ),
            .sessionStarted(SessionStarted(session: session(), connectedTo: text(64))),
            .sessionEnded(
                SessionEnded(
                    session: session(),
                    reason: choice(),
                    bytesToClient: number(),
                    bytesToDesktop: number(),
                    durationMilliseconds: number(),
                    endedAt: number()
                )
            ),
            .incident(
                GateIncident(
                    kind: choice(),
                    address: address(),
                    correlation: correlation(),
                    count: number(),
                    detail: text(128)
                )
            ),
            .ping(number()),
        ]
    }

    mutating func controlToGate() -> [ControlToGate] {
        [
            .welcome(protocolVersion: number()),
            .tunnelGranted(
                request: number(),
                TunnelGrant(
                    ticket: bytes(0...50),
                    redirection: number(),
                    idleMinutes: number(),
                    consentText: text(200)
                )
            ),
            .sessionGranted(
                request: number(),
                SessionGrant(
                    session: session(),
                    endpoints: list(4) { DesktopEndpoint(host: $0.text(60), port: $0.number()) },
                    idleSeconds: number(),
                    remainingSeconds: number(),
                    reauthenticateSeconds: number(),
                    resumes: bool()
                )
            ),
            .refused(request: number(), Refusal(code: choice(), reference: text(32), text: text(200))),
            .sessionEndRecorded(session()),
            .terminate(session(), reason: choice()),
            .serviceMessage(session(), text: text(200)),
            .reauthenticate(session(), withinSeconds: number()),
            .pong(number()),
        ]
    }

    mutating func signInRequests() -> [SignInRequest] {
        [
            .begin(SignInBegin(user: text(64), remoteHost: text(64), correlation: correlation())),
            .answer(list(4) { $0.bytes(0...40) }),
            .abandon,
            .lookUpGroups(user: text(64)),
        ]
    }

    mutating func signInReplies() -> [SignInReply] {
        [
            .prompts(list(4) { SignInPrompt(style: $0.choice(), meaning: $0.choice(), text: $0.text(100)) }),
            .succeeded(SignInSuccess(identity: identity(), passwordChanged: bool(), secondFactor: choice())),
            .failed(SignInFailure(code: choice(), retryAfterSeconds: number())),
            .passwordChanged(identity()),
            .groups(identity()),
            .groups(nil),
        ]
    }

    mutating func operatorRequest() -> OperatorRequest {
        OperatorRequest(verb: text(20), arguments: list(4) { $0.text(100) }, claimed: bool() ? text(30) : "")
    }

    mutating func operatorReply() -> OperatorReply {
        OperatorReply(succeeded: bool(), text: text(500))
    }

    // MARK: Parts

    mutating func session() -> SessionID { sure(SessionID(bytes: bytes(16...16))) }

    mutating func correlation() -> CorrelationID { sure(CorrelationID(bytes: bytes(16...16))) }

    mutating func address() -> ClientAddress { sure(ClientAddress(bytes: bytes(16...16), port: number())) }

    mutating func identity() -> SignInIdentity {
        SignInIdentity(user: text(64), displayName: text(64), groups: list(5) { $0.text(40) })
    }

    mutating func client() -> ClientContext {
        let certificates: [ClientCertificate] = [
            .none, .verified(subject: text(100), sha256: bytes(32...32)), .failed(reason: text(60)),
        ]
        return ClientContext(
            address: address(),
            correlation: correlation(),
            tlsVersion: text(16),
            serverName: text(60),
            certificate: sure(certificates.randomElement(using: &numbers)),
            transport: choice(),
            userAgent: text(100),
            clientName: text(60)
        )
    }

    mutating func text(_ longest: Int) -> String {
        let letters: [Character] = ["a", "Z", "0", " ", "-", "ä", "ß", "€", "\u{1F600}", "\n", "\u{0}"]
        var text = ""
        let count = Int.random(in: 0...longest, using: &numbers)
        while text.utf8.count + 4 <= count {
            text.append(sure(letters.randomElement(using: &numbers)))
        }
        return text
    }

    mutating func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: count, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    }

    mutating func number<Number: FixedWidthInteger>() -> Number {
        Number(truncatingIfNeeded: numbers.next())
    }

    mutating func bool() -> Bool { Bool.random(using: &numbers) }

    mutating func choice<Choice: CaseIterable>() -> Choice {
        sure(Choice.allCases.randomElement(using: &numbers))
    }

    mutating func list<Element>(_ most: Int, _ element: (inout RandomMessages) -> Element) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<Int.random(in: 0...most, using: &numbers) {
            elements.append(element(&self))
        }
        return elements
    }

    /// What cannot be nil here: the lists are not empty, and the byte strings have 16 bytes.
    private func sure<Value>(_ value: Value?) -> Value {
        guard let value else { preconditionFailure("a random message could not be made") }
        return value
    }
}
