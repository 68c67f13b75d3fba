// SPDX-License-Identifier: EUPL-1.2
// Torhaus: headers, limits and refusals that hold for every page.

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import Testing

@testable import Portal

@Suite("every answer")
struct EdgeTests {
    static let paths = [
        "/", "/sign-in", "/desktops", "/hilfe", "/barrierefreiheit", "/leichte-sprache", "/health",
        "/session",
        "/nothing", "/assets/torhaus.css", "/assets/desktop.js", "/novnc/core/rfb.js", "/novnc/../x",
        "/desktop/x",
    ]

    @Test("carries the headers that keep browsers careful", arguments: paths)
    func headers(_ path: String) async throws {
        try await PortalRig().visit { browser in
            let page = try await browser.get(path)
            #expect(
                page.headers[.contentSecurityPolicy]
                    == "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self' wss://gate.example; form-action 'self'; frame-ancestors 'none'; "
                    + "base-uri 'none'"
            )
            #expect(page.headers[.strictTransportSecurity] == "max-age=31536000")
            #expect(page.headers[.xContentTypeOptions] == "nosniff")
            #expect(page.headers[.referrerPolicy] == "no-referrer")
            #expect(page.headers[.openerPolicy] == "same-origin")
            #expect(page.headers[.resourcePolicy] == "same-origin")
            #expect(page.headers[.permissionsPolicy]?.contains("camera=()") == true)
            let isFile = path.hasPrefix("/assets") || path == "/novnc/core/rfb.js"
            #expect((page.headers[.cacheControl] == "no-store") == !isFile)
            #expect(page.headers[.server] == nil)
        }
    }

    @Test("has no script or style inside the page")
    func noInline() async throws {
        try await PortalRig().visit { browser in
            try await browser.signIn("anna")
            let csrf = try await browser.get("/desktops").hidden("csrf") ?? ""
            let id = ScriptedAccess.listings[0].id
            let pages = [
                try await browser.get("/desktops"),
                try await browser.post(
                    "/desktops/open",
                    [("csrf", csrf), ("desktop", id), ("way", "browser")]
                ),
                try await browser.get("/nothing"),
                try await browser.get("/hilfe"),
            ]
            for page in pages {
                #expect(!page.text.contains("<style") && !page.text.contains(" style=\""))
                #expect(page.text.firstMatch(of: /<script(?![^>]* src=)/) == nil)
                #expect(page.text.firstMatch(of: /\son[a-z]+="/) == nil)
            }
        }
    }

    @Test("to HEAD is that to GET without a body")
    func head() async throws {
        try await PortalRig().visit { browser in
            for path in ["/sign-in", "/hilfe", "/nothing", "/assets/torhaus.css"] {
                let get = try await browser.get(path)
                let head = try await browser.send(path, .head)
                #expect(head.status == get.status)
                #expect(head.bytes.isEmpty)
            }
        }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let method: HTTPRequest.Method
        let path: String
        var headers: HTTPFields = [:]
        var body: String?
        let status: Int
        var allow: String?

        var testDescription: String { "\(method.rawValue) \(path) \(status)" }
    }

    static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

    // A literal of letters and underscores.
    // swift-format-ignore: NeverForceUnwrap
    static let gateway = HTTPRequest.Method("RDG_OUT_DATA")!

    static let refusals = [
        Refusal(method: .get, path: "/nothing", status: 404),
        Refusal(method: .put, path: "/nothing", status: 404),
        Refusal(method: .post, path: "/hilfe", headers: form, body: "", status: 405, allow: "GET, HEAD"),
        Refusal(method: .get, path: "/sign-out", status: 405, allow: "POST"),
        Refusal(method: .delete, path: "/desktops", status: 405, allow: "GET, HEAD"),
        Refusal(method: .options, path: "/sign-in", status: 405, allow: "GET, HEAD, POST"),
        Refusal(method: .trace, path: "/", status: 405, allow: "GET, HEAD"),
        Refusal(
            method: .post,
            path: "/sign-in",
            headers: [.contentType: "application/json"],
            body: "{}",
            status: 415
        ),
        Refusal(
            method: .post,
            path: "/sign-in",
            headers: [.contentType: "multipart/form-data"],
            body: "",
            status: 415
        ),
        Refusal(method: .post, path: "/sign-in", body: "username=anna", status: 415),
        Refusal(method: .post, path: "/sign-in", headers: form, body: "a=1&a=2", status: 400),
        Refusal(method: .post, path: "/sign-in", headers: form, body: "a=%", status: 400),
        Refusal(method: .get, path: "/" + String(repeating: "x", count: 1100), status: 400),
        Refusal(method: .get, path: "/desktop/0123456789ABCDEFGHJKMNPQRS", status: 421),
        Refusal(method: .get, path: "/Desktop/0123456789ABCDEFGHJKMNPQRS", status: 421),
        Refusal(method: .get, path: "/sign-in", headers: [.upgrade: "websocket"], status: 421),
        Refusal(method: gateway, path: "/remoteDesktopGateway/", status: 421),
        Refusal(method: .get, path: "/remoteDesktopGateway/", status: 421),
    ]

    @Test("refuses what is no request of ours", arguments: refusals)
    func refuses(_ one: Refusal) async throws {
        let rig = PortalRig()
        try await rig.visit { browser in
            let page = try await browser.send(
                one.path,
                one.method,
                one.headers,
                one.body.map { ByteBuffer(string: $0) }
            )
            #expect(page.status == one.status)
            #expect(page.headers[.allow] == one.allow)
            #expect(page.text.contains("id=\"reference\">P-ABABABABAB<"))
            #expect(page.text.contains("id=\"error\""))
            #expect((page.headers[.connection] == "close") == [413, 415, 421].contains(one.status))
        }
        #expect(rig.signIn.begun.isEmpty)
    }

    @Test("refuses a form that is too large, said beforehand or found out")
    func tooLarge() async throws {
        try await PortalRig().visit { browser in
            let large = ByteBuffer(repeating: UInt8(ascii: "x"), count: PortalLimits.formBytes + 1)
            let page = try await browser.send("/sign-in", .post, Self.form, large)
            #expect(page.status == 413)
            #expect(page.headers[.connection] == "close")
        }
    }

    @Test("is refused without a client: nothing bypasses the gate")
    func noClient() async throws {
        let rig = PortalRig()
        try await rig.application().application.test(.router) { client in
            let page = try await Browser(client: client).get("/sign-in")
            #expect(page.status == 500)
        }
    }

    @Test("to a question that takes too long is an error page")
    func slow() async throws {
        let rig = PortalRig()
        let router = Router(context: PortalRequestContext.self)
        router.get("slow") { _, _ in
            try await Task.sleep(for: .seconds(60))
            return Response(status: .ok)
        }
        let pages = PageRenderer(resources: try PortalResources(), settings: { rig.settings }, now: { 0 })
        var responder = PortalResponder(router: router.buildResponder(), pages: pages)
        responder.deadline = .milliseconds(20)
        try await ConnectionClient.$current.withValue(ConnectionClient(PortalRig.client)) {
            try await Application(responder: responder).test(.router) { client in
                let page = try await Browser(client: client).get("/slow")
                #expect(page.status == 408)
                #expect(page.text.contains("Das hat leider zu lange gedauert."))
            }
        }
    }

    @Test("of /health says whether the rest works")
    func health() async throws {
        var rig = PortalRig()
        try await rig.visit { browser in
            let page = try await browser.get("/health")
            #expect(page.status == 200)
            #expect(page.text == "ok\n")
        }
        rig.isWell = false
        try await rig.visit { browser in
            let page = try await browser.get("/health")
            #expect(page.status == 503)
        }
    }

    @Test("does not change with the Host header")
    func host() async throws {
        try await PortalRig().visit { browser in
            let page = try await browser.get("/sign-in", [.init("X-Forwarded-Host")!: "evil.example"])
            #expect(!page.text.contains("evil.example"))
        }
        let settings = PortalRig().settings
        #expect(settings.publicHost(for: "evil.example") == "gate.example")
        #expect(settings.publicHost(for: "TOR.example:443") == "tor.example")
        #expect(settings.publicHost(for: nil) == "gate.example")
    }
}

@Suite("noVNC's files")
struct NoVNCFilesTests {
    /// A folder that looks like the package, with traps.
    private func folder() throws -> URL {
        let root = FileManager.default.temporaryDirectory.appending(
            path: "torhaus-novnc-\(UUID().uuidString)"
        )
        let core = root.appending(path: "novnc/core")
        try FileManager.default.createDirectory(at: core, withIntermediateDirectories: true)
        try Data("export default 1;".utf8).write(to: core.appending(path: "rfb.js"))
        try Data("secret".utf8).write(to: root.appending(path: "secret.js"))
        try Data("secret".utf8).write(to: root.appending(path: "novnc/top.js"))
        try Data("secret".utf8).write(to: core.appending(path: ".hidden.js"))
        try Data("secret".utf8).write(to: core.appending(path: "page.html"))
        try Data(repeating: 0x20, count: PortalLimits.scriptFileBytes + 1).write(
            to: core.appending(path: "big.js")
        )
        func link(_ name: String, _ target: String) throws {
            let path = core.appending(path: name).path
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        }
        try link("inside.js", "rfb.js")
        try link("outside.js", "../../secret.js")
        try link("loop.js", "loop.js")
        try FileManager.default.createDirectory(
            at: core.appending(path: "dir.js"),
            withIntermediateDirectories: true
        )
        return root
    }

    @Test("are given out when they are modules of the package")
    func given() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(at: root) }
        let files = NoVNCFiles()
        let directory = root.appending(path: "novnc").path
        #expect(files.file(["core", "rfb.js"], in: directory)?.bytes == Array("export default 1;".utf8))
        #expect(files.file(["core", "inside.js"], in: directory)?.bytes == Array("export default 1;".utf8))
    }

    static let traps: [[String]] = [
        [], ["core"], ["top.js"], ["core", "outside.js"], ["core", "loop.js"], ["core", "dir.js"],
        ["core", ".hidden.js"], ["core", "page.html"], ["core", "big.js"], ["core", "missing.js"],
        ["core", "..", "..", "secret.js"], ["..", "secret.js"], ["core", "../../secret.js"],
        ["core", "%2e%2e", "secret.js"], ["app", "ui.js"], ["core", "rfb.js\0.js"], ["core", ""],
        ["core", "rfb.js", "x.js"],
        ["/etc/passwd.js"], ["core", String(repeating: "a", count: 5000) + ".js"],
    ]

    @Test("are nothing else of the disk", arguments: traps)
    func refused(_ path: [String]) throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(NoVNCFiles().file(path, in: root.appending(path: "novnc").path) == nil)
    }

    @Test("are read anew when the package is updated")
    func updated() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(at: root) }
        let files = NoVNCFiles()
        let directory = root.appending(path: "novnc").path
        _ = files.file(["core", "rfb.js"], in: directory)
        try Data("export default 22;".utf8).write(to: root.appending(path: "novnc/core/rfb.js"))
        #expect(files.file(["core", "rfb.js"], in: directory)?.bytes == Array("export default 22;".utf8))
    }

    @Test("of the distribution load all that they import")
    func complete() async throws {
        guard FileManager.default.fileExists(atPath: "/usr/share/novnc/core/rfb.js") else { return }
        try await PortalRig().visit { browser in
            var open = ["/novnc/core/rfb.js"]
            var seen: Set<String> = []
            while let path = open.popLast() {
                guard seen.insert(path).inserted else { continue }
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(page.headers[.contentType] == "text/javascript; charset=utf-8")
                let base = URL(fileURLWithPath: path).deletingLastPathComponent()
                for match in page.text.matches(of: /(?:import|from) ["'](\.[^"']+)["']/) {
                    open.append(base.appending(path: String(match.1)).standardized.path)
                }
            }
            #expect(seen.count > 30)
        }
    }
}

@Suite("the assets")
struct AssetTests {
    @Test("are kept for long under their version, and asked for again without it")
    func caching() async throws {
        try await PortalRig().visit { browser in
            let page = try await browser.get("/sign-in")
            let match = try #require(page.text.firstMatch(of: /\/assets\/torhaus\.css\?v=[0-9a-f]+/))
            let versioned = try await browser.get(String(match.0))
            #expect(versioned.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(versioned.headers[.contentType] == "text/css; charset=utf-8")
            let plain = try await browser.get("/assets/session.js")
            #expect(plain.headers[.cacheControl] == "public, no-cache")
            let tag = try #require(plain.headers[.eTag])
            #expect(try await browser.get("/assets/session.js", [.ifNoneMatch: tag]).status == 304)
            #expect(try await browser.get("/assets/..%2fde.json").status == 404)
            #expect(try await browser.get("/assets/layout.mustache").status == 404)
        }
    }
}
