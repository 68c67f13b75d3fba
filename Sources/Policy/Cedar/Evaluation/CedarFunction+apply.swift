// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the extension functions do.

extension CedarFunction {
    /// Calls the function; the receiver of a method is the first argument.
    ///
    /// Throws `.extensionFault` on a wrong number of arguments and on texts that are no such value,
    /// `.typeMismatch` on arguments of another type, `.overflow` when a result has no place in 64 bits.
    package func apply(_ arguments: [CedarValue]) throws(CedarError) -> CedarValue {
        guard arguments.count == arity, let first = arguments.first, let last = arguments.last else {
            throw CedarError(
                .extensionFault,
                "\(rawValue) takes \(arity) arguments, found \(arguments.count)"
            )
        }
        switch self {
        case .decimal, .ip, .datetime, .duration:
            return try construct(try first.asString())
        case .lessThan: return .bool(try first.asDecimal() < last.asDecimal())
        case .lessThanOrEqual: return .bool(try first.asDecimal() <= last.asDecimal())
        case .greaterThan: return .bool(try last.asDecimal() < first.asDecimal())
        case .greaterThanOrEqual: return .bool(try last.asDecimal() <= first.asDecimal())
        case .isIpv4: return .bool(!(try first.asIP().isV6))
        case .isIpv6: return .bool(try first.asIP().isV6)
        case .isLoopback: return .bool(try first.asIP().isLoopback)
        case .isMulticast: return .bool(try first.asIP().isMulticast)
        case .isInRange: return .bool(try first.asIP().isInRange(last.asIP()))
        case .offset, .durationSince, .toDate, .toTime:
            return try ofDatetime(try first.asDatetime(), last)
        case .toMilliseconds: return .long(try first.asDuration().milliseconds)
        case .toSeconds: return .long(try first.asDuration().milliseconds / 1_000)
        case .toMinutes: return .long(try first.asDuration().milliseconds / 60_000)
        case .toHours: return .long(try first.asDuration().milliseconds / 3_600_000)
        case .toDays: return .long(try first.asDuration().milliseconds / CedarDatetime.day)
        }
    }

    /// The value a constructor makes of a text.
    package func construct(_ text: CedarText) throws(CedarError) -> CedarValue {
        let value: CedarValue? =
            switch self {
            case .decimal: CedarDecimal(text.string).map(CedarValue.decimal)
            case .ip: CedarIPAddress(text.string).map(CedarValue.ip)
            case .datetime: CedarDatetime(text.string).map(CedarValue.datetime)
            case .duration: CedarDuration(text.string).map(CedarValue.duration)
            default: nil
            }
        guard let value else {
            throw CedarError(.extensionFault, "\(CedarEscaping.quoted(text.string)) is no \(rawValue)")
        }
        return value
    }

    private func ofDatetime(
        _ moment: CedarDatetime,
        _ last: CedarValue
    ) throws(CedarError) -> CedarValue {
        let milliseconds = moment.milliseconds
        switch self {
        case .offset:
            let (sum, over) = milliseconds.addingReportingOverflow(try last.asDuration().milliseconds)
            guard !over else { throw CedarError(.overflow, "offset") }
            return .datetime(CedarDatetime(milliseconds: sum))
        case .durationSince:
            let (span, over) = milliseconds.subtractingReportingOverflow(try last.asDatetime().milliseconds)
            guard !over else { throw CedarError(.overflow, "durationSince") }
            return .duration(CedarDuration(milliseconds: span))
        case .toDate:
            let days = milliseconds.floored(by: CedarDatetime.day)
            let (start, over) = days.multipliedReportingOverflow(by: CedarDatetime.day)
            guard !over else { throw CedarError(.overflow, "toDate") }
            return .datetime(CedarDatetime(milliseconds: start))
        default:
            let rest = milliseconds % CedarDatetime.day
            return .duration(CedarDuration(milliseconds: rest < 0 ? rest + CedarDatetime.day : rest))
        }
    }
}
