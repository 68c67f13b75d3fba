// SPDX-License-Identifier: EUPL-1.2
// Torhaus: sign-out, and how long a session has left.

import HTTPTypes
import Hummingbird
import NIOCore
import Sessions

/// `/sign-out`, `/session`, `/session/extend`.
struct SessionController: Sendable {
    let sessions: WebSessions

    func addRoutes(to router: Router<PortalRequestContext>) {
        router.post("sign-out", use: signOut)
        router.get("session", use: remaining)
        router.post("session/extend", use: extend)
    }

    /// Ends the session; a session that is over already is no error.
    @Sendable func signOut(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let form = try await request.form()
        if let found = try await sessions.recognise(request, form: form) {
            try await sessions.end(found.session, client: context.client)
        }
        var response = Response.redirected(to: "/sign-in?notice=signed-out")
        response.remove(.session)
        return response
    }

    /// Seconds left, as the script asks before it warns: another tab may have been used meanwhile.
    ///
    /// Asking is no use of the session.
    @Sendable func remaining(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let found = try await sessions.recognise(request, touching: false)
        return .json(
            "{\"secondsLeft\":\(found?.secondsLeft ?? 0),\"endsFinally\":\(found?.endsFinally ?? true)}"
        )
    }

    /// Counts as use.
    ///
    /// A script gets the new time, a browser without scripts goes back to its desktops.
    @Sendable func extend(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let form = try await request.form()
        guard let found = try await sessions.recognise(request, form: form) else {
            if form.text("answer") == "json" { return .json("{\"secondsLeft\":0,\"endsFinally\":true}") }
            return .redirected(to: "/sign-in?notice=expired")
        }
        if form.text("answer") == "json" {
            return .json("{\"secondsLeft\":\(found.secondsLeft),\"endsFinally\":\(found.endsFinally)}")
        }
        return .redirected(to: "/desktops?notice=extended")
    }
}

extension Response {
    /// 303: the browser fetches the next page with GET.
    static func redirected(to path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }

    /// A JSON text made here; it never holds anything from outside.
    static func json(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}
