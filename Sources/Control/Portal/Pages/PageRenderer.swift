// SPDX-License-Identifier: EUPL-1.2
// Torhaus: templates, catalogue and frame put together.

import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import Sessions

/// Makes the pages.
struct PageRenderer: Sendable {
    let resources: PortalResources
    let settings: @Sendable () -> PortalSettings
    /// Milliseconds since 1970.
    let now: @Sendable () -> UInt64

    /// All sentences of a language.
    func catalogue(_ language: Language) -> Catalogue {
        resources.catalogue(language)
    }

    /// A whole page.
    ///
    /// Everything the templates print is escaped for HTML by the template library.
    func page(
        _ template: String,
        _ page: Any,
        frame: PageFrame,
        status: HTTPResponse.Status = .ok,
        context: PortalRequestContext
    ) throws -> Response {
        let catalogue = catalogue(context.language)
        let view: [String: Any] = [
            "t": catalogue.pages,
            "frame": frameView(frame, catalogue: catalogue, language: context.language),
            "page": page,
        ]
        guard let html = resources.templates.render(view, withTemplate: template) else {
            throw PortalError.internalFault
        }
        return Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentLanguage: context.language.rawValue,
                .vary: "Accept-Language, Cookie",
            ],
            body: .init(byteBuffer: ByteBuffer(string: html))
        )
    }

    /// The page of an error.
    func page(for error: PortalError, context: PortalRequestContext) -> Response {
        let catalogue = catalogue(context.language)
        let phrases = error.phrases
        var view = ErrorPage(
            title: catalogue.text(phrases.title),
            sentence: catalogue.text(phrases.sentence),
            next: catalogue.text(phrases.next),
            reference: context.reference
        )
        if case .refused(let refusal) = error {
            view.sentence = refusal.text.text(context.language)
            view.reference = refusal.reference
        }
        let frame = PageFrame(title: phrases.title)
        var response =
            (try? page("error", view, frame: frame, status: error.status, context: context))
            ?? Response(status: error.status)
        switch error {
        case .method(let allowed): response.headers[.allow] = allowed
        // What is left of the body is not worth reading.
        case .misdirected, .tooLarge, .tooSlow, .contentType: response.headers[.connection] = "close"
        default: break
        }
        return response
    }

    private func frameView(_ frame: PageFrame, catalogue: Catalogue, language: Language) -> FrameView {
        let settings = settings()
        let session = frame.session.map { found in
            let end = OfficeClock.text(
                millisecondsSince1970: now() + UInt64(clamping: found.secondsLeft) * 1000
            )
            return FrameView.SessionView(
                name: found.session.person.displayName,
                secondsLeft: found.secondsLeft,
                warnSeconds: PortalLimits.warnSeconds,
                ends: catalogue.text(found.endsFinally ? .sessionEndsFinally : .sessionEndsAt, ["time": end]),
                endsFinally: found.endsFinally
            )
        }
        return FrameView(
            lang: language.rawValue,
            county: settings.county,
            title: catalogue.text(frame.title),
            csrf: frame.csrf.isEmpty ? frame.session?.session.csrfToken ?? "" : frame.csrf,
            script: frame.script,
            assets: resources.version,
            session: session,
            isDesktop: frame.isDesktop,
            isSignIn: frame.script == "sign-in"
        )
    }
}

/// `error.mustache`.
struct ErrorPage {
    let title: String
    var sentence: String
    let next: String
    var reference: String
}
