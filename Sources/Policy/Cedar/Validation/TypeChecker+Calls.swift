// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the type checker: extension functions.

extension TypeChecker {
    /// Constructors take one string literal that can be read; methods take their types exactly.
    mutating func call(
        _ expression: CedarExpression,
        _ function: CedarFunction,
        _ arguments: [CedarExpression],
        _ prior: Capabilities
    ) -> Typing {
        let wanted = function.argumentTypes
        var isSound = true
        if arguments.count != wanted.count {
            report(
                .argumentCount,
                "`\(function.rawValue)` works on \(wanted.count == 1 ? "one value" : "two values"), "
                    + "found \(arguments.count)",
                hint: function.isConstructor ? nil : "the value before the point is the first",
                at: expression.position
            )
            isSound = false
        }
        if function.isConstructor {
            isSound = checkLiteral(expression, function, arguments) && isSound
        }
        if isSound {
            for (argument, type) in zip(arguments, wanted) {
                isSound = expect(.exactly(type), argument, prior).isSound && isSound
            }
        } else {
            // What the arguments should be is not clear any more, but each may have mistakes of its own.
            for argument in arguments { _ = check(argument, prior) }
        }
        return Typing(function.resultType).given(isSound)
    }

    private mutating func checkLiteral(
        _ expression: CedarExpression,
        _ function: CedarFunction,
        _ arguments: [CedarExpression]
    ) -> Bool {
        var isSound = true
        if arguments.count == 1, case .literal(.string(let text))? = arguments.first?.kind,
            (try? function.construct(text)) == nil
        {
            report(
                .invalidLiteral,
                "\(CedarEscaping.quoted(text.string)) is no \(function.resultType)",
                at: expression.position
            )
            isSound = false
        }
        let isComputed = arguments.contains { argument in
            if case .literal = argument.kind { return false }
            return true
        }
        if isComputed {
            report(
                .computedLiteral,
                "`\(function.rawValue)` takes a text in quotes only, so that it can be checked beforehand",
                at: expression.position
            )
            isSound = false
        }
        return isSound
    }
}

extension CedarFunction {
    /// What it takes, the value before the point first.
    var argumentTypes: [CedarType] {
        switch self {
        case .decimal, .ip, .datetime, .duration: [.string]
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: [.decimal, .decimal]
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast: [.ip]
        case .isInRange: [.ip, .ip]
        case .offset: [.datetime, .duration]
        case .durationSince: [.datetime, .datetime]
        case .toDate, .toTime: [.datetime]
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: [.duration]
        }
    }

    var resultType: CedarType {
        switch self {
        case .decimal: .decimal
        case .ip: .ip
        case .datetime, .offset, .toDate: .datetime
        case .duration, .durationSince, .toTime: .duration
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isIpv4, .isIpv6, .isLoopback,
            .isMulticast, .isInRange:
            .bool
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .long
        }
    }
}
