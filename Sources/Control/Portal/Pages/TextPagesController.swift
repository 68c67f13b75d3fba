// SPDX-License-Identifier: EUPL-1.2
// Torhaus: pages that are only text, and the way in.

import Hummingbird

/// `/`, `/hilfe`, `/barrierefreiheit`, `/leichte-sprache`.
struct TextPagesController: Sendable {
    let sessions: WebSessions
    let pages: PageRenderer

    /// A template that needs nothing but the contact.
    struct TextPage {
        /// Whom to ask, or nil for the generic sentence.
        let contact: String?
        let county: String
        let minutes: Int
    }

    func addRoutes(to router: Router<PortalRequestContext>) {
        router.get("/", use: home)
        router.get("hilfe") { try await text("help", .titleHelp, $0, $1) }
        router.get("barrierefreiheit") { try await text("accessibility", .titleAccessibility, $0, $1) }
        router.get("leichte-sprache") { try await text("easy-language", .titleEasyLanguage, $0, $1) }
    }

    @Sendable private func home(_ request: Request, context: PortalRequestContext) async throws -> Response {
        if try await sessions.recognise(request) != nil { return .redirected(to: "/desktops") }
        if let step = try stepFromForeignLink(request, context) { return step }
        return .redirected(to: "/sign-in")
    }

    /// A link on another site, such as the intranet's, arrives without our SameSite=Strict cookie.
    ///
    /// A page of ours that goes on by itself makes the next request our own, cookie included.
    func stepFromForeignLink(_ request: Request, _ context: PortalRequestContext) throws -> Response? {
        guard request.followsForeignLink else { return nil }
        return try pages.page("forward", (), frame: PageFrame(title: .titleForward), context: context)
    }

    private func text(
        _ template: String,
        _ title: Phrase,
        _ request: Request,
        _ context: PortalRequestContext
    ) async throws -> Response {
        let settings = pages.settings()
        let page = TextPage(
            contact: settings.contact.isEmpty ? nil : settings.contact,
            county: settings.county,
            minutes: settings.ticketMinutes
        )
        // Reading is not forced to be use of a session, and needs none.
        let found = try? await sessions.recognise(request, touching: false)
        return try pages.page(
            template,
            page,
            frame: PageFrame(title: title, session: found),
            context: context
        )
    }
}
