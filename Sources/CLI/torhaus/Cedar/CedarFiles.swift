// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the files the cedar commands name, and says what is wrong with them.

import ArgumentParser
import Cedar
import Foundation

/// Files of policies, entities and requests.
enum CedarFiles {
    /// The text of a file, or of standard input when the name is `-`; must be UTF-8.
    static func text(_ name: String) throws -> String {
        let data: Data
        do {
            data =
                name == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(fileURLWithPath: name))
        } catch {
            throw CedarProblem(text: "\(name): cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CedarProblem(text: "\(name): is not UTF-8")
        }
        return text
    }

    static func policies(_ name: String) throws -> CedarPolicySet {
        let text = try text(name)
        return try named(name) { () throws(CedarError) in try CedarPolicySet(parsing: text) }
    }

    static func schema(_ name: String?) throws -> CedarSchema? {
        guard let name else { return nil }
        let text = try text(name)
        return try named(name) { () throws(CedarError) in try CedarSchema(parsing: text) }
    }

    static func entities(_ name: String?, _ schema: CedarSchema?) throws -> EntityStore {
        let text = try name.map { try self.text($0) } ?? "[]"
        return try named(name ?? "entities") { () throws(CedarError) in
            try EntityStore(json: text, schema: schema)
        }
    }

    static func context(_ name: String?) throws -> CedarJSON {
        guard let name else { return .object([]) }
        let text = try text(name)
        return try named(name) { () throws(CedarError) in try CedarJSONReader.read(text) }
    }

    /// Puts the file's name before an error.
    static func named<R>(_ name: String, _ body: () throws(CedarError) -> R) throws -> R {
        do throws(CedarError) {
            return try body()
        } catch {
            throw CedarProblem(text: "\(name):\(error.position == nil ? " " : "")\(error)")
        }
    }
}

/// Something the user has to mend; its text is the whole message.
struct CedarProblem: Error, CustomStringConvertible {
    let text: String

    var description: String { Terminal.safe(text) }
}
