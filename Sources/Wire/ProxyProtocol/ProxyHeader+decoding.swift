// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads PROXY headers.

package import ByteCoding

extension ProxyHeader {
    /// Reads the header at the start of `bytes`; nil when there are not enough yet.
    ///
    /// Throws as soon as the bytes there are cannot begin a header. What follows `consumed` is the connection.
    package static func parse(
        _ bytes: [UInt8]
    ) throws(DecodeError) -> (header: ProxyHeader, consumed: Int)? {
        let start = bytes.prefix(ProxyWire.signature.count)
        guard ProxyWire.signature.starts(with: start) else { throw .invalid(field: "signature") }
        guard ProxyWire.fixedSize <= bytes.count else { return nil }
        var reader = ByteReader(bytes)
        try reader.skip(ProxyWire.signature.count)
        let command = try reader.u8()
        let family = try reader.u8()
        let length = Int(try reader.u16BE())
        let consumed = ProxyWire.fixedSize + length
        guard command == ProxyWire.local || command == ProxyWire.proxy else {
            throw .unexpected(UInt32(command))
        }
        guard consumed <= ProxyLimits.header else {
            throw .oversize(length: consumed, limit: ProxyLimits.header)
        }
        guard length <= reader.remaining else { return nil }
        var body = try reader.subReader(length)
        guard command == ProxyWire.proxy else {
            // The receiver must not use what a LOCAL header carries.
            return (ProxyHeader(addresses: nil), consumed)
        }
        var header = ProxyHeader(addresses: try addresses(family, &body))
        while 0 < body.remaining {
            try header.takeTLV(&body)
        }
        return (header, consumed)
    }

    private static func addresses(
        _ family: UInt8,
        _ body: inout ByteReader
    ) throws(DecodeError) -> ProxyAddresses {
        let size: Int
        switch family {
        case ProxyWire.tcp4: size = 4
        case ProxyWire.tcp6: size = 16
        default: throw .unexpected(UInt32(family))
        }
        let source = try body.bytes(size)
        let destination = try body.bytes(size)
        let sourcePort = try body.u16BE()
        let destinationPort = try body.u16BE()
        guard let source = ProxyEndpoint(address: source, port: sourcePort),
            let destination = ProxyEndpoint(address: destination, port: destinationPort)
        else {
            throw .invalid(field: "address")
        }
        return ProxyAddresses(source: source, destination: destination)
    }

    /// Takes one TLV; unknown ones are passed over, known ones may come once.
    private mutating func takeTLV(_ body: inout ByteReader) throws(DecodeError) {
        let type = try body.u8()
        var value = try body.subReader(Int(try body.u16BE()))
        switch type {
        case ProxyWire.authority:
            let text = try value.utf8(value.remaining, limit: ProxyLimits.authority)
            guard authority == nil, ProxyWire.isName(text) else { throw .invalid(field: "authority") }
            authority = text
        case ProxyWire.tls:
            guard tls == nil else { throw .invalid(field: "TLS") }
            tls = try ProxyTLS(&value)
        case ProxyWire.correlation:
            guard correlation == nil, value.remaining == ProxyWire.correlationSize else {
                throw .invalid(field: "correlation")
            }
            correlation = value.rest()
        case ProxyWire.certificateSHA256:
            guard certificateSHA256 == nil, value.remaining == ProxyWire.sha256Size else {
                throw .invalid(field: "certificate hash")
            }
            certificateSHA256 = value.rest()
        default:
            break
        }
    }
}

extension ProxyTLS {
    /// Reads the value of PP2_TYPE_SSL.
    fileprivate init(_ value: inout ByteReader) throws(DecodeError) {
        let client = try value.u8()
        let verify = try value.u32BE()
        var version: String?
        var commonName: String?
        while 0 < value.remaining {
            let type = try value.u8()
            var part = try value.subReader(Int(try value.u16BE()))
            switch type {
            case ProxyWire.tlsVersion:
                let text = try part.utf8(part.remaining, limit: ProxyLimits.tlsVersion)
                guard version == nil, ProxyWire.isName(text) else { throw .invalid(field: "TLS version") }
                version = text
            case ProxyWire.commonName:
                let text = try part.utf8(part.remaining, limit: ProxyLimits.commonName)
                guard commonName == nil, ProxyWire.isText(text) else { throw .invalid(field: "common name") }
                commonName = text
            default:
                break
            }
        }
        guard client & ProxyWire.clientTLS != 0, let version else { throw .invalid(field: "TLS") }
        self.init(
            version: version,
            clientCertificatePresented: client & ProxyWire.clientCertificate != 0,
            verified: verify == 0,
            commonName: commonName
        )
    }
}
