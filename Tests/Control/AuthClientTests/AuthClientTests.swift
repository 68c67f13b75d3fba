// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the client against a scripted service on a real Unix socket.

import DaemonMessages
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import AuthClient

/// What the scripted service does when a request comes.
private enum Step: Sendable {
    case reply([SignInReply])
    case bytes([UInt8])
    case close
    case silence
}

/// Takes one step for each request, and remembers the requests.
private final class ScriptHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private var steps: [Step]
    private var assembler = FrameAssembler()
    private let seen: @Sendable (SignInRequest?) -> Void

    init(_ steps: [Step], seen: @escaping @Sendable (SignInRequest?) -> Void) {
        self.steps = steps
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        assembler.append(unwrapInboundIn(data).readableBytesView)
        while let frame = try? assembler.next() {
            seen(try? SignInRequest(frame: frame))
            guard !steps.isEmpty else { return }
            switch steps.removeFirst() {
            case .reply(let replies):
                for each in replies { send(each.encoded(), context) }
            case .bytes(let bytes): send(bytes, context)
            case .close: context.close(promise: nil)
            case .silence: break
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { seen(nil) }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
    }
}

/// A service that plays the same script on each connection.
private struct ScriptedService {
    let path: String
    private let channel: any Channel
    /// Requests in order; nil is the end of a connection.
    let requests: AsyncStream<SignInRequest?>

    init(_ steps: Step...) async throws { try await self.init(steps) }

    init(_ steps: [Step]) async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("tc-\(UUID().uuidString)").path
        let (stream, continuation) = AsyncStream.makeStream(of: SignInRequest?.self)
        requests = stream
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.pipeline.addHandler(ScriptHandler(steps) { continuation.yield($0) })
            }
            .bind(unixDomainSocketPath: path)
            .get()
    }

    func stop() async throws {
        try await channel.close()
        try? FileManager.default.removeItem(atPath: path)
    }
}

@Suite("The client of the sign-in service")
struct AuthClientTests {
    private let begin: SignInBegin
    private let question = SignInPrompt(style: .hidden, meaning: .password, text: "Password:")
    private let info = SignInPrompt(style: .info, meaning: .accountMessage, text: "3 days left")
    private let success = SignInReply.succeeded(
        SignInSuccess(
            identity: SignInIdentity(user: "anna", displayName: "Anna", groups: ["a", "b"]),
            passwordChanged: false,
            secondFactor: .totp
        )
    )

    init() throws {
        let correlation = try #require(CorrelationID(bytes: [UInt8](repeating: 1, count: 16)))
        begin = SignInBegin(user: "anna", remoteHost: "192.0.2.1", correlation: correlation)
    }

    private func code(_ body: () async throws -> Void) async -> AuthClientError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? AuthClientError)?.code
        }
    }

    @Test("carries a conversation to its end and closes the connection")
    func conversation() async throws {
        let service = try await ScriptedService(.reply([.prompts([question])]), .reply([success]))
        let client = AuthClient(socketPath: service.path)
        let (conversation, first) = try await client.begin(begin)
        #expect(first == .prompts([question]))
        #expect(try await conversation.answer([[0x61]]) == success)
        var requests = service.requests.makeAsyncIterator()
        #expect(await requests.next() == .begin(begin))
        #expect(await requests.next() == .answer([[0x61]]))
        let last = await requests.next()
        #expect(last == .some(nil))
        #expect(await code { _ = try await conversation.answer([[0x62]]) } == .outOfTurn)
        try await service.stop()
    }

    @Test("messages without a question wait for the next one")
    func messages() async throws {
        let service = try await ScriptedService(
            .reply([.prompts([info]), .prompts([info]), .prompts([question])]),
            .reply([.prompts([info]), success])
        )
        let (conversation, first) = try await AuthClient(socketPath: service.path).begin(begin)
        #expect(first == .prompts([info, info, question]))
        #expect(try await conversation.answer([[]]) == success)
        #expect(await conversation.messages() == [info])
        #expect(await conversation.messages() == [])
        try await service.stop()
    }

    @Test("a changed password is told once, whatever comes after it")
    func changedPassword() async throws {
        let identity = SignInIdentity(user: "anna", displayName: "Anna", groups: ["a"])
        let failed = SignInReply.failed(SignInFailure(code: .unavailable, retryAfterSeconds: 0))
        let service = try await ScriptedService(
            .reply([.prompts([question])]),
            .reply([.passwordChanged(identity), .prompts([info]), .prompts([question])]),
            .reply([failed])
        )
        let (conversation, _) = try await AuthClient(socketPath: service.path).begin(begin)
        #expect(await conversation.changedPassword() == nil)
        #expect(try await conversation.answer([[0x61]]) == .prompts([info, question]))
        #expect(await conversation.changedPassword() == identity)
        #expect(await conversation.changedPassword() == nil)
        #expect(try await conversation.answer([[0x61]]) == failed)
        #expect(await conversation.changedPassword() == nil)
        try await service.stop()
    }

    @Test("a changed password is told even when the service dies after it", arguments: [true, false])
    func changedAndGone(withQuestion: Bool) async throws {
        let identity = SignInIdentity(user: "anna", displayName: "Anna", groups: ["a"])
        let last = Step.reply([.passwordChanged(identity), .groups(nil)])
        let steps = withQuestion ? [Step.reply([.prompts([question])]), last] : [last]
        let service = try await ScriptedService(steps)
        let (conversation, first) = try await AuthClient(socketPath: service.path).begin(begin)
        if withQuestion {
            #expect(await conversation.answerOrUnavailable([[0x61]]) == .unavailable)
        } else {
            #expect(first == .unavailable)
        }
        #expect(await conversation.changedPassword() == identity)
        try await service.stop()
    }

    @Test("a reply that came unasked is the next reply")
    func unasked() async throws {
        let timedOut = SignInReply.failed(SignInFailure(code: .timedOut, retryAfterSeconds: 0))
        let service = try await ScriptedService(.reply([.prompts([question]), timedOut]), .silence)
        let (conversation, _) = try await AuthClient(socketPath: service.path).begin(begin)
        #expect(try await conversation.answer([[0x61]]) == timedOut)
        try await service.stop()
    }

    @Test("asks for groups on a connection of its own")
    func groups() async throws {
        let identity = SignInIdentity(user: "anna", displayName: "", groups: ["x"])
        let service = try await ScriptedService(.reply([.groups(identity)]))
        let client = AuthClient(socketPath: service.path)
        #expect(try await client.lookUpGroups("anna") == identity)
        var requests = service.requests.makeAsyncIterator()
        #expect(await requests.next() == .lookUpGroups(user: "anna"))
        #expect(await requests.next() == .some(nil))
        try await service.stop()
        let unknown = try await ScriptedService(.reply([.groups(nil)]))
        #expect(try await AuthClient(socketPath: unknown.path).lookUpGroups("bert") == nil)
        try await unknown.stop()
    }

    struct Trouble: CustomTestStringConvertible, Sendable {
        let testDescription: String
        fileprivate let step: Step
        let code: AuthClientError.Code
    }

    @Test(
        "trouble is one error with a code",
        arguments: [
            Trouble(testDescription: "closed", step: .close, code: .unavailable),
            Trouble(testDescription: "silent", step: .silence, code: .timedOut),
            Trouble(
                testDescription: "no frame",
                step: .bytes([9, 0, 0, 0, 1, 200, 0, 0, 0, 0, 0, 0, 0]),
                code: .protocolViolation
            ),
            Trouble(
                testDescription: "too long",
                step: .bytes([255, 255, 255, 127]),
                code: .protocolViolation
            ),
            Trouble(testDescription: "another reply", step: .reply([.groups(nil)]), code: .protocolViolation),
        ]
    )
    func trouble(_ each: Trouble) async throws {
        let service = try await ScriptedService(each.step)
        let client = AuthClient(socketPath: service.path, replySeconds: 1)
        #expect(await code { _ = try await client.begin(begin) } == each.code)
        let (conversation, reply) = await client.beginOrUnavailable(begin)
        #expect(conversation == nil && reply == .unavailable)
        try await service.stop()
    }

    @Test("no service is unavailable at once")
    func nobody() async {
        let client = AuthClient(socketPath: "/does/not/exist.sock")
        #expect(await code { _ = try await client.begin(begin) } == .unavailable)
        #expect(await code { _ = try await client.lookUpGroups("anna") } == .unavailable)
    }

    @Test("a service that dies while a person types is unavailable")
    func diesWhileTyping() async throws {
        let service = try await ScriptedService(.reply([.prompts([question])]), .close)
        let (conversation, _) = try await AuthClient(socketPath: service.path).begin(begin)
        #expect(await conversation.answerOrUnavailable([[0x61]]) == .unavailable)
        try await service.stop()
    }

    @Test("abandoning closes the connection, any number of times; so does forgetting")
    func abandon() async throws {
        let service = try await ScriptedService(.reply([.prompts([question])]))
        let client = AuthClient(socketPath: service.path)
        var requests = service.requests.makeAsyncIterator()
        do {
            let (conversation, _) = try await client.begin(begin)
            await conversation.abandon()
            await conversation.abandon()
            #expect(await requests.next() == .begin(begin))
            #expect(await requests.next() == .some(nil))
            #expect(await code { _ = try await conversation.answer([[0x61]]) } == .outOfTurn)
        }
        do { _ = try await client.begin(begin) }
        #expect(await requests.next() == .begin(begin))
        #expect(await requests.next() == .some(nil))
        try await service.stop()
    }
}
