// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a client's address as text, for PAM.

import DaemonMessages
import Glibc

extension ClientAddress {
    /// `192.0.2.7` or `2001:db8::7`.
    var text: String {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.starts(with: mapped) {
            return bytes.dropFirst(mapped.count).map { String($0) }.joined(separator: ".")
        }
        var room = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &room, socklen_t(room.count)) != nil else { return "" }
        return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
