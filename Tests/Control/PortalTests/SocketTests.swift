// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the portal on a real Unix socket, spoken to as the gate does.

import Foundation
import Glibc
import NIOCore
import NIOPosix
import ProxyProtocol
import ServiceLifecycle
import Testing

@testable import Portal

@Suite("the portal's socket")
struct SocketTests {
    /// Sends bytes and reads until the other side closes; a side that never does is told apart by `(open)`.
    private static func exchange(_ path: String, _ parts: [[UInt8]]) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    var text = ""
                    for try await part in inbound { text += String(buffer: part) }
                    return text
                }
                group.addTask {
                    for part in parts {
                        try? await outbound.write(ByteBuffer(bytes: part))
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    // Long, for a machine where every other test runs at the same time.
                    try await Task.sleep(for: .seconds(30))
                    return "(open) "
                }
                defer { group.cancelAll() }
                return try await group.next().flatMap { $0 } ?? ""
            }
        }
    }

    private static func header() throws -> [UInt8] {
        let source = try #require(ProxyEndpoint(address: [192, 0, 2, 7], port: 50_000))
        return try ProxyHeader(
            addresses: ProxyAddresses(source: source, destination: source),
            correlation: [UInt8](repeating: 0xCD, count: 16)
        ).encoded()
    }

    private func serve(
        allowing peers: Set<UInt32>?,
        _ body: @Sendable @escaping (String) async throws -> Void
    ) async throws {
        let rig = PortalRig()
        let path = "/tmp/torhaus-portal-\(UInt32.random(in: 0 ... .max)).sock"
        let portal = PortalApplication(
            address: .unix(path: path),
            allowedPeers: peers,
            settings: { rig.settings },
            access: rig.access,
            webSessions: rig.store,
            signIn: rig.signIn,
            signer: { nil },
            health: { true },
            resources: try PortalResources(),
            logger: rig.log.logger
        )
        let group = ServiceGroup(configuration: .init(services: [portal], logger: rig.log.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for _ in 0..<100 where access(path, F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
            do {
                try await body(path)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        unlink(path)
    }

    private static func request(_ line: String, _ more: String = "") -> [UInt8] {
        Array("\(line) HTTP/1.1\r\nHost: gate.example\r\n\(more)\r\n".utf8)
    }

    @Test("serves the gate, and nobody without its header")
    func serves() async throws {
        try await serve(allowing: [getuid()]) { path in
            let page = try await Self.exchange(
                path,
                [try Self.header() + Self.request("GET /sign-in", "Connection: close\r\n")]
            )
            #expect(page.hasPrefix("HTTP/1.1 200 OK"))
            #expect(page.contains("id=\"sign-in\""))
            let bare = try await Self.exchange(path, [Self.request("GET /sign-in")])
            #expect(bare == "")
        }
    }

    @Test("closes on a peer that is not the gate")
    func stranger() async throws {
        try await serve(allowing: [getuid() + 1]) { path in
            let page = try? await Self.exchange(path, [try Self.header() + Self.request("GET /sign-in")])
            #expect(page ?? "" == "")
        }
    }

    @Test("sends gateway clients to another connection, at once or later")
    func misdirected() async throws {
        try await serve(allowing: [getuid()]) { path in
            let gateway = Self.request("RDG_OUT_DATA /remoteDesktopGateway/")
            let first = try await Self.exchange(path, [try Self.header() + gateway])
            #expect(first.hasPrefix("HTTP/1.1 421 "))
            let later = try await Self.exchange(
                path,
                [try Self.header() + Self.request("GET /hilfe"), gateway]
            )
            #expect(later.hasPrefix("HTTP/1.1 200 OK"))
            #expect(later.contains("HTTP/1.1 421 "))
            let desktop = Self.request("GET /desktop/0123456789ABCDEFGHJKMNPQRS", "Upgrade: websocket\r\n")
            let browser = try await Self.exchange(path, [try Self.header() + desktop])
            #expect(browser.hasPrefix("HTTP/1.1 421 "))
            #expect(browser.lowercased().contains("connection: close"))
        }
    }

    @Test("ends a connection whose request is too large or broken")
    func broken() async throws {
        try await serve(allowing: [getuid()]) { path in
            let headers = (0..<200).map { "X-\($0): y\r\n" }.joined()
            let many = try await Self.exchange(path, [try Self.header() + Self.request("GET /", headers)])
            #expect(many.hasPrefix("HTTP/1.1 400 "))
            let long = "X: \(String(repeating: "y", count: 20_000))\r\n"
            let large = try await Self.exchange(path, [try Self.header() + Self.request("GET /", long)])
            #expect(large.hasPrefix("HTTP/1.1 400 "))
            let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99999999\r\n"
            let body = try await Self.exchange(
                path,
                [try Self.header() + Self.request("POST /sign-in", form)]
            )
            #expect(body.hasPrefix("HTTP/1.1 413 "))
        }
    }
}
