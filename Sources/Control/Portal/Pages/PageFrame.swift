// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what every page has around its content.

import Foundation

/// What a controller says about a page's frame.
struct PageFrame {
    let title: Phrase
    /// The hidden field of the page's forms, or empty for a page without.
    var csrf = ""
    /// The page's script module in `/assets`, without `.js`.
    var script: String?
    /// The signed-in session, or nil.
    var session: WebSessions.Recognised?
    /// True for the page that is all desktop: no footer, no session line.
    var isDesktop = false
}

/// The same, ready for the layout template.
struct FrameView {
    struct SessionView {
        let name: String
        let secondsLeft: Int
        let warnSeconds: Int
        let ends: String
        let endsFinally: Bool
    }

    let lang: String
    let county: String
    let title: String
    let csrf: String
    let script: String?
    let assets: String
    let session: SessionView?
    let isDesktop: Bool
    let isSignIn: Bool
}

/// Times as the office clock shows them.
enum OfficeClock {
    /// `14:05`, in Germany whatever the machine's own zone is.
    static func text(millisecondsSince1970 time: UInt64) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "Europe/Berlin") ?? .gmt
        let date = Date(timeIntervalSince1970: Double(time) / 1000)
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        let minute = parts.minute ?? 0
        return "\(parts.hour ?? 0):\(minute < 10 ? "0" : "")\(minute)"
    }
}
