// SPDX-License-Identifier: EUPL-1.2
// Torhaus: torhausd, the control plane's process.

import CountyConfiguration
import Foundation
import LinuxKit
import Logging
import ServiceLifecycle
import Sessions
import Store
import UnixSignals
import WipedHeap

@main
struct Main {
    static let version = "0.1.0"
    /// sysexits(3): wrong use, wrong configuration, failure of the system.
    private static let usage: Int32 = 64
    private static let misconfigured: Int32 = 78
    private static let system: Int32 = 71

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--version"] {
            print("torhausd \(version)")
            return
        }
        guard arguments.count == 2, arguments[0] == "--config" else {
            complain("usage: torhausd --config FILE")
            exit(usage)
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let path = arguments[1]
        let configuration: Configuration
        do {
            configuration = try Configuration.load(path, certificates: .signing)
        } catch {
            complain("\(error)")
            exit(misconfigured)
        }
        do {
            // Passwords pass through on their way to PAM.
            try ProcessHardening.protectSecrets()
            try await run(configuration, path)
        } catch {
            complain("torhausd cannot go on: \(error)")
            exit(system)
        }
    }

    private static func run(_ configuration: Configuration, _ path: String) async throws {
        let logger = Logger(label: "torhausd")
        // The HTTP layer's buffers hold passwords, and only the heap itself can see to those.
        if !WipedHeap.isInPlace { logger.warning("this build does not overwrite what it frees") }
        let plane = try await ControlPlane(configuration, path: path, logger: logger)
        try await plane.started()
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: plane.services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        logger.notice("torhausd \(version) is ready")
        do {
            try await group.run()
        } catch {
            await plane.stopped()
            throw error
        }
        await plane.stopped()
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
