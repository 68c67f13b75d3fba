// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what happens to every request before and after its route.

import DaemonMessages
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sessions

/// Around the router: language, refusals, deadline, error pages, headers, the access log.
struct PortalResponder: HTTPResponder {
    typealias Context = PortalRequestContext

    let router: RouterResponder<PortalRequestContext>
    let pages: PageRenderer
    var deadline = PortalLimits.requestDeadline

    func respond(to request: Request, context: PortalRequestContext) async throws -> Response {
        let begin = ContinuousClock.now
        let context = prepared(context, for: request)
        var response: Response
        do {
            try Self.check(request, context)
            response = try await routed(request, context)
            if response.isBareError { throw Self.error(for: response.status, request) }
        } catch {
            response = pages.page(for: Self.portalError(error, context), context: context)
        }
        addHeaders(to: &response, request)
        if request.method == .head { response = response.createHeadResponse() }
        log(request, response, context, since: begin)
        return response
    }

    // MARK: Before

    private func prepared(_ context: PortalRequestContext, for request: Request) -> PortalRequestContext {
        var context = context
        context.language = Language.preferred(by: request.headers[.acceptLanguage])
        let agent = request.headers[.userAgent] ?? ""
        let visible = agent.unicodeScalars.filter { 0x20 <= $0.value && $0.value < 0x7F }
        context.client?.userAgent = String(
            String.UnicodeScalarView(visible.prefix(PortalLimits.userAgentBytes))
        )
        return context
    }

    private static func check(_ request: Request, _ context: PortalRequestContext) throws {
        guard !PortalRoutes.isMisdirected(request) else { throw PortalError.misdirected }
        guard context.client != nil else { throw PortalError.internalFault }
        guard request.uri.string.utf8.count <= PortalLimits.targetBytes else { throw PortalError.badRequest }
        guard [.get, .head, .post].contains(request.method) else {
            throw PortalRoutes.allowed(request.uri.path).map(PortalError.method) ?? PortalError.notFound
        }
        if request.method != .post,
            request.headers[.transferEncoding] != nil
                || (request.headers[.contentLength] ?? "0") != "0"
        {
            throw PortalError.tooLarge
        }
    }

    /// The route's answer, or `tooSlow`.
    ///
    /// Cancelling reaches whatever the route waits for.
    private func routed(_ request: Request, _ context: PortalRequestContext) async throws -> Response {
        try await withThrowingTaskGroup(of: Response.self) { group in
            group.addTask { try await router.respond(to: request, context: context) }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw PortalError.tooSlow
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw PortalError.internalFault }
            return response
        }
    }

    // MARK: Errors

    private static func error(for status: HTTPResponse.Status, _ request: Request) -> PortalError {
        switch status {
        case .notFound: PortalRoutes.allowed(request.uri.path).map(PortalError.method) ?? .notFound
        case .contentTooLarge: .tooLarge
        case .badRequest: .badRequest
        default: .internalFault
        }
    }

    private static func portalError(_ error: any Error, _ context: PortalRequestContext) -> PortalError {
        switch error {
        case let error as PortalError: return error
        case let refusal as AccessRefusal: return .refused(refusal)
        default:
            context.logger.error(
                "request failed",
                metadata: ["reference": "\(context.reference)", "error": "\(error)"]
            )
            return .internalFault
        }
    }

    // MARK: After

    private func addHeaders(to response: inout Response, _ request: Request) {
        let host = pages.settings().publicHost(for: request.head.authority)
        response.headers[.contentSecurityPolicy] = Self.contentPolicy(host: host)
        for (name, value) in Self.fixedHeaders { response.headers[name] = value }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    /// One policy for every page: what noVNC needs (data: pictures for cursors and JPEG, its WebSocket) is in
    /// it.
    static func contentPolicy(host: String) -> String {
        [
            "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:",
            "connect-src 'self' wss://\(host)", "form-action 'self'", "frame-ancestors 'none'",
            "base-uri 'none'",
        ].joined(separator: "; ")
    }

    private static let fixedHeaders: [(HTTPField.Name, String)] = [
        (.strictTransportSecurity, "max-age=31536000"),
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "no-referrer"),
        (.openerPolicy, "same-origin"),
        (.resourcePolicy, "same-origin"),
        (
            .permissionsPolicy,
            "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), "
                + "serial=(), usb=(), fullscreen=(self)"
        ),
    ]

    /// The route's pattern, never the path or query: those may hold a ticket.
    ///
    /// No names, no addresses: the correlation leads to the audit log for those who may read it.
    private func log(
        _ request: Request,
        _ response: Response,
        _ context: PortalRequestContext,
        since begin: ContinuousClock.Instant
    ) {
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue.prefix(16))",
                "route": "\(context.endpointPath ?? "-")",
                "status": "\(response.status.code)",
                "milliseconds": "\((ContinuousClock.now - begin) / .milliseconds(1))",
                "reference": "\(context.reference)",
            ]
        )
    }
}

extension Response {
    /// An error of the framework, without a page.
    fileprivate var isBareError: Bool {
        400 <= status.code && headers[.contentType] == nil && body.contentLength == 0
    }
}
