// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one request and its answer, on a thread that may wait.

internal import LinuxKit
package import OpenSSLKit

/// Asks a witness.
package struct WebClient: Sendable {
    private let identity: TLSClientIdentity

    /// Whom to trust for https.
    package init(identity: TLSClientIdentity = TLSClientIdentity(authorities: nil)) {
        self.identity = identity
    }

    /// Sends a request; a nil body makes it a GET.
    package func ask(
        _ address: WebAddress,
        path: String,
        body: [UInt8]?
    ) throws(WitnessError) -> WebAnswer {
        // HTTP/1.0: no chunked answers, and the connection ends with the answer.
        var request = "\(body == nil ? "GET" : "POST") \(address.prefix)/\(path) HTTP/1.0\r\n"
        request += "Host: \(address.hostField)\r\nUser-Agent: torhaus\r\nAccept: */*\r\n"
        if let body {
            request += "Content-Type: application/octet-stream\r\nContent-Length: \(body.count)\r\n"
        }
        let bytes = Array((request + "\r\n").utf8) + (body ?? [])
        let socket: OwnedFD
        do throws(SystemError) {
            socket = try StreamSocket.connect(
                to: address.host,
                port: address.port,
                milliseconds: WitnessLimits.silence
            )
        } catch {
            throw WitnessError(.unreachable, error.description)
        }
        guard address.isSecure else {
            let stream = UnixStream(adopting: socket)
            guard stream.writeAll(bytes, milliseconds: WitnessLimits.silence) else {
                throw WitnessError(.unreachable, "the request was not taken")
            }
            return try Self.receive {
                stream.read(limit: WitnessLimits.head, milliseconds: WitnessLimits.silence)
            }
        }
        return try askSecurely(socket, address, bytes)
    }

    private func askSecurely(
        _ socket: consuming OwnedFD,
        _ address: WebAddress,
        _ bytes: [UInt8]
    ) throws(WitnessError) -> WebAnswer {
        let line = try shake(socket, address)
        guard line.write(bytes) else { throw WitnessError(.unreachable, "the request was not taken") }
        return try Self.receive { line.read(limit: WitnessLimits.head) }
    }

    private func shake(
        _ socket: consuming OwnedFD,
        _ address: WebAddress
    ) throws(WitnessError) -> TLSClient {
        do throws(OpenSSLError) {
            return try TLSClient(
                socket: socket,
                name: address.host,
                identity: identity,
                milliseconds: WitnessLimits.silence
            )
        } catch {
            throw WitnessError(.unreachable, error.message)
        }
    }

    private static func receive(_ read: () -> StreamRead) throws(WitnessError) -> WebAnswer {
        var parser = AnswerParser()
        while true {
            switch read() {
            case .bytes(let bytes): if let answer = try parser.append(bytes) { return answer }
            case .nothing: throw WitnessError(.unreachable, "the answer does not come")
            case .end: return try parser.end()
            }
        }
    }
}
