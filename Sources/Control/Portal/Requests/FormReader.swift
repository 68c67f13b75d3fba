// SPDX-License-Identifier: EUPL-1.2
// Torhaus: takes a form from a request, within size and time.

import Hummingbird
import NIOCore
import NIOHTTP1

extension Request {
    /// The submitted form; refuses other content types, too much and too slow.
    func form() async throws -> FormBody {
        let type = headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() } ?? ""
        guard type.split(separator: " ") == ["application/x-www-form-urlencoded"] else {
            throw PortalError.contentType
        }
        if let length = headers[.contentLength].flatMap(Int.init), PortalLimits.formBytes < length {
            throw PortalError.tooLarge
        }
        var buffer = try await Self.collect(body)
        // What lies in the buffers of the HTTP layer before this one is out of reach.
        defer {
            _ = buffer.withUnsafeMutableReadableBytes { $0.initializeMemory(as: UInt8.self, repeating: 0) }
        }
        do {
            return try FormBody(buffer.readableBytesView)
        } catch {
            throw PortalError.badRequest
        }
    }

    private static func collect(_ body: RequestBody) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask {
                do {
                    return try await body.collect(upTo: PortalLimits.formBytes)
                } catch is NIOTooManyBytesError {
                    throw PortalError.tooLarge
                } catch is HTTPParserError {
                    // The chunks' framing was broken; the head before them was not.
                    throw PortalError.badRequest
                }
            }
            group.addTask {
                try await Task.sleep(for: PortalLimits.formDeadline)
                throw PortalError.tooSlow
            }
            defer { group.cancelAll() }
            guard let buffer = try await group.next() else { throw PortalError.badRequest }
            return buffer
        }
    }
}
