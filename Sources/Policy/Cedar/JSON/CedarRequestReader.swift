// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads requests from JSON.

/// Makes a request of `{"principal", "action", "resource", "context"}`; other keys are passed over.
package enum CedarRequestReader {
    /// Throws `.request`; a missing context is the empty one.
    package static func request(
        _ json: CedarJSON,
        schema: CedarSchema? = nil
    ) throws(CedarError) -> CedarRequest {
        let action = try uid(json["action"], "action")
        return CedarRequest(
            principal: try uid(json["principal"], "principal"),
            action: action,
            resource: try uid(json["resource"], "resource"),
            context: try context(json["context"], schema?.contextType(of: action))
        )
    }

    /// An entity as an object, or as text as Cedar writes it.
    private static func uid(_ json: CedarJSON?, _ name: String) throws(CedarError) -> EntityUID {
        guard let json else { throw CedarError(.request, "\(name) is missing") }
        do throws(CedarError) {
            if let text = json.string { return try EntityUID(parsing: text.string) }
            return try CedarValueReader.uid(json)
        } catch {
            throw CedarError(.request, "\(name): \(error.message)")
        }
    }

    private static func context(
        _ json: CedarJSON?,
        _ type: CedarRecordType?
    ) throws(CedarError) -> CedarRecord {
        guard let json else { return .empty }
        do throws(CedarError) {
            return try CedarValueReader.record(json, expected: type)
        } catch {
            throw CedarError(.request, "context: \(error.message)")
        }
    }
}
