// SPDX-License-Identifier: EUPL-1.2
// Torhaus: did one of our own pages send this form?

import HTTPTypes
import Hummingbird

extension Request {
    /// False when a header says that another site sent it.
    ///
    /// `Referrer-Policy: no-referrer` makes browsers send `Origin: null` even for our own forms, so `null`
    /// says nothing; `Sec-Fetch-Site` does. A browser too old for both still has SameSite=Strict and the
    /// form's field.
    func comesFromOurPages(origins: [String]) -> Bool {
        if let site = headers[.secFetchSite], site != "same-origin" { return false }
        if let origin = headers[.origin]?.lowercased(), origin != "null" { return origins.contains(origin) }
        return true
    }

    /// True for a link on another site: the browser then holds back our SameSite=Strict cookie.
    var followsForeignLink: Bool {
        headers[.secFetchSite] == "cross-site" && (headers[.secFetchMode] ?? "navigate") == "navigate"
    }
}

extension HTTPField.Name {
    /// Names that no library spells for us; each literal is a valid field name.
    static let secFetchSite = literal("Sec-Fetch-Site")
    static let secFetchMode = literal("Sec-Fetch-Mode")
    static let permissionsPolicy = literal("Permissions-Policy")
    static let openerPolicy = literal("Cross-Origin-Opener-Policy")
    static let resourcePolicy = literal("Cross-Origin-Resource-Policy")
    static let referrerPolicy = literal("Referrer-Policy")

    private static func literal(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("not a field name: \(text)") }
        return name
    }
}
