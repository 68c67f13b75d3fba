// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the portal's two cookies.

import HTTPTypes
import Hummingbird

/// `__Host-` names cannot be set by another host, nor without TLS, nor for a path.
enum PortalCookie: String, Sendable {
    /// A signed-in browser.
    case session = "__Host-torhaus"
    /// A browser that is signing in: ties form and conversation together.
    case entry = "__Host-torhaus-entry"

    /// The header that sets it until the browser closes.
    func setting(_ value: String) -> String {
        "\(rawValue)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    /// The header that takes it away.
    var removing: String {
        "\(rawValue)=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"
    }
}

extension Request {
    /// A cookie's value if it is one of ours in form: 64 hexadecimal digits.
    func cookie(_ cookie: PortalCookie) -> String? {
        var found: String?
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == cookie.rawValue else {
                    continue
                }
                // Two of the same name: nothing says which one is ours.
                guard found == nil else { return nil }
                found = String(parts[1])
            }
        }
        return found.flatMap { RandomText.hasForm($0) ? $0 : nil }
    }
}

extension Response {
    /// Adds a Set-Cookie header.
    mutating func set(_ cookie: PortalCookie, to value: String) {
        headers.append(HTTPField(name: .setCookie, value: cookie.setting(value)))
    }

    /// Makes the browser forget a cookie.
    mutating func remove(_ cookie: PortalCookie) {
        headers.append(HTTPField(name: .setCookie, value: cookie.removing))
    }
}
