// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the configuration in force, and how another one takes its place.

import AuditEvents
import CountyConfiguration
import Foundation
import Logging
import OpenSSLKit
import Portal
import ServiceLifecycle
import Sessions
import Synchronization
import UnixSignals

/// Swapped as one value; a broken file changes nothing.
final class ConfigurationHolder: Sendable {
    private struct State {
        var configuration: Configuration
        var version: String
        var portal: PortalSettings
        var signer: (any RDPFileSigner)?
    }

    private let state: Mutex<State>
    private let path: String
    private let rules: RulesHolder
    private let audit: any AuditTrail
    private let logger: Logger

    init(
        _ configuration: Configuration,
        path: String,
        rules: RulesHolder,
        audit: any AuditTrail,
        logger: Logger
    ) {
        self.path = path
        self.rules = rules
        self.audit = audit
        self.logger = logger
        state = Mutex(Self.state(of: configuration, logger))
    }

    var configuration: Configuration { state.withLock { $0.configuration } }
    var version: String { state.withLock { $0.version } }
    var portalSettings: PortalSettings { state.withLock { $0.portal } }
    var signer: (any RDPFileSigner)? { state.withLock { $0.signer } }

    /// Names a configuration in records: the same content has the same name.
    static func version(of configuration: Configuration) -> String {
        let digest = Digest.sha256(Array(configuration.canonicalText.utf8))
        return digest.prefix(6).map { String($0, radix: 16).leftPadded(to: 2) }.joined()
    }

    private static func state(of configuration: Configuration, _ logger: Logger) -> State {
        for warning in configuration.warnings { logger.warning("\(warning)") }
        var signer: CMSFileSigner?
        if let pair = configuration.rdpSigning {
            do {
                signer = CMSFileSigner(try CMSSigner(CertificateFiles(chain: pair.chain, key: pair.key)))
            } catch {
                logger.error(".rdp files are not signed: \(error)")
            }
        }
        return State(
            configuration: configuration,
            version: version(of: configuration),
            portal: PortalSettings(configuration),
            signer: signer
        )
    }

    /// Reads the files again.
    ///
    /// What is valid takes effect with the next question; what is not changes nothing, and every mistake is
    /// logged and recorded.
    func reload() async {
        do throws(ConfigurationError) {
            let configuration = try Configuration.load(path, certificates: .signing)
            let next = Self.state(of: configuration, logger)
            rules.replace(SessionRules(configuration, version: next.version))
            state.withLock { $0 = next }
            logger.notice("configuration \(next.version) is in force")
            _ = try? await audit.append(
                .configurationLoaded(
                    version: next.version,
                    municipalities: configuration.municipalities.count
                )
            )
        } catch {
            logger.error("the configuration was not reloaded, the old one stays in force:\n\(error)")
            for problem in error.problems {
                _ = try? await audit.append(
                    .configurationRejected(file: problem.file, line: problem.line, mistake: problem.message)
                )
            }
        }
    }
}

/// SIGHUP reads the configuration again.
struct ReloadOnHangUp: Service {
    let holder: ConfigurationHolder

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) { await holder.reload() }
        }
    }
}

/// Signs with the certificate of torhaus.yaml.
struct CMSFileSigner: RDPFileSigner {
    private let signer: CMSSigner

    init(_ signer: CMSSigner) { self.signer = signer }

    func signature(over bytes: [UInt8]) throws -> [UInt8] { try signer.sign(bytes) }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - count)) + self
    }
}
