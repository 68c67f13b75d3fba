// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sign-in, page by page.

import DaemonMessages
import Foundation
import HTTPTypes
import Sessions
import Testing

@testable import Portal

@Suite("signing in")
struct SignInTests {
    @Test("asks for the name, then what PAM asks, then shows the desktops")
    func straight() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            #expect(try await browser.get("/").location == "/sign-in")
            let first = try await browser.get("/sign-in")
            #expect(first.status == 200)
            #expect(first.text.contains("<html lang=\"de\">"))
            #expect(first.text.contains("id=\"sign-in\""))
            #expect(first.attribute("autocomplete", after: "id=\"username\"") == "username")
            let second = try await browser.post(
                "/sign-in",
                [("username", " anna "), ("csrf", first.hidden("csrf")!)]
            )
            #expect(second.status == 200)
            #expect(second.attribute("autocomplete", after: "id=\"answer-0\"") == "current-password")
            #expect(second.attribute("type", after: "id=\"answer-0\"") == "password")
            #expect(second.attribute("value", after: "id=\"username\"") == "anna")
            #expect(second.text.contains("autocomplete=\"username\" readonly"))
            let third = try await browser.answer(second, ["richtig"])
            #expect(third.status == 303)
            #expect(third.location == "/desktops")
            #expect(try await browser.get("/").location == "/desktops")
            #expect(try await browser.get("/sign-in").location == "/desktops")
        }
        #expect(rig.access.calls.first == .signedIn("anna"))
        #expect(rig.signIn.begun.first?.remoteHost == "192.0.2.7")
        #expect(rig.signIn.begun.first?.user == "anna")
    }

    @Test("asks for several answers at once")
    func together() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in",
                [("username", "beides"), ("csrf", first.hidden("csrf")!)]
            )
            #expect(page.attribute("autocomplete", after: "id=\"answer-1\"") == "one-time-code")
            #expect(page.attribute("inputmode", after: "id=\"answer-1\"") == "numeric")
            #expect(try await browser.answer(page, ["richtig", "123456"]).location == "/desktops")
        }
        #expect(rig.store.all.first?.person.secondFactor == .totp)
    }

    @Test("asks one after the other, with a new cookie each time")
    func oneByOne() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let code = try await browser.signIn("otto")
            let before = browser.cookies["__Host-torhaus-entry"]
            #expect(code.attribute("autocomplete", after: "id=\"answer-0\"") == "one-time-code")
            #expect(code.hidden("round") == "1")
            #expect(before != nil)
            #expect(try await browser.answer(code, ["123456"]).location == "/desktops")
            #expect(browser.cookies["__Host-torhaus-entry"] == nil)
        }
    }

    @Test("changes an expired password")
    func expired() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let page = try await browser.signIn("alt")
            #expect(page.text.contains("Ihr Kennwort ist abgelaufen."))
            #expect(!page.text.contains("Password expired"))
            #expect(page.attribute("autocomplete", after: "id=\"answer-0\"") == "current-password")
            #expect(page.attribute("autocomplete", after: "id=\"answer-1\"") == "new-password")
            #expect(page.attribute("autocomplete", after: "id=\"answer-2\"") == "new-password")
            let last = try await browser.answer(page, ["richtig", "ein ganz neues", "ein ganz neues"])
            #expect(last.location == "/desktops?notice=password-changed")
            #expect(try await browser.get(last.location!).text.contains("Ihr Kennwort wurde geändert."))
        }
        // Recorded first: the password is changed whether or not the rules let her in.
        #expect(rig.access.calls.prefix(2) == [.passwordChanged("alt"), .signedIn("alt")])
    }

    @Test("tells of a changed password only where one was changed, and also when the rules say no")
    func changedAndRefused() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let last = try await browser.signIn("anna")
            #expect(last.location == "/desktops")
        }
        try await rig.visit { browser in
            try await browser.signIn("ausgesperrt")
        }
        let calls = rig.access.calls
        #expect(!calls.contains(.passwordChanged("anna")))
        #expect(calls.suffix(2) == [.passwordChanged("ausgesperrt"), .signedIn("ausgesperrt")])
    }

    @Test("tells of a changed password also when the sign-in fails after it")
    func changedAndFailed() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let last = try await browser.signIn("halb")
            #expect(last.status == 503)
        }
        #expect(rig.access.calls == [.passwordChanged("halb"), .failed(.unavailable, "halb")])
    }

    @Test("shows a module's own words only below ours, and harmless")
    func foreignWords() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in",
                [("username", "karte"), ("csrf", first.hidden("csrf")!)]
            )
            #expect(page.text.contains("Der Anmeldedienst hat einen Hinweis für Sie."))
            #expect(page.text.contains("Look &lt;here&gt; &amp; answer"))
            #expect(page.text.contains("Weitere Angabe"))
            #expect(page.text.contains("Favourite colour:"))
            #expect(page.attribute("type", after: "id=\"answer-0\"") == "text")
            #expect(try await browser.answer(page, ["blau"]).location == "/desktops")
        }
    }

    @Test("shows what was said last on the next page, once")
    func lastWords() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("hinweis")
            #expect(try await browser.get("/desktops").text.contains("Your password will expire in 3 days."))
            #expect(try await !browser.get("/desktops").text.contains("Your password will expire"))
        }
    }

    struct Failure: CustomTestStringConvertible, Sendable {
        let user: String
        let status: Int
        let sentence: String

        var testDescription: String { user }
    }

    static let failures = [
        Failure(user: "anna", status: 403, sentence: "Benutzername, Kennwort oder Einmalcode stimmen nicht."),
        Failure(
            user: "niemand",
            status: 403,
            sentence: "Benutzername, Kennwort oder Einmalcode stimmen nicht."
        ),
        Failure(user: "viele", status: 429, sentence: "Zu viele Versuche. Bitte warten Sie 30 Sekunden"),
        Failure(user: "weg", status: 503, sentence: "Die Anmeldung ist gerade nicht möglich."),
    ]

    @Test("says in one sentence why it did not work, with a reference", arguments: failures)
    func fails(_ one: Failure) async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            var page = try await browser.post(
                "/sign-in",
                [("username", one.user), ("csrf", first.hidden("csrf")!)]
            )
            if page.text.contains("id=\"answers\"") { page = try await browser.answer(page, ["falsch"]) }
            #expect(page.status == one.status)
            #expect(page.text.contains("id=\"error\""))
            #expect(page.text.contains(one.sentence))
            #expect(page.content(ofID: "reference") == "R-2B4D-X9")
            #expect(page.text.contains("id=\"sign-in\""))
            #expect(page.headers[.retryAfter] == (one.status == 429 ? "30" : nil))
            #expect(browser.cookies["__Host-torhaus"] == nil)
            // The page at hand can be used for the next try.
            let again = try await browser.post(
                "/sign-in",
                [("username", "anna"), ("csrf", page.hidden("csrf")!)]
            )
            #expect(again.text.contains("id=\"answers\""))
        }
        #expect(rig.store.all.isEmpty)
    }

    @Test("shows the same page to unknown people and for wrong passwords")
    func sameWords() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            func failure(_ user: String) async throws -> String {
                let page = try await browser.signIn(user, ["falsch"])
                let csrf = page.hidden("csrf") ?? "-"
                return page.text.replacing(csrf, with: "").replacing(user, with: "")
            }
            let wrong = try await failure("anna")
            let unknown = try await failure("niemand")
            #expect(wrong == unknown)
        }
    }

    @Test("is refused by the policy with its own sentence")
    func refused() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let page = try await browser.signIn("ausgesperrt")
            #expect(page.status == 403)
            #expect(page.text.contains("Ihr Konto ist für den Zugang von außen nicht freigegeben."))
            #expect(page.content(ofID: "reference") == "R-7F3K-Q2")
            #expect(browser.cookies["__Host-torhaus"] == nil)
        }
        #expect(rig.store.all.isEmpty)
    }

    @Test("wants a user name of sensible length")
    func names() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            for name in ["", "   ", String(repeating: "x", count: 256), "a\u{0}b"] {
                let first = try await browser.get("/sign-in")
                let page = try await browser.post(
                    "/sign-in",
                    [("username", name), ("csrf", first.hidden("csrf")!)]
                )
                #expect(page.status == 400)
                #expect(page.text.contains("id=\"error\""))
            }
        }
        #expect(rig.signIn.begun.isEmpty)
    }

    @Test("takes no answer that PAM would cut")
    func answers() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            for answer in [String(repeating: "x", count: 512), "a\u{0}b"] {
                let page = try await browser.signIn("anna", [answer])
                #expect(page.status == 400)
            }
            let page = try await browser.signIn("anna", [])
            #expect(page.status == 400)
        }
        #expect(rig.signIn.answers.isEmpty)
        #expect(rig.signIn.abandoned == 3)
    }

    @Test("reaches PAM as the bytes that were typed")
    func bytes() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna", ["gr+üß & =%é "])
        }
        #expect(rig.signIn.answers == [[Array("gr+üß & =%é ".utf8)]])
    }
}

@Suite("a sign-in under way")
struct PendingSignInTests {
    @Test("ends when its time is over")
    func deadline() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in",
                [("username", "anna"), ("csrf", first.hidden("csrf")!)]
            )
            rig.clock.advance(seconds: 121)
            let late = try await browser.answer(page, ["richtig"])
            #expect(late.status == 403)
            #expect(late.text.contains("Die Anmeldung hat zu lange gedauert."))
        }
        #expect(rig.signIn.abandoned == 1)
        #expect(rig.store.all.isEmpty)
    }

    @Test("ends when the person goes back to the beginning, or leaves")
    func leaving() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in",
                [("username", "anna"), ("csrf", first.hidden("csrf")!)]
            )
            let second = try await browser.get("/sign-in")
            #expect(rig.signIn.abandoned == 1)
            #expect(try await browser.answer(page, ["richtig"]).status == 403)

            let other = try await browser.post(
                "/sign-in",
                [("username", "otto"), ("csrf", second.hidden("csrf")!)]
            )
            // The older answer took its cookie along; this page is out of date as well.
            _ = other
            let fresh = try await browser.get("/sign-in")
            let last = try await browser.post(
                "/sign-in",
                [("username", "anna"), ("csrf", fresh.hidden("csrf")!)]
            )
            let left = try await browser.post("/sign-in/abandon", [("csrf", last.hidden("csrf")!)])
            #expect(left.status == 204)
        }
        #expect(rig.signIn.abandoned >= 2)
    }

    @Test("is answered once: a second answer finds nothing")
    func once() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in",
                [("username", "otto"), ("csrf", first.hidden("csrf")!)]
            )
            let entry = browser.cookies["__Host-torhaus-entry"]
            _ = try await browser.answer(page, ["richtig"])
            browser.set("__Host-torhaus-entry", entry)
            #expect(try await browser.answer(page, ["richtig"]).status == 403)
        }
        #expect(rig.signIn.answers.count == 1)
    }

    @Test("belongs to the browser that began it")
    func bound() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let first = try await browser.get("/sign-in")
            let page = try await browser.post(
                "/sign-in",
                [("username", "anna"), ("csrf", first.hidden("csrf")!)]
            )
            browser.set("__Host-torhaus-entry", String(repeating: "a", count: 64))
            #expect(try await browser.answer(page, ["richtig"]).status == 403)
            browser.set("__Host-torhaus-entry", nil)
            #expect(try await browser.answer(page, ["richtig"]).status == 403)
        }
        #expect(rig.signIn.answers.isEmpty)
    }

    @Test("is one of a bounded number")
    func bounded() async throws {
        let pending = PendingSignIns(now: { 0 })
        for _ in 0..<PortalLimits.pendingSignInsPerAddress {
            #expect(await pending.reserve(PortalRig.client.address))
        }
        #expect(await !pending.reserve(PortalRig.client.address))
        await pending.release(PortalRig.client.address)
        #expect(await pending.reserve(PortalRig.client.address))
    }

    @Test("is swept when nobody answers")
    func swept() async throws {
        let rig = PortalRig()
        let pending = PendingSignIns(now: { rig.clock.now })
        let (conversation, _) = try await rig.signIn.begin(
            .init(user: "anna", remoteHost: "", correlation: PortalRig.client.correlation)
        )
        let one = PendingSignIns.Pending(
            user: "anna",
            conversation: conversation,
            prompts: [],
            address: PortalRig.client.address,
            deadline: rig.clock.now + 1000,
            round: 0
        )
        await pending.keep(one, entry: [1])
        await pending.sweep()
        #expect(await pending.count == 1)
        rig.clock.advance(seconds: 2)
        await pending.sweep()
        #expect(await pending.count == 0)
        #expect(rig.signIn.abandoned == 1)
    }
}
