// SPDX-License-Identifier: EUPL-1.2
// Torhaus: styles, scripts and noVNC's modules.

import HTTPTypes
import Hummingbird
import NIOCore

/// `/assets/NAME`, `/novnc/PATH`.
struct AssetsController: Sendable {
    let resources: PortalResources
    let noVNC: NoVNCFiles
    let settings: @Sendable () -> PortalSettings

    func addRoutes(to router: Router<PortalRequestContext>) {
        router.get("assets/:name", use: asset)
        router.get("novnc/**", use: script)
    }

    @Sendable func asset(_ request: Request, context: PortalRequestContext) async throws -> Response {
        guard let name = context.parameters.get("name"), let asset = resources.assets[name] else {
            throw PortalError.notFound
        }
        // Pages ask with the version; modules that import each other cannot, and ask again each day.
        let isVersioned = request.uri.query == "v=\(resources.version)"
        let keep = isVersioned ? "public, max-age=31536000, immutable" : "public, no-cache"
        return Self.response(asset.bytes, asset.contentType, tag: asset.tag, keep: keep, to: request)
    }

    @Sendable func script(_ request: Request, context: PortalRequestContext) async throws -> Response {
        let path = context.parameters.getCatchAll().map(String.init)
        guard let file = noVNC.file(path, in: settings().noVNCDirectory) else { throw PortalError.notFound }
        let type = "text/javascript; charset=utf-8"
        return Self.response(file.bytes, type, tag: file.tag, keep: "public, max-age=3600", to: request)
    }

    private static func response(
        _ bytes: [UInt8],
        _ contentType: String,
        tag: String,
        keep: String,
        to request: Request
    ) -> Response {
        var headers: HTTPFields = [.contentType: contentType, .eTag: tag, .cacheControl: keep]
        if request.headers[.ifNoneMatch] == tag {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
