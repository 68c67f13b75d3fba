// SPDX-License-Identifier: EUPL-1.2
// Torhaus: Portal is the web pages that people see: sign-in, their desktops, the .rdp file, the desktop in
// the browser. It asks the control plane for everything it shows and grants nothing by itself.

package import AuthClient
import Glibc
import Hummingbird
import HummingbirdCore
package import Logging
import ServiceLifecycle
package import Sessions

/// Where the portal listens.
package enum PortalAddress: Sendable, Hashable {
    /// A Unix socket; each connection begins with a PROXY v2 header.
    case unix(path: String)
    /// For tests: the same on TCP.
    case tcp(host: String, port: Int)
}

/// The portal as a service: `run()` serves until graceful shutdown.
package struct PortalApplication: Service {
    let application: Application<PortalResponder>

    /// Puts the portal together; nothing is opened before `run()`.
    /// - Parameters:
    ///   - address: Where to listen. An old socket file is replaced.
    ///   - allowedPeers: User ids (SO_PEERCRED) that may connect, usually the gate's alone; nil allows any
    ///     and is meant for tests.
    ///   - settings: Called for each request, so that a reload takes effect with the next page.
    ///   - access: Decisions and tickets.
    ///   - webSessions: Where signed-in browsers are kept.
    ///   - signIn: PAM conversations.
    ///   - signer: Called for each .rdp file; nil sends unsigned files.
    ///   - health: True when audit log and policy work: `/health`.
    ///   - resources: Templates, catalogues and assets.
    ///   - now: Milliseconds since 1970.
    ///   - logger: Gets one line for each request: method, route, status, time, reference.
    package init(
        address: PortalAddress,
        allowedPeers: Set<UInt32>?,
        settings: @escaping @Sendable () -> PortalSettings,
        access: any DesktopAccess,
        webSessions: any WebSessionStore,
        signIn: any SignInService,
        signer: @escaping @Sendable () -> (any RDPFileSigner)?,
        health: @escaping @Sendable () async -> Bool,
        resources: PortalResources,
        now: @escaping @Sendable () -> UInt64 = PortalApplication.systemTime,
        logger: Logger
    ) {
        let pages = PageRenderer(resources: resources, settings: settings, now: now)
        let sessions = WebSessions(
            access: access,
            store: webSessions,
            settings: settings,
            now: now,
            logger: logger
        )
        let pending = PendingSignIns(now: now)
        let notices = WaitingNotices()
        let texts = TextPagesController(sessions: sessions, pages: pages)

        let router = Router(context: PortalRequestContext.self, options: .autoGenerateHeadEndpoints)
        texts.addRoutes(to: router)
        SignInController(
            sessions: sessions,
            service: signIn,
            pending: pending,
            notices: notices,
            pages: pages
        )
        .addRoutes(to: router)
        SessionController(sessions: sessions).addRoutes(to: router)
        DesktopsController(
            sessions: sessions,
            notices: notices,
            pages: pages,
            textPages: texts,
            signer: signer
        )
        .addRoutes(to: router)
        AssetsController(resources: resources, noVNC: NoVNCFiles(), settings: settings).addRoutes(to: router)
        PortalRoutes.addHealth(to: router, health)

        application = Application(
            responder: PortalResponder(router: router.buildResponder(), pages: pages),
            server: .portal(allowedPeers: allowedPeers),
            configuration: .init(
                address: address.bindAddress,
                serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(PortalLimits.connections)
            ),
            services: [Sweeper(sessions: sessions, pending: pending)],
            onServerRunning: { _ in address.openForPeers(checked: allowedPeers != nil) },
            logger: logger
        )
    }

    /// Serves until graceful shutdown.
    package func run() async throws {
        try await application.run()
    }

    /// The machine's clock in milliseconds since 1970.
    package static let systemTime: @Sendable () -> UInt64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) * 1000 + UInt64(clamping: time.tv_nsec / 1_000_000)
    }
}

extension PortalAddress {
    fileprivate var bindAddress: BindAddress {
        switch self {
        case .unix(let path): .unixDomainSocket(path: path)
        case .tcp(let host, let port): .hostname(host, port: port)
        }
    }

    /// The gate runs as another user.
    ///
    /// Who may speak is decided by the kernel's word on the peer, so the file's mode need not decide it too;
    /// without that check it must.
    fileprivate func openForPeers(checked: Bool) {
        guard case .unix(let path) = self else { return }
        chmod(path, checked ? 0o666 : 0o600)
    }
}
