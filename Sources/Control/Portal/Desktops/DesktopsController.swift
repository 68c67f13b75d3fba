// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the list of desktops, and opening one.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sessions

/// `/desktops`, `/desktops/open`.
struct DesktopsController: Sendable {
    let sessions: WebSessions
    let notices: WaitingNotices
    let pages: PageRenderer
    let textPages: TextPagesController
    /// The signer as of now; nil sends unsigned files.
    let signer: @Sendable () -> (any RDPFileSigner)?

    func addRoutes(to router: Router<PortalRequestContext>) {
        router.get("desktops", use: list)
        router.post("desktops/open", use: open)
        // Reloading the desktop page after its form was sent can end here.
        router.get("desktops/open") { _, _ in Response.redirected(to: "/desktops") }
        router.get("desktop") { _, _ in Response.redirected(to: "/desktops") }
    }

    // MARK: The list

    @Sendable func list(_ request: Request, context: PortalRequestContext) async throws -> Response {
        guard let found = try await sessions.recognise(request) else {
            return try textPages.stepFromForeignLink(request, context) ?? .redirected(to: "/sign-in")
        }
        let person = found.session.person
        let client = try context.knownClient()
        let listings: [DesktopListing]
        do {
            listings = try await sessions.access.desktops(of: person, client: client)
        } catch {
            throw PortalError.refused(error)
        }
        let catalogue = pages.catalogue(context.language)
        let page = DesktopsPage(
            person: person,
            listings: listings,
            notice: notice(request).map { catalogue.text($0) },
            messages: PromptWording(catalogue: catalogue).messages(notices.take(for: found.session.id)),
            settings: pages.settings(),
            catalogue: catalogue,
            language: context.language
        )
        let frame = PageFrame(title: .titleDesktops, script: "desktops", session: found)
        return try pages.page("desktops", page, frame: frame, context: context)
    }

    private func notice(_ request: Request) -> Phrase? {
        switch request.uri.query {
        case "notice=password-changed": .noticePasswordChanged
        case "notice=extended": .noticeExtended
        default: nil
        }
    }

    // MARK: Opening

    @Sendable func open(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let form = try await request.form()
        guard let found = try await sessions.recognise(request, form: form) else {
            return .redirected(to: "/sign-in?notice=expired")
        }
        guard let id = form.text("desktop"), let kind = form.text("way").flatMap(OpeningKind.init(rawValue:))
        else {
            throw PortalError.badRequest
        }
        let ticket: IssuedTicket
        do {
            ticket = try await sessions.access.issueTicket(
                for: found.session.person,
                web: found.session.id,
                desktop: id,
                kind: kind,
                client: context.knownClient()
            )
        } catch let refusal as AccessRefusal {
            throw PortalError.refused(refusal)
        }
        switch kind {
        case .client: return try file(ticket, request, context)
        case .browser: return try desktopPage(ticket, found, request, context)
        }
    }

    private func file(
        _ ticket: IssuedTicket,
        _ request: Request,
        _ context: PortalRequestContext
    ) throws -> Response {
        let settings = pages.settings()
        var file = RDPFile(
            RDPConnection(
                address: ticket.desktop.address,
                port: ticket.desktop.port,
                gate: settings.publicName(for: request.head.authority),
                gatePort: settings.publicPort,
                ticket: ticket.text,
                redirections: ticket.desktop.redirections,
                account: ticket.desktop.accountHint
            )
        )
        if let signer = signer() {
            do {
                try file.sign(with: signer)
            } catch {
                // An unsigned file in place of a signed one would frighten, and teach people to click it
                // away.
                context.logger.error(".rdp file could not be signed", metadata: ["error": "\(error)"])
                throw PortalError.internalFault
            }
        }
        let name = RDPFileName(municipality: municipality(ticket, settings), desktop: ticket.desktop.title)
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/x-rdp",
                .contentDisposition: name.contentDisposition,
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: file.bytes))
        )
    }

    private func desktopPage(
        _ ticket: IssuedTicket,
        _ found: WebSessions.Recognised,
        _ request: Request,
        _ context: PortalRequestContext
    ) throws -> Response {
        let settings = pages.settings()
        let page = DesktopPage(
            title: ticket.desktop.title,
            municipality: municipality(ticket, settings),
            host: settings.publicHost(for: request.head.authority),
            ticket: ticket.text,
            clipboard: ticket.desktop.redirections.contains(.clipboard),
            graceSeconds: settings.reconnectGraceSeconds
        )
        let frame = PageFrame(title: .titleDesktop, script: "desktop", session: found, isDesktop: true)
        return try pages.page("desktop", page, frame: frame, context: context)
    }

    private func municipality(_ ticket: IssuedTicket, _ settings: PortalSettings) -> String {
        settings.municipalityTitles[ticket.desktop.municipality] ?? ticket.desktop.municipality
    }
}
