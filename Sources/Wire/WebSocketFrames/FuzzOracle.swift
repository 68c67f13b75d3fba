// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of WebSocketFrames; the fuzzer and the tests call it.

internal import ByteCoding

/// Feeds frames whole and in pieces.
package enum WebSocketFramesOracle {
    /// Traps when the pieces give other frames than the whole, or a message does not come back.
    package static func run(_ input: [UInt8]) {
        var numbers = RepeatableNumbers(hashing: input)
        let whole = ScannedFrames(input, cuts: [input.count])
        precondition(whole == ScannedFrames(input, cuts: numbers.cuts(of: input.count, longest: 11)))
        precondition(whole == ScannedFrames(input, cuts: Array(0...input.count)))
        precondition(whole.controls.allSatisfy { $0.payload.count <= WebSocketLimits.control })
        roundTrip(input, &numbers)
        if let close = try? ClosePayload(input) {
            precondition(
                close.code.map(ClosePayload.isSendable) ?? input.isEmpty,
                "a code that may not be sent"
            )
        }
    }

    private static func roundTrip(_ input: [UInt8], _ numbers: inout RepeatableNumbers) {
        var wire: [UInt8] = []
        var start = 0
        let cuts = numbers.cuts(of: input.count, longest: 300)
        for cut in cuts {
            let opcode: Opcode = start == 0 ? .binary : .continuation
            let mask = UInt32(truncatingIfNeeded: numbers.next())
            let piece = Array(input[start..<cut])
            wire += ClientFrames.frame(opcode, piece, final: cut == input.count, mask: mask)
            if numbers.next().isMultiple(of: 3), cut != input.count {
                wire += ClientFrames.frame(.ping, [1, 2, 3], mask: mask)
            }
            start = cut
        }
        let frames = ScannedFrames(wire, cuts: numbers.cuts(of: wire.count, longest: 50))
        precondition(frames.messages == (cuts.isEmpty ? [] : [input]), "a message does not come back")
        precondition(frames.error == nil && frames.unfinished.isEmpty, "a message does not end")
    }
}
