// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate's messages as frames.

package import ByteCoding

extension GateToControl {
    private enum Kind: UInt8 {
        case hello = 0x01
        case authorizeTunnel = 0x02
        case openSession = 0x03
        case sessionStarted = 0x04
        case sessionEnded = 0x05
        case incident = 0x06
        case ping = 0x07
    }

    /// The whole frame, with its length; fields above their limit are cut.
    package func encoded() -> [UInt8] {
        switch self {
        case .hello(let hello):
            return Self.frame(.hello) { writer in
                writer.text(hello.version, limit: FrameLimits.softwareVersion)
                writer.list(hello.liveSessions, limit: FrameLimits.liveSessions) { $1.write(to: &$0) }
            }
        case .authorizeTunnel(let request, let value):
            return Self.frame(.authorizeTunnel) { writer in
                writer.u32LE(request)
                value.write(to: &writer)
            }
        case .openSession(let request, let value):
            return Self.frame(.openSession) { writer in
                writer.u32LE(request)
                value.write(to: &writer)
            }
        case .sessionStarted(let value):
            return Self.frame(.sessionStarted) { value.write(to: &$0) }
        case .sessionEnded(let value):
            return Self.frame(.sessionEnded) { value.write(to: &$0) }
        case .incident(let value):
            return Self.frame(.incident) { value.write(to: &$0) }
        case .ping(let number):
            return Self.frame(.ping) { $0.u32LE(number) }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (rawKind, reader) = try Frame.open(frame)
        guard let kind = Kind(rawValue: rawKind) else { throw .unexpected(UInt32(rawKind)) }
        switch kind {
        case .hello:
            let version = try reader.utf8U16LE(limit: FrameLimits.softwareVersion)
            let sessions = try reader.list(limit: FrameLimits.liveSessions) {
                (part: inout ByteReader) throws(DecodeError) in try SessionID(from: &part)
            }
            self = .hello(GateHello(version: version, liveSessions: sessions))
        case .authorizeTunnel:
            self = .authorizeTunnel(request: try reader.u32LE(), try AuthorizeTunnel(from: &reader))
        case .openSession:
            self = .openSession(request: try reader.u32LE(), try OpenSession(from: &reader))
        case .sessionStarted:
            self = .sessionStarted(try SessionStarted(from: &reader))
        case .sessionEnded:
            self = .sessionEnded(try SessionEnded(from: &reader))
        case .incident:
            self = .incident(try GateIncident(from: &reader))
        case .ping:
            self = .ping(try reader.u32LE())
        }
        try reader.expectEnd()
    }

    private static func frame(_ kind: Kind, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        Frame.encode(kind: kind.rawValue, body)
    }
}

// MARK: Tunnels

extension TunnelCredential: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.u8() {
        case 1:
            self = .ticket(try reader.bytesU16LE(limit: FrameLimits.ticket))
        case 2:
            let user = try reader.utf8U16LE(limit: FrameLimits.user)
            self = .basic(user: user, secret: try reader.bytesU16LE(limit: FrameLimits.secret))
        case let unknown:
            throw .unexpected(UInt32(unknown))
        }
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .ticket(let ticket):
            writer.u8(1)
            writer.byteString(ticket, limit: FrameLimits.ticket)
        case .basic(let user, let secret):
            writer.u8(2)
            writer.text(user, limit: FrameLimits.user)
            writer.byteString(secret, limit: FrameLimits.secret)
        }
    }
}

extension TunnelPurpose: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.u8() {
        case 1: self = .openSession
        case 2: self = .reauthenticate(try SessionID(from: &reader))
        case let unknown: throw .unexpected(UInt32(unknown))
        }
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .openSession:
            writer.u8(1)
        case .reauthenticate(let session):
            writer.u8(2)
            session.write(to: &writer)
        }
    }
}

extension AuthorizeTunnel: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            client: try ClientContext(from: &reader),
            credential: try TunnelCredential(from: &reader),
            purpose: try TunnelPurpose(from: &reader)
        )
    }

    func write(to writer: inout ByteWriter) {
        client.write(to: &writer)
        credential.write(to: &writer)
        purpose.write(to: &writer)
    }
}
