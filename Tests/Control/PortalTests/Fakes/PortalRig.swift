// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a portal with fakes behind it, and a browser that keeps cookies in front of it.

import DaemonMessages
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

@testable import Portal

/// A clock that stands until it is moved.
final class StandingClock: Sendable {
    private let time = Mutex<UInt64>(1_800_000_000_000)

    var now: UInt64 { time.withLock { $0 } }
    func advance(seconds: UInt64) { advance(milliseconds: seconds * 1000) }
    func advance(milliseconds: UInt64) { time.withLock { $0 += milliseconds } }
}

struct PortalRig: Sendable {
    let signIn = ScriptedSignIn()
    let access = ScriptedAccess()
    let store = MemoryWebSessions()
    let clock = StandingClock()
    let log = RecordingLog()
    var settings = PortalSettings(
        county: "Landkreis Beispiel",
        publicNames: ["gate.example", "tor.example"],
        municipalityTitles: ["rhoenblick": "Rhönblick", "talheim": "Talheim"]
    )
    var signer: (any RDPFileSigner)?
    var isWell = true

    // The literals have the right lengths.
    // swift-format-ignore: NeverForceUnwrap
    static let client = ClientContext(
        address: ClientAddress(
            bytes: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 7],
            port: 50_000
        )!,
        correlation: CorrelationID(bytes: [UInt8](repeating: 0xAB, count: 16))!,
        transport: .browser
    )

    func application(_ address: PortalAddress = .tcp(host: "127.0.0.1", port: 0)) throws -> PortalApplication
    {
        PortalApplication(
            address: address,
            allowedPeers: nil,
            settings: { [settings] in settings },
            access: access,
            webSessions: store,
            signIn: signIn,
            signer: { [signer] in signer },
            health: { [isWell] in isWell },
            resources: try PortalResources(),
            now: { [clock] in clock.now },
            logger: log.logger
        )
    }

    /// Runs a visit; requests come from `PortalRig.client`.
    func visit(_ body: @Sendable (Browser) async throws -> Void) async throws {
        let application = try application().application
        try await ConnectionClient.$current.withValue(ConnectionClient(Self.client)) {
            try await application.test(.router) { client in
                try await body(Browser(client: client))
            }
        }
    }
}

/// Keeps cookies and finds hidden fields.
final class Browser: Sendable {
    struct Page: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String
        let bytes: [UInt8]

        var location: String? { headers[.location] }

        /// The value of the first hidden field of that name.
        func hidden(_ name: String) -> String? { attribute("value", after: "name=\"\(name)\"") }

        func attribute(_ name: String, after mark: String) -> String? {
            guard let start = text.range(of: mark), let tagEnd = text[start.upperBound...].firstIndex(of: ">")
            else {
                return nil
            }
            let tag = text[start.upperBound..<tagEnd]
            guard let from = tag.range(of: "\(name)=\"") else { return nil }
            return tag[from.upperBound...].prefix { $0 != "\"" }.description
        }

        /// The text between a tag with this id and the next tag.
        func content(ofID id: String) -> String? {
            guard let start = text.range(of: "id=\"\(id)\""),
                let open = text[start.upperBound...].firstIndex(of: ">")
            else { return nil }
            return text[text.index(after: open)...].prefix { $0 != "<" }.description
        }
    }

    private let client: any TestClientProtocol
    private let jar = Mutex<[String: String]>([:])

    init(client: any TestClientProtocol) { self.client = client }

    var cookies: [String: String] { jar.withLock { $0 } }
    func set(_ name: String, _ value: String?) { jar.withLock { $0[name] = value } }

    func get(_ path: String, _ headers: HTTPFields = [:]) async throws -> Page {
        try await send(path, .get, headers, nil)
    }

    func post(_ path: String, _ fields: [(String, String)], _ headers: HTTPFields = [:]) async throws -> Page
    {
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        var all: HTTPFields = [
            .contentType: "application/x-www-form-urlencoded",
            .secFetchSite: "same-origin",
        ]
        for header in headers { all[header.name] = header.value }
        return try await send(path, .post, all, ByteBuffer(string: body))
    }

    func send(
        _ path: String,
        _ method: HTTPRequest.Method,
        _ headers: HTTPFields = [:],
        _ body: ByteBuffer? = nil
    ) async throws -> Page {
        var headers = headers
        let cookies = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ")
        if !cookies.isEmpty { headers[.cookie] = cookies }
        let response = try await client.execute(uri: path, method: method, headers: headers, body: body)
        for field in response.headers[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            set(String(pair[0]), field.contains("Max-Age=0") ? nil : String(pair[1]))
        }
        return Page(
            status: response.status.code,
            headers: response.headers,
            text: String(buffer: response.body),
            bytes: Array(response.body.readableBytesView)
        )
    }

    /// From the first page to the last answer.
    @discardableResult
    func signIn(_ user: String, _ answers: [String] = ["richtig"]) async throws -> Page {
        let first = try await get("/sign-in")
        let page = try await post("/sign-in", [("username", user), ("csrf", first.hidden("csrf") ?? "")])
        return try await answer(page, answers)
    }

    /// Fills in the page of prompts.
    func answer(_ page: Page, _ answers: [String]) async throws -> Page {
        let fields = [("csrf", page.hidden("csrf") ?? ""), ("round", page.hidden("round") ?? "")]
        return try await post("/sign-in/answers", fields + answers.enumerated().map { ("answer-\($0)", $1) })
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

/// Remembers log lines.
final class RecordingLog: Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "portal-test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            log.state.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}
