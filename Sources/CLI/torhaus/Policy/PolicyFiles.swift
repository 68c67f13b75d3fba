// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from the configuration's files to a set of rules.

import AccessPolicy
import ArgumentParser
import CountyConfiguration
import Foundation

enum PolicyFiles {
    /// The configuration; prints what is wrong with it and ends the command.
    ///
    /// The name of a directory means the torhaus.yaml in it.
    static func configuration(_ name: String) throws -> Configuration {
        do throws(ConfigurationError) {
            return try Configuration.load(path(name))
        } catch {
            for problem in error.problems { Terminal.complain("error: \(problem)") }
            throw Ending.problem
        }
    }

    /// The rules of a configuration.
    static func set(_ name: String) throws -> AccessPolicySet { try set(try configuration(name)) }

    static func set(_ loaded: Configuration) throws -> AccessPolicySet {
        do throws(PolicyError) {
            return try loaded.policySet()
        } catch {
            for finding in error.findings { Terminal.complain("\(finding.severity.rawValue): \(finding)") }
            throw Ending.problem
        }
    }

    static func path(_ name: String) -> String {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory)
        return exists && isDirectory.boolValue ? "\(name)/torhaus.yaml" : name
    }

    /// Now, in milliseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
