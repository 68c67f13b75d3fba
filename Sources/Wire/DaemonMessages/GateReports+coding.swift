// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate's sessions and incidents on the wire.

internal import ByteCoding

extension DesktopProtocol: WireChoice {}
extension Predecessor: WireChoice {}
extension SessionEndReason: WireChoice {}
extension GateIncidentKind: WireChoice {}

extension OpenSession: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            client: try ClientContext(from: &reader),
            ticket: try reader.bytesU16LE(limit: FrameLimits.ticket),
            desktopProtocol: try DesktopProtocol(from: &reader),
            requestedNames: try reader.list(limit: FrameLimits.requestedNames) {
                (part: inout ByteReader) throws(DecodeError) in try part.utf8U16LE(limit: FrameLimits.host)
            },
            requestedPort: try reader.u16LE(),
            predecessor: try Predecessor(from: &reader)
        )
    }

    func write(to writer: inout ByteWriter) {
        client.write(to: &writer)
        writer.byteString(ticket, limit: FrameLimits.ticket)
        desktopProtocol.write(to: &writer)
        writer.list(requestedNames, limit: FrameLimits.requestedNames) {
            $0.text($1, limit: FrameLimits.host)
        }
        writer.u16LE(requestedPort)
        predecessor.write(to: &writer)
    }
}

extension SessionStarted: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            session: try SessionID(from: &reader),
            connectedTo: try reader.utf8U16LE(limit: FrameLimits.address)
        )
    }

    func write(to writer: inout ByteWriter) {
        session.write(to: &writer)
        writer.text(connectedTo, limit: FrameLimits.address)
    }
}

extension SessionEnded: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            session: try SessionID(from: &reader),
            reason: try SessionEndReason(from: &reader),
            bytesToClient: try reader.u64LE(),
            bytesToDesktop: try reader.u64LE(),
            durationMilliseconds: try reader.u64LE(),
            endedAt: try reader.u64LE()
        )
    }

    func write(to writer: inout ByteWriter) {
        session.write(to: &writer)
        reason.write(to: &writer)
        writer.u64LE(bytesToClient)
        writer.u64LE(bytesToDesktop)
        writer.u64LE(durationMilliseconds)
        writer.u64LE(endedAt)
    }
}

extension GateIncident: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            kind: try GateIncidentKind(from: &reader),
            address: try ClientAddress(from: &reader),
            correlation: try CorrelationID(from: &reader),
            count: try reader.u32LE(),
            detail: try reader.utf8U16LE(limit: FrameLimits.incidentDetail)
        )
    }

    func write(to writer: inout ByteWriter) {
        kind.write(to: &writer)
        address.write(to: &writer)
        correlation.write(to: &writer)
        writer.u32LE(count)
        writer.text(detail, limit: FrameLimits.incidentDetail)
    }
}
