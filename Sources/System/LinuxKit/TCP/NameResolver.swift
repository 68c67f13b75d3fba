// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names to addresses by the system's resolver; it blocks, so it runs on threads of its own.

internal import CLinux
internal import Glibc

package enum NameResolver {
    /// More addresses than this for one desktop are ignored.
    package static let maximumAddresses = 16

    /// All addresses of a name in the system's order (RFC 6724), or none with the reason.
    ///
    /// Blocks for as long as the resolver does.
    package static func resolve(_ host: String, port: UInt16) -> Result<[NetworkAddress], ResolverError> {
        if let numeric = NetworkAddress(numeric: host, port: port) { return .success([numeric]) }
        var bytes = [UInt8](repeating: 0, count: 16 * maximumAddresses)
        var scopes = [UInt32](repeating: 0, count: maximumAddresses)
        let count = unsafe bytes.withUnsafeMutableBufferPointer { address -> Int32 in
            unsafe scopes.withUnsafeMutableBufferPointer { scope -> Int32 in
                guard let first = address.baseAddress, let second = scope.baseAddress else { return -1 }
                return unsafe th_resolve(host, first, second, Int32(maximumAddresses))
            }
        }
        guard 0 <= count else { return .failure(ResolverError(code: -1 - count)) }
        let addresses = (0..<Int(count)).compactMap { index in
            NetworkAddress(
                bytes: Array(bytes[16 * index..<16 * index + 16]),
                port: port,
                scope: scopes[index]
            )
        }
        var seen: Set<NetworkAddress> = []
        return .success(addresses.filter { seen.insert($0).inserted })
    }
}

/// The resolver knows no such name, or could not ask.
package struct ResolverError: Error, Hashable, Sendable {
    /// Magnitude of the EAI code.
    package let code: Int32
}
