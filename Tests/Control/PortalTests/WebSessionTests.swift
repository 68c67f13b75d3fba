// SPDX-License-Identifier: EUPL-1.2
// Torhaus: cookies, forged forms, and the end of a session.

import Foundation
import HTTPTypes
import OpenSSLKit
import Sessions
import Testing

@testable import Portal

@Suite("a web session")
struct WebSessionTests {
    @Test("lives in a cookie that only this host can set and no script can read")
    func cookie() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let page = try await browser.signIn("anna")
            let set = page.headers[values: .setCookie].first { $0.hasPrefix("__Host-torhaus=") }
            let value = try #require(browser.cookies["__Host-torhaus"])
            #expect(set == "__Host-torhaus=\(value); Path=/; Secure; HttpOnly; SameSite=Strict")
            #expect(value.count == 64)
            let stored = try #require(rig.store.all.first)
            #expect(stored.cookieHash == Digest.sha256(Array(value.utf8)))
            #expect(stored.csrfToken != value)
            #expect(stored.id.value != value)
        }
    }

    @Test("never takes over a cookie that was there before the sign-in")
    func fixation() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let planted = String(repeating: "a", count: 64)
            browser.set("__Host-torhaus", planted)
            browser.set("__Host-torhaus-entry", planted)
            try await browser.signIn("anna")
            #expect(browser.cookies["__Host-torhaus"] != planted)
            let first = browser.cookies["__Host-torhaus"]
            browser.set("__Host-torhaus", nil)
            try await browser.signIn("anna")
            #expect(browser.cookies["__Host-torhaus"] != first)
        }
    }

    @Test("is not found with anything but its own cookie")
    func forged() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let own = try #require(browser.cookies["__Host-torhaus"])
            for other in [
                "", "x", String(own.dropLast()), own + "0", own.uppercased(), "\(own); __Host-torhaus=\(own)",
            ] {
                browser.set("__Host-torhaus", other)
                #expect(try await browser.get("/desktops").location == "/sign-in")
            }
        }
    }

    struct Forgery: CustomTestStringConvertible, Sendable {
        let name: String
        var field: String?
        var headers: HTTPFields = [:]

        var testDescription: String { name }
    }

    static let forgeries = [
        Forgery(name: "no field"),
        Forgery(name: "a wrong field", field: String(repeating: "0", count: 64)),
        Forgery(name: "another site", field: "right", headers: [.secFetchSite: "cross-site"]),
        Forgery(name: "a sister site", field: "right", headers: [.secFetchSite: "same-site"]),
        Forgery(name: "typed into the address line", field: "right", headers: [.secFetchSite: "none"]),
        Forgery(name: "another origin", field: "right", headers: [.origin: "https://evil.example"]),
        Forgery(name: "another port", field: "right", headers: [.origin: "https://gate.example:8443"]),
        Forgery(name: "without TLS", field: "right", headers: [.origin: "http://gate.example"]),
    ]

    @Test("does nothing for a forged form", arguments: forgeries)
    func forms(_ one: Forgery) async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let right = try await browser.get("/desktops").hidden("csrf") ?? ""
            let fields = [("desktop", ScriptedAccess.listings[0].id), ("way", "client")]
            let csrf = one.field.map { [("csrf", $0 == "right" ? right : $0)] } ?? []
            let page = try await browser.post("/desktops/open", fields + csrf, one.headers)
            #expect(page.status == 403)
            #expect(page.text.contains("Diese Seite war nicht mehr aktuell"))
            #expect(try await browser.post("/sign-out", csrf, one.headers).status == 403)
        }
        #expect(!rig.access.calls.contains { if case .ticket = $0 { true } else { false } })
        #expect(rig.store.all.count == 1)
    }

    @Test(
        "takes forms of our own pages, also where browsers say little",
        arguments: [
            [:], [.origin: "https://gate.example"], [.origin: "https://TOR.example"], [.origin: "null"],
        ] as [HTTPFields]
    )
    func ownForms(_ headers: HTTPFields) async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let csrf = try await browser.get("/desktops").hidden("csrf") ?? ""
            let page = try await browser.post("/session/extend", [("csrf", csrf)], headers)
            #expect(page.location == "/desktops?notice=extended")
        }
    }

    @Test("does not begin with a forged form either")
    func forgedSignIn() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let right = first.hidden("csrf") ?? ""
            #expect(try await browser.post("/sign-in", [("username", "anna")]).status == 403)
            let again = try await browser.get("/sign-in").hidden("csrf") ?? ""
            let fields = [("username", "anna"), ("csrf", again)]
            #expect(try await browser.post("/sign-in", fields, [.secFetchSite: "cross-site"]).status == 403)
            #expect(
                try await browser.post("/sign-in", [("username", "anna"), ("csrf", right)]).status == 403
            )
        }
        #expect(rig.signIn.begun.isEmpty)
    }

    @Test("ends with sign-out")
    func signOut() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let page = try await browser.get("/desktops")
            #expect(page.text.contains("id=\"sign-out\""))
            #expect(page.text.contains("Anna Groß"))
            let cookie = browser.cookies["__Host-torhaus"]
            let out = try await browser.post("/sign-out", [("csrf", page.hidden("csrf")!)])
            #expect(out.location == "/sign-in?notice=signed-out")
            #expect(browser.cookies["__Host-torhaus"] == nil)
            #expect(try await browser.get(out.location!).text.contains("Sie sind abgemeldet."))
            browser.set("__Host-torhaus", cookie)
            #expect(try await browser.get("/desktops").location == "/sign-in")
        }
        #expect(rig.store.all.isEmpty)
        #expect(rig.access.calls.last == .signedOut("anna", known: true))
    }

    @Test("ends without use, and goes on with use")
    func idle() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            for _ in 0..<5 {
                rig.clock.advance(seconds: 1700)
                #expect(try await browser.get("/desktops").status == 200)
            }
            rig.clock.advance(seconds: 1800)
            #expect(try await browser.get("/desktops").location == "/sign-in")
        }
    }

    @Test("ends after its longest time in any case")
    func longest() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            for _ in 0..<35 {
                rig.clock.advance(seconds: 1000)
                #expect(try await browser.get("/desktops").status == 200)
            }
            let page = try await browser.get("/desktops")
            #expect(page.text.contains("data-seconds-left=\"1000\""))
            #expect(!page.text.contains("id=\"extend\""))
            rig.clock.advance(seconds: 1000)
            #expect(try await browser.get("/desktops").location == "/sign-in")
        }
    }

    @Test("tells how long it has without counting that as use")
    func remaining() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":0,\"endsFinally\":true}")
            try await browser.signIn("anna")
            let csrf = try await browser.get("/desktops").hidden("csrf") ?? ""
            rig.clock.advance(seconds: 1000)
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":800,\"endsFinally\":false}")
            rig.clock.advance(seconds: 100)
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":700,\"endsFinally\":false}")
            let longer = try await browser.post("/session/extend", [("csrf", csrf), ("answer", "json")])
            #expect(longer.text == "{\"secondsLeft\":1800,\"endsFinally\":false}")
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":1800,\"endsFinally\":false}")
        }
    }

    @Test("has no second left only when it is over")
    func lastSecond() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            rig.clock.advance(seconds: 1799)
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":1,\"endsFinally\":false}")
            rig.clock.advance(milliseconds: 999)
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":1,\"endsFinally\":false}")
            rig.clock.advance(milliseconds: 1)
            #expect(try await browser.get("/session").text == "{\"secondsLeft\":0,\"endsFinally\":true}")
        }
    }

    @Test("is swept when it has ended, and the control plane hears of it")
    func swept() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in try await browser.signIn("anna") }
        let sessions = WebSessions(
            access: rig.access,
            store: rig.store,
            settings: { rig.settings },
            now: { rig.clock.now },
            logger: rig.log.logger
        )
        rig.clock.advance(seconds: 1700)
        await sessions.sweep()
        #expect(rig.store.all.count == 1)
        rig.clock.advance(seconds: 101)
        await sessions.sweep()
        #expect(rig.store.all.isEmpty)
        #expect(rig.access.calls.last == .signedOut("anna", known: false))
    }

    @Test("warns at least 20 seconds ahead")
    func warning() {
        #expect(20 <= PortalLimits.warnSeconds)
    }

    @Test("is found again when a link on another site leads here")
    func foreignLink() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let foreign: HTTPFields = [.secFetchSite: "cross-site", .secFetchMode: "navigate"]
            for path in ["/", "/desktops"] {
                let page = try await browser.get(path, foreign)
                #expect(page.status == 200)
                #expect(page.text.contains("content=\"0; url=/desktops\""))
            }
        }
    }
}
