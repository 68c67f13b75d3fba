// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of ProxyProtocol; the fuzzer and the tests call it.

internal import ByteCoding

/// Reads headers whole and in pieces.
package enum ProxyProtocolOracle {
    /// Traps when the pieces give another header than the whole, or a header does not come back.
    package static func run(_ input: [UInt8]) {
        let whole = outcome(input)
        var numbers = RepeatableNumbers(hashing: input)
        var pieces = Outcome.needMore
        for cut in numbers.cuts(of: input.count, longest: 7) where pieces == .needMore {
            pieces = outcome(Array(input.prefix(cut)))
        }
        if !input.isEmpty {
            precondition(pieces == whole, "pieces of a header give another result than the whole")
        }
        guard case .header(let header, let consumed) = whole else { return }
        precondition(consumed <= input.count && consumed <= ProxyLimits.header, "the header is too long")
        guard let again = try? header.encoded() else {
            preconditionFailure("a header that was read cannot be written")
        }
        precondition(outcome(again) == .header(header, again.count), "a header does not come back")
    }

    private enum Outcome: Hashable {
        case needMore
        case header(ProxyHeader, Int)
        case refused
    }

    private static func outcome(_ bytes: [UInt8]) -> Outcome {
        do {
            guard let result = try ProxyHeader.parse(bytes) else { return .needMore }
            return .header(result.header, result.consumed)
        } catch {
            return .refused
        }
    }
}
