// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the configuration in force, and how another one takes its place.

import AccessPolicy
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
        /// Why the newest files are not in force; nil when they are.
        var rejection: String?
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
    /// The rules in force.
    var policy: AccessPolicySet? { (rules.current.decider as? PolicyAccessDecider)?.policy }
    /// Names the rules in records; the same rules have the same name.
    var policyVersion: String { rules.current.decider.version }
    /// Why the newest files are not in force; nil when they are.
    var rejection: String? { state.withLock { $0.rejection } }
    var portalSettings: PortalSettings { state.withLock { $0.portal } }
    var signer: (any RDPFileSigner)? { state.withLock { $0.signer } }

    /// Names a configuration in records: the same content has the same name.
    static func version(of configuration: Configuration) -> String {
        let digest = Digest.sha256(Array(configuration.canonicalText.utf8))
        return digest.prefix(6).map { String($0, radix: 16).leftPadded(to: 2) }.joined()
    }

    /// Rules and the decider that a valid configuration means.
    static func rules(
        of configuration: Configuration
    ) throws -> (rules: SessionRules, decider: any AccessDecider) {
        let rules = SessionRules(configuration, version: version(of: configuration))
        return (rules, PolicyAccessDecider(try configuration.policySet(), rules))
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
        do {
            let configuration = try Configuration.load(path, certificates: .signing)
            let next = Self.state(of: configuration, logger)
            let inForce = try Self.rules(of: configuration)
            rules.replace(inForce.rules, decider: inForce.decider)
            state.withLock { $0 = next }
            logger.notice("configuration \(next.version) is in force, rules \(inForce.decider.version)")
            _ = try? await audit.append(
                .configurationLoaded(
                    version: inForce.decider.version,
                    municipalities: configuration.municipalities.count,
                    retention: configuration.audit.retentionText
                )
            )
        } catch {
            logger.error("the configuration was not reloaded, the old one stays in force:\n\(error)")
            await reject(error)
        }
    }

    /// Says everywhere that the old configuration stays: in `torhaus status`, and mistake by mistake in the log.
    private func reject(_ error: any Error) async {
        let problems = (error as? ConfigurationError)?.problems ?? []
        let first = problems.first.map { "\($0.file):\($0.line ?? 1): \($0.message)" } ?? "\(error)"
        let more = 1 < problems.count ? " (and \(problems.count - 1) more; see: torhaus check)" : ""
        state.withLock { $0.rejection = first + more }
        // A rule for many actions has the same slip once for each of them.
        var recorded: Set<String> = []
        for problem in problems {
            let place = problem.line.map { "\($0):\(problem.column ?? 0):\(problem.key)" } ?? problem.message
            guard recorded.insert("\(problem.file):\(place)").inserted else { continue }
            _ = try? await audit.append(
                .configurationRejected(file: problem.file, line: problem.line, mistake: problem.message)
            )
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
