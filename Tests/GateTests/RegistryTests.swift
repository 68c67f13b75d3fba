// SPDX-License-Identifier: EUPL-1.2
// Torhaus: who carries which session, and who may come in at all.

import DaemonMessages
import LinuxKit
import Testing

@testable import Gate

@Suite("Registry, pairing and limits")
struct RegistryTests {
    private func address(_ loop: Int, _ index: Int) -> LoopAddress {
        LoopAddress(loop: loop, connection: ConnectionID(index: index, generation: 3))
    }

    private func session(_ byte: UInt8) throws -> SessionID {
        try #require(SessionID(bytes: [UInt8](repeating: byte, count: 16)))
    }

    @Test("a reconnect learns of its predecessor, and the predecessor's end does not remove it")
    func replaced() throws {
        let registry = SessionRegistry()
        let id = try session(1)
        let ticket = TicketKey(ticket: [1, 2, 3])
        #expect(registry.enter(id, ticket: ticket, at: address(0, 1)) == nil)
        #expect(registry.enter(id, ticket: ticket, at: address(1, 2)) == address(0, 1))
        registry.leave(id, ticket: ticket, at: address(0, 1))
        #expect(registry.connection(of: id) == address(1, 2))
        #expect(registry.connection(of: ticket) == address(1, 2))
        registry.leave(id, ticket: ticket, at: address(1, 2))
        #expect(registry.connection(of: id) == nil)
        #expect(registry.connection(of: ticket) == nil)
    }

    @Test("a reauthentication number is good for its session and once")
    func reauthentication() throws {
        let registry = SessionRegistry()
        let id = try session(2)
        registry.expectReauthentication(77, of: id)
        #expect(registry.session(forReauthentication: 78) == nil)
        #expect(registry.session(forReauthentication: 77) == id)
        #expect(registry.endReauthentication(77) == id)
        #expect(registry.endReauthentication(77) == nil)
    }

    @Test("a connection id pairs only with the same address and the same proof")
    func pairing() {
        let table = PairingTable()
        let key = PairingKey(connectionID: "{a}", address: [1], credentials: [9])
        #expect(table.wait(key, at: address(0, 1)))
        #expect(!table.wait(key, at: address(0, 2)))
        #expect(table.take(PairingKey(connectionID: "{a}", address: [2], credentials: [9])) == nil)
        #expect(table.take(PairingKey(connectionID: "{a}", address: [1], credentials: [])) == nil)
        #expect(table.take(key) == address(0, 1))
        #expect(table.take(key) == nil)
    }

    @Test("one network cannot hold more than its half-open places, and others are not affected")
    func halfOpen() throws {
        let limiter = AddressLimiter(maximumConnections: 5, maximumHalfOpen: 2)
        let one = AddressKey(try #require(NetworkAddress(numeric: "192.0.2.1", port: 1)))
        let other = AddressKey(try #require(NetworkAddress(numeric: "192.0.2.2", port: 1)))
        #expect(limiter.enter(one) && limiter.enter(one))
        #expect(!limiter.enter(one))
        #expect(limiter.enter(other))
        limiter.leaveHalfOpen(one)
        #expect(limiter.enter(one))
        limiter.leaveHalfOpen(other)
        #expect(limiter.enter(other))
        limiter.leaveHalfOpen(other)
        #expect(!limiter.enter(other), "the sixth connection at all")
        limiter.leave()
        #expect(limiter.enter(other))
    }

    @Test("addresses of one IPv6 /64 count together, IPv4 addresses one by one")
    func networks() throws {
        func key(_ text: String) throws -> AddressKey {
            AddressKey(try #require(NetworkAddress(numeric: text, port: 1)))
        }
        #expect(try key("2001:db8::1") == key("2001:db8::ffff:1"))
        #expect(try key("2001:db8:0:1::1") != key("2001:db8::1"))
        #expect(try key("192.0.2.1") != key("192.0.2.2"))
    }

    @Test("ends of sessions wait until the right one is acknowledged")
    func waitingEnds() throws {
        var ends = WaitingEnds()
        for byte in [1, 2, 1] as [UInt8] {
            ends.add(
                SessionEnded(
                    session: try session(byte),
                    reason: .clientGone,
                    bytesToClient: 0,
                    bytesToDesktop: 0,
                    durationMilliseconds: 0,
                    endedAt: 0
                )
            )
        }
        ends.acknowledge(try session(1))
        #expect(ends.all.map(\.session) == [try session(2), try session(1)])
        ends.acknowledge(try session(3))
        #expect(ends.all.count == 2)
    }

    @Test("address families alternate, beginning with the resolver's first")
    func interleaved() throws {
        let texts = ["2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2", "192.0.2.3"]
        let list = try texts.map { try #require(NetworkAddress(numeric: $0, port: 1)) }
        #expect(
            ResolverPool.interleaved(list).map(\.host) == [
                "2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3",
            ]
        )
    }

    @Test("a place in the table that was used before is another connection")
    func generations() {
        #expect(ConnectionID(index: 5, generation: 1) != ConnectionID(index: 5, generation: 2))
        let id = ConnectionID(index: 0xff_fffe, generation: 0xffff_ffff)
        #expect(id.index == 0xff_fffe && id.generation == 0xffff_ffff)
        let token = id.value << 3
        #expect(ConnectionID(value: token >> 3) == id)
    }
}
