// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is known of a request besides its bytes.

import DaemonMessages
import Foundation
import Hummingbird

/// Made for each request.
struct PortalRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// From the PROXY header; nil only when there was none, and then nothing is served.
    var client: ClientContext?
    var language = Language.german

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        client = ConnectionClient.current?.context
    }

    /// No body is decoded by the framework; forms are read by `Request.form()`.
    var maxUploadSize: Int { PortalLimits.formBytes }

    /// What the help desk can find in the log when there is no other reference.
    var reference: String {
        let bytes = client?.correlation.bytes ?? []
        return "P-" + RandomText.hex(Array(bytes.prefix(5))).uppercased()
    }

    /// The client, for pages that need one; refused earlier when it is missing.
    func knownClient() throws -> ClientContext {
        guard let client else { throw PortalError.internalFault }
        return client
    }
}
