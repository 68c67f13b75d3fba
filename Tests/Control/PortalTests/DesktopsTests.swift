// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the list of desktops, and opening one.

import Foundation
import HTTPTypes
import Sessions
import Testing

@testable import Portal

@Suite("the desktops of a person")
struct DesktopsTests {
    @Test("are listed by municipality, each with its ways")
    func list() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let page = try await browser.get("/desktops")
            let rhoen = try #require(page.text.range(of: ">Rhönblick</h2>"))
            let talheim = try #require(page.text.range(of: ">Talheim</h2>"))
            #expect(rhoen.lowerBound < talheim.lowerBound)
            for listing in ScriptedAccess.listings {
                #expect(page.text.contains("data-desktop=\"\(listing.id)\""))
            }
            #expect(page.text.ranges(of: "name=\"way\" value=\"client\"").count == 2)
            #expect(page.text.ranges(of: "name=\"way\" value=\"browser\"").count == 2)
            #expect(page.text.contains(">Mit Remotedesktop öffnen</button>"))
            #expect(page.text.contains(">Im Browser öffnen</button>"))
            #expect(page.text.contains("von Montag bis Freitag zwischen 6 und 20 Uhr"))
            #expect(page.text.contains("Vertretung &lt;Rathaus&gt; &amp; Archiv"))
        }
    }

    @Test("are in English for those who prefer it")
    func english() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let page = try await browser.get("/desktops", [.acceptLanguage: "en-GB,en;q=0.9"])
            #expect(page.text.contains("<html lang=\"en\">"))
            #expect(page.text.contains(">Open in the browser</button>"))
            #expect(page.text.contains("This desktop is open from Monday to Friday"))
        }
    }

    @Test("are explained when there are none")
    func none() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            try await browser.signIn("fremd")
            let page = try await browser.get("/desktops")
            #expect(page.status == 200)
            #expect(page.text.contains("Für Sie ist noch kein Arbeitsplatz eingerichtet"))
            #expect(page.text.contains("Bitte wenden Sie sich an die IT Ihrer Gemeinde."))
        }
    }

    private func open(_ rig: PortalRig, _ id: String, _ way: String) async throws -> Browser.Page {
        let box = Box()
        try await rig.visit { browser in
            try await browser.signIn("anna")
            let csrf = try await browser.get("/desktops").hidden("csrf") ?? ""
            box.page = try await browser.post(
                "/desktops/open",
                [("csrf", csrf), ("desktop", id), ("way", way)]
            )
        }
        return try #require(box.page)
    }

    private final class Box: @unchecked Sendable { var page: Browser.Page? }

    @Test("open as a file for the person's own client")
    func client() async throws {
        var rig = PortalRig()
        rig.signer = RDPFileTests.Fixed()
        let page = try await open(rig, ScriptedAccess.listings[0].id, "client")
        #expect(page.status == 200)
        #expect(page.headers[.contentType] == "application/x-rdp")
        #expect(page.headers[.cacheControl] == "no-store")
        let disposition = try #require(page.headers[.contentDisposition])
        #expect(disposition.contains("filename=\"Rhoenblick-Arbeitsplatz-1.rdp\""))
        #expect(disposition.contains("filename*=UTF-8''Rh%C3%B6nblick-Arbeitsplatz-1.rdp"))
        let lines = page.text.components(separatedBy: "\r\n")
        #expect(lines.contains("full address:s:rb-01.desktops.example"))
        #expect(lines.contains("gatewayaccesstoken:s:\(ScriptedAccess.ticket)"))
        #expect(lines.contains("gatewayhostname:s:gate.example"))
        #expect(lines.contains("username:s:RHOEN\\anna"))
        #expect(lines.contains { $0.hasPrefix("signature:s:") })
    }

    @Test("open in the browser, with the ticket in the page and nowhere else")
    func browser() async throws {
        var rig = PortalRig()
        rig.settings.publicPort = 8443
        let page = try await open(rig, ScriptedAccess.listings[3].id, "browser")
        #expect(page.status == 200)
        #expect(page.headers[.cacheControl] == "no-store")
        #expect(page.attribute("data-ticket", after: "class=\"viewer\"") == ScriptedAccess.ticket)
        #expect(page.attribute("data-host", after: "class=\"viewer\"") == "gate.example:8443")
        #expect(page.text.ranges(of: ScriptedAccess.ticket).count == 1)
        #expect(
            page.headers[.contentSecurityPolicy]?.contains("connect-src 'self' wss://gate.example:8443")
                == true
        )
        #expect(page.text.contains("Vertretung &lt;Rathaus&gt; &amp; Archiv"))
    }

    @Test("refuse with the decision's sentence and reference")
    func refused() async throws {
        for id in [ScriptedAccess.listings[2].id, "other/pool/x", "../../etc/passwd"] {
            let page = try await open(PortalRig(), id, "client")
            #expect(page.status == 403)
            #expect(page.text.contains("Dieser Arbeitsplatz ist außerhalb der Dienstzeit geschlossen."))
            #expect(page.content(ofID: "reference") == "R-9ZZZ-01")
        }
    }

    @Test("open in known ways only")
    func ways() async throws {
        for way in ["", "telnet", "CLIENT"] {
            #expect(try await open(PortalRig(), ScriptedAccess.listings[0].id, way).status == 400)
        }
    }

    @Test("are not sent unsigned when signing fails")
    func signingFails() async throws {
        struct Broken: RDPFileSigner {
            struct Fault: Error {}
            func signature(over bytes: [UInt8]) throws -> [UInt8] { throw Fault() }
        }
        var rig = PortalRig()
        rig.signer = Broken()
        let page = try await open(rig, ScriptedAccess.listings[0].id, "client")
        #expect(page.status == 500)
        #expect(!page.text.contains("gatewayaccesstoken"))
    }

    @Test("want a session")
    func session() async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            #expect(try await browser.get("/desktops").location == "/sign-in")
            let page = try await browser.post("/desktops/open", [("desktop", "x"), ("way", "client")])
            #expect(page.location == "/sign-in?notice=expired")
        }
        #expect(rig.access.calls.isEmpty)
    }

    @Test("leave no ticket, name or query in the log")
    func log() async throws {
        let rig = PortalRig()
        _ = try await open(rig, ScriptedAccess.listings[0].id, "client")
        _ = try await open(rig, ScriptedAccess.listings[0].id, "browser")
        try await rig.visit { browser in
            _ = try await browser.get("/desktop/\(ScriptedAccess.ticket)")
            _ = try await browser.get("/sign-in?secret=\(ScriptedAccess.ticket)")
            _ = try await browser.get("/\(ScriptedAccess.ticket)")
        }
        let lines = rig.log.lines.filter { !$0.hasPrefix("trace") && !$0.hasPrefix("debug") }
        #expect(lines.count > 10)
        #expect(
            !lines.contains {
                $0.contains(ScriptedAccess.ticket) || $0.contains("anna") || $0.contains("richtig")
            }
        )
    }
}
