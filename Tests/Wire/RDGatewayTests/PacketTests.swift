// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every packet against its bytes.

import ByteCoding
import RDGateway
import Testing

@Suite("Packets")
struct PacketTests {
    @Test("are written as they were captured or specified", arguments: GoldenPacket.all)
    func encodes(golden: GoldenPacket) {
        #expect(golden.packet.encoded() == golden.bytes)
    }

    @Test("are read as they were meant", arguments: GoldenPacket.all)
    func decodes(golden: GoldenPacket) throws {
        func check<Packet: GatewayPacket>(_ expected: Packet) throws {
            #expect(try Packet(body: Array(golden.bytes.dropFirst(8))) == expected)
        }
        try check(golden.packet)
    }

    @Test("are refused when one byte or more is missing", arguments: GoldenPacket.all)
    func truncated(golden: GoldenPacket) {
        func check<Packet: GatewayPacket>(_ packet: Packet) {
            let body = golden.bytes.dropFirst(8)
            for count in 0..<body.count {
                #expect(throws: PacketError.self) { try Packet(body: Array(body.prefix(count))) }
            }
        }
        check(golden.packet)
    }

    @Test("are refused when bytes are left", arguments: GoldenPacket.all)
    func trailing(golden: GoldenPacket) {
        func check<Packet: GatewayPacket>(_ packet: Packet) {
            #expect(throws: PacketError.body(Packet.type, .trailing(1))) {
                try Packet(body: Array(golden.bytes.dropFirst(8)) + [0])
            }
        }
        check(golden.packet)
    }

    @Test("exist for every type")
    func complete() {
        let types = Set(GoldenPacket.all.map { type(of: $0.packet).type })
        #expect(types == Set(PacketType.allCases))
    }

    @Test("keep their reserved fields out of the comparison")
    func reserved() throws {
        let body = hex("01 00 00 00 | 00 00 | ff ff")
        #expect(try TunnelCreate(body: body) == TunnelCreate(capabilities: .quarantine))
    }

    /// A body that breaks a rule other than its length.
    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        let type: any GatewayPacket.Type
        let body: [UInt8]
        let error: DecodeError

        var testDescription: String { name }
    }

    static let faults = [
        Fault(
            name: "a field nobody knows in TUNNEL_CREATE",
            type: TunnelCreate.self,
            body: hex("0d 00 00 00 | 04 00 | 00 00"),
            error: .unexpected(4)
        ),
        Fault(
            name: "a field nobody knows in TUNNEL_AUTH",
            type: TunnelAuthorization.self,
            body: hex("02 00 | 00 00"),
            error: .unexpected(2)
        ),
        Fault(
            name: "a cookie above the limit",
            type: TunnelCreate.self,
            body: hex("0d 00 00 00 | 01 00 | 00 00 | 02 10") + [UInt8](repeating: 0x41, count: 4_098),
            error: .oversize(length: 4_098, limit: PacketLimit.cookie)
        ),
        Fault(
            name: "a client name above the limit",
            type: TunnelAuthorization.self,
            body: hex("00 00 | 0e 02") + [UInt8](repeating: 0x41, count: 526),
            error: .oversize(length: 526, limit: PacketLimit.name)
        ),
        Fault(
            name: "a client name of half a character",
            type: TunnelAuthorization.self,
            body: hex("00 00 | 03 00 | 41 00 42"),
            error: .invalid(field: "utf16")
        ),
        Fault(
            name: "a client name with a lone surrogate",
            type: TunnelAuthorization.self,
            body: hex("00 00 | 04 00 | 00 d8 00 00"),
            error: .invalid(field: "utf16")
        ),
        Fault(
            name: "a client name with a NUL inside",
            type: TunnelAuthorization.self,
            body: hex("00 00 | 06 00 | 00 00 41 00 00 00"),
            error: .invalid(field: "text")
        ),
        Fault(
            name: "no resource at all",
            type: ChannelCreate.self,
            body: hex("00 00 | 3d 0d | 03 00"),
            error: .invalid(field: "resources")
        ),
        Fault(
            name: "51 resources",
            type: ChannelCreate.self,
            body: hex("33 00 | 3d 0d | 03 00"),
            error: .oversize(length: 51, limit: 50)
        ),
        Fault(
            name: "four alternate names",
            type: ChannelCreate.self,
            body: hex("01 04 | 3d 0d | 03 00"),
            error: .oversize(length: 4, limit: 3)
        ),
    ]

    @Test("are refused when they break a rule", arguments: faults)
    func faulty(fault: Fault) {
        func check<Packet: GatewayPacket>(_ type: Packet.Type) {
            #expect(throws: PacketError.body(Packet.type, fault.error)) { try Packet(body: fault.body) }
        }
        check(fault.type)
    }

    @Test("take all names that the specification allows")
    func manyNames() throws {
        let names = (0..<50).map { text("d\($0)") }
        let packet = try ChannelCreate(resources: names, alternates: Array(names.prefix(3)), port: 1)
        #expect(try ChannelCreate(body: raw(packet).body) == packet)
        #expect(throws: PacketError.field(.oversize(length: 51, limit: 50))) {
            try ChannelCreate(resources: names + [text("x")], port: 1)
        }
        #expect(throws: PacketError.field(.invalid(field: "resources"))) {
            try ChannelCreate(resources: [], port: 1)
        }
    }
}
