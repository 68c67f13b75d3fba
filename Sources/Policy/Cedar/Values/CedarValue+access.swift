// SPDX-License-Identifier: EUPL-1.2
// Torhaus: takes values as what an operation needs.

extension CedarValue {
    /// These throw `.typeMismatch` when the value is of another type.
    package func asBool() throws(CedarError) -> Bool {
        guard case .bool(let value) = self else { throw mismatch("Bool") }
        return value
    }

    package func asLong() throws(CedarError) -> Int64 {
        guard case .long(let value) = self else { throw mismatch("Long") }
        return value
    }

    package func asString() throws(CedarError) -> CedarText {
        guard case .string(let value) = self else { throw mismatch("String") }
        return value
    }

    package func asEntity() throws(CedarError) -> EntityUID {
        guard case .entity(let value) = self else { throw mismatch("entity") }
        return value
    }

    package func asSet() throws(CedarError) -> CedarSet {
        guard case .set(let value) = self else { throw mismatch("Set") }
        return value
    }

    package func asDecimal() throws(CedarError) -> CedarDecimal {
        guard case .decimal(let value) = self else { throw mismatch("decimal") }
        return value
    }

    package func asIP() throws(CedarError) -> CedarIPAddress {
        guard case .ip(let value) = self else { throw mismatch("ipaddr") }
        return value
    }

    package func asDatetime() throws(CedarError) -> CedarDatetime {
        guard case .datetime(let value) = self else { throw mismatch("datetime") }
        return value
    }

    package func asDuration() throws(CedarError) -> CedarDuration {
        guard case .duration(let value) = self else { throw mismatch("duration") }
        return value
    }

    func mismatch(_ wanted: String) -> CedarError {
        CedarError(.typeMismatch, "expected \(wanted), found \(typeName)")
    }
}
