// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the control plane's messages to the gate as frames.

package import ByteCoding

extension ControlToGate {
    private enum Kind: UInt8 {
        case welcome = 0x41
        case tunnelGranted = 0x42
        case sessionGranted = 0x43
        case refused = 0x44
        case sessionEndRecorded = 0x45
        case terminate = 0x46
        case serviceMessage = 0x47
        case reauthenticate = 0x48
        case pong = 0x49
    }

    /// The whole frame, with its length; fields above their limit are cut.
    package func encoded() -> [UInt8] {
        switch self {
        case .welcome(let version):
            return Self.frame(.welcome) { $0.u8(version) }
        case .tunnelGranted(let request, let value):
            return Self.frame(.tunnelGranted) { writer in
                writer.u32LE(request)
                value.write(to: &writer)
            }
        case .sessionGranted(let request, let value):
            return Self.frame(.sessionGranted) { writer in
                writer.u32LE(request)
                value.write(to: &writer)
            }
        case .refused(let request, let value):
            return Self.frame(.refused) { writer in
                writer.u32LE(request)
                value.write(to: &writer)
            }
        case .sessionEndRecorded(let session):
            return Self.frame(.sessionEndRecorded) { session.write(to: &$0) }
        case .terminate(let session, let reason):
            return Self.frame(.terminate) { writer in
                session.write(to: &writer)
                reason.write(to: &writer)
            }
        case .serviceMessage(let session, let text):
            return Self.frame(.serviceMessage) { writer in
                session.write(to: &writer)
                writer.text(text, limit: FrameLimits.message)
            }
        case .reauthenticate(let session, let seconds):
            return Self.frame(.reauthenticate) { writer in
                session.write(to: &writer)
                writer.u32LE(seconds)
            }
        case .pong(let number):
            return Self.frame(.pong) { $0.u32LE(number) }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (rawKind, reader) = try Frame.open(frame)
        guard let kind = Kind(rawValue: rawKind) else { throw .unexpected(UInt32(rawKind)) }
        switch kind {
        case .welcome:
            self = .welcome(protocolVersion: try reader.u8())
        case .tunnelGranted:
            self = .tunnelGranted(request: try reader.u32LE(), try TunnelGrant(from: &reader))
        case .sessionGranted:
            self = .sessionGranted(request: try reader.u32LE(), try SessionGrant(from: &reader))
        case .refused:
            self = .refused(request: try reader.u32LE(), try Refusal(from: &reader))
        case .sessionEndRecorded:
            self = .sessionEndRecorded(try SessionID(from: &reader))
        case .terminate:
            let session = try SessionID(from: &reader)
            self = .terminate(session, reason: try TerminationReason(from: &reader))
        case .serviceMessage:
            let session = try SessionID(from: &reader)
            self = .serviceMessage(session, text: try reader.utf8U16LE(limit: FrameLimits.message))
        case .reauthenticate:
            let session = try SessionID(from: &reader)
            self = .reauthenticate(session, withinSeconds: try reader.u32LE())
        case .pong:
            self = .pong(try reader.u32LE())
        }
        try reader.expectEnd()
    }

    private static func frame(_ kind: Kind, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        Frame.encode(kind: kind.rawValue, body)
    }
}

// MARK: Grants and refusals

extension RefusalCode: WireChoice {}
extension TerminationReason: WireChoice {}

extension TunnelGrant: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            ticket: try reader.bytesU16LE(limit: FrameLimits.ticket),
            redirection: try reader.u32LE(),
            idleMinutes: try reader.u32LE(),
            consentText: try reader.utf8U16LE(limit: FrameLimits.message)
        )
    }

    func write(to writer: inout ByteWriter) {
        writer.byteString(ticket, limit: FrameLimits.ticket)
        writer.u32LE(redirection)
        writer.u32LE(idleMinutes)
        writer.text(consentText, limit: FrameLimits.message)
    }
}

extension DesktopEndpoint: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(host: try reader.utf8U16LE(limit: FrameLimits.host), port: try reader.u16LE())
    }

    func write(to writer: inout ByteWriter) {
        writer.text(host, limit: FrameLimits.host)
        writer.u16LE(port)
    }
}

extension SessionGrant: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            session: try SessionID(from: &reader),
            endpoints: try reader.list(limit: FrameLimits.endpoints) {
                (part: inout ByteReader) throws(DecodeError) in try DesktopEndpoint(from: &part)
            },
            idleSeconds: try reader.u32LE(),
            remainingSeconds: try reader.u32LE(),
            reauthenticateSeconds: try reader.u32LE(),
            resumes: try reader.bool()
        )
    }

    func write(to writer: inout ByteWriter) {
        session.write(to: &writer)
        writer.list(endpoints, limit: FrameLimits.endpoints) { $1.write(to: &$0) }
        writer.u32LE(idleSeconds)
        writer.u32LE(remainingSeconds)
        writer.u32LE(reauthenticateSeconds)
        writer.bool(resumes)
    }
}

extension Refusal: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            code: try RefusalCode(from: &reader),
            reference: try reader.utf8U16LE(limit: FrameLimits.reference),
            text: try reader.utf8U16LE(limit: FrameLimits.refusalText)
        )
    }

    func write(to writer: inout ByteWriter) {
        code.write(to: &writer)
        writer.text(reference, limit: FrameLimits.reference)
        writer.text(text, limit: FrameLimits.refusalText)
    }
}
