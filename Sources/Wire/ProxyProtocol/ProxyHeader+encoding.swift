// SPDX-License-Identifier: EUPL-1.2
// Torhaus: writes PROXY headers.

package import ByteCoding

extension ProxyHeader {
    /// The whole header; throws when a field breaks its rule or its limit.
    package func encoded() throws(DecodeError) -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.bytes(ProxyWire.signature)
        if let addresses {
            write(addresses, to: &writer)
        } else {
            writer.u8(ProxyWire.local)
            writer.u8(ProxyWire.unspecified)
            writer.u16BE(0)
        }
        if let authority {
            guard ProxyWire.isName(authority) else { throw .invalid(field: "authority") }
            try writer.tlv(ProxyWire.authority, [UInt8](authority.utf8), limit: ProxyLimits.authority)
        }
        if let tls {
            try writer.tlv(ProxyWire.tls, try tls.encoded(), limit: ProxyLimits.header)
        }
        if let correlation {
            guard correlation.count == ProxyWire.correlationSize else { throw .invalid(field: "correlation") }
            try writer.tlv(ProxyWire.correlation, correlation, limit: ProxyWire.correlationSize)
        }
        if let certificateSHA256 {
            guard certificateSHA256.count == ProxyWire.sha256Size else {
                throw .invalid(field: "certificate hash")
            }
            try writer.tlv(ProxyWire.certificateSHA256, certificateSHA256, limit: ProxyWire.sha256Size)
        }
        guard writer.count <= ProxyLimits.header else {
            throw .oversize(length: writer.count, limit: ProxyLimits.header)
        }
        // Fits, because the limit is below 65,536.
        writer.patchU16BE(UInt16(writer.count - ProxyWire.fixedSize), at: ProxyWire.fixedSize - 2)
        return writer.written
    }

    /// Command, family, an open length, and the addresses; two families are both written as IPv6.
    private func write(_ addresses: ProxyAddresses, to writer: inout ByteWriter) {
        var source = addresses.source.address
        var destination = addresses.destination.address
        if source.count != destination.count {
            source = addresses.source.mappedAddress
            destination = addresses.destination.mappedAddress
        }
        writer.u8(ProxyWire.proxy)
        writer.u8(source.count == 4 ? ProxyWire.tcp4 : ProxyWire.tcp6)
        writer.u16BE(0)
        writer.bytes(source)
        writer.bytes(destination)
        writer.u16BE(addresses.source.port)
        writer.u16BE(addresses.destination.port)
    }
}

extension ProxyTLS {
    /// The value of PP2_TYPE_SSL.
    fileprivate func encoded() throws(DecodeError) -> [UInt8] {
        guard ProxyWire.isName(version) else { throw .invalid(field: "TLS version") }
        var writer = ByteWriter()
        let certificate = clientCertificatePresented ? ProxyWire.clientCertificate : 0
        writer.u8(ProxyWire.clientTLS | certificate)
        // Zero means that the certificate verified; without one there is nothing to say.
        writer.u32BE(clientCertificatePresented && verified ? 0 : 1)
        try writer.tlv(ProxyWire.tlsVersion, [UInt8](version.utf8), limit: ProxyLimits.tlsVersion)
        if let commonName {
            guard ProxyWire.isText(commonName) else { throw .invalid(field: "common name") }
            try writer.tlv(ProxyWire.commonName, [UInt8](commonName.utf8), limit: ProxyLimits.commonName)
        }
        return writer.written
    }
}

extension ByteWriter {
    fileprivate mutating func tlv(_ type: UInt8, _ value: [UInt8], limit: Int) throws(DecodeError) {
        guard value.count <= limit, let length = UInt16(exactly: value.count) else {
            throw .oversize(length: value.count, limit: limit)
        }
        u8(type)
        u16BE(length)
        bytes(value)
    }
}
