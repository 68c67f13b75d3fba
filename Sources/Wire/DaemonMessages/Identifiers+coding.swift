// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names, addresses and clients on the wire.

internal import ByteCoding

extension SessionID: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        guard let value = SessionID(bytes: try reader.bytes(16)) else { throw .invalid(field: "session") }
        self = value
    }

    func write(to writer: inout ByteWriter) {
        writer.bytes(bytes)
    }
}

extension CorrelationID: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        guard let value = CorrelationID(bytes: try reader.bytes(16)) else {
            throw .invalid(field: "correlation")
        }
        self = value
    }

    func write(to writer: inout ByteWriter) {
        writer.bytes(bytes)
    }
}

extension ClientAddress: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        let bytes = try reader.bytes(16)
        guard let value = ClientAddress(bytes: bytes, port: try reader.u16LE()) else {
            throw .invalid(field: "address")
        }
        self = value
    }

    func write(to writer: inout ByteWriter) {
        writer.bytes(bytes)
        writer.u16LE(port)
    }
}

extension ClientCertificate: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.u8() {
        case 0:
            self = .none
        case 1:
            let subject = try reader.utf8U16LE(limit: FrameLimits.certificateSubject)
            let sha256 = try reader.bytesU16LE(limit: FrameLimits.sha256)
            guard sha256.count == FrameLimits.sha256 else { throw .invalid(field: "certificate hash") }
            self = .verified(subject: subject, sha256: sha256)
        case 2:
            self = .failed(reason: try reader.utf8U16LE(limit: FrameLimits.certificateReason))
        case let unknown:
            throw .unexpected(UInt32(unknown))
        }
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .none:
            writer.u8(0)
        case .verified(let subject, let sha256):
            writer.u8(1)
            writer.text(subject, limit: FrameLimits.certificateSubject)
            writer.byteString(sha256, limit: FrameLimits.sha256)
        case .failed(let reason):
            writer.u8(2)
            writer.text(reason, limit: FrameLimits.certificateReason)
        }
    }
}

extension ClientTransport: WireChoice {}

extension ClientContext: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            address: try ClientAddress(from: &reader),
            correlation: try CorrelationID(from: &reader),
            tlsVersion: try reader.utf8U16LE(limit: FrameLimits.tlsVersion),
            serverName: try reader.utf8U16LE(limit: FrameLimits.serverName),
            certificate: try ClientCertificate(from: &reader),
            transport: try ClientTransport(from: &reader),
            userAgent: try reader.utf8U16LE(limit: FrameLimits.clientText),
            clientName: try reader.utf8U16LE(limit: FrameLimits.clientText)
        )
    }

    func write(to writer: inout ByteWriter) {
        address.write(to: &writer)
        correlation.write(to: &writer)
        writer.text(tlsVersion, limit: FrameLimits.tlsVersion)
        writer.text(serverName, limit: FrameLimits.serverName)
        certificate.write(to: &writer)
        transport.write(to: &writer)
        writer.text(userAgent, limit: FrameLimits.clientText)
        writer.text(clientName, limit: FrameLimits.clientText)
    }
}
