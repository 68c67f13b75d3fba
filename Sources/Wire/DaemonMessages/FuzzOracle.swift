// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what must hold for every input of DaemonMessages; the fuzzer and the tests call it.

internal import ByteCoding

/// Reads the input as each message, and as a stream of frames.
package enum DaemonMessagesOracle {
    /// Traps when a message that was read is written otherwise, or pieces give other frames than the whole.
    package static func run(_ input: [UInt8]) {
        var readings = 0
        readings += check(input, try? GateToControl(frame: input).encoded())
        readings += check(input, try? ControlToGate(frame: input).encoded())
        readings += check(input, try? SignInRequest(frame: input).encoded())
        readings += check(input, try? SignInReply(frame: input).encoded())
        readings += check(input, try? OperatorRequest(frame: input).encoded())
        readings += check(input, try? OperatorReply(frame: input).encoded())
        readings += check(input, try? AuditRequest(frame: input).encoded())
        readings += check(input, try? AuditReply(frame: input).encoded())
        precondition(readings <= 1, "a frame means two things")

        var numbers = RepeatableNumbers(hashing: input)
        let whole = frames(input, cuts: [input.count])
        precondition(frames(input, cuts: numbers.cuts(of: input.count, longest: 13)) == whole)
        precondition(frames(input, cuts: Array(0...input.count)) == whole)
    }

    /// The frames of a stream, and whether it broke.
    private struct Frames: Equatable {
        var frames: [[UInt8]] = []
        var fault: DecodeError?
    }

    private static func check(_ input: [UInt8], _ again: [UInt8]?) -> Int {
        guard let again else { return 0 }
        precondition(Array(again.dropFirst(FrameLimits.lengthBytes)) == input, "a message has two forms")
        return 1
    }

    private static func frames(_ input: [UInt8], cuts: [Int]) -> Frames {
        var result = Frames()
        var assembler = FrameAssembler()
        var start = 0
        for cut in cuts {
            assembler.append(input[start..<cut])
            start = cut
            do {
                while let frame = try assembler.next() {
                    precondition(frame.count <= FrameLimits.frame, "a frame is too long")
                    result.frames.append(frame)
                }
            } catch {
                result.fault = error
            }
        }
        return result
    }
}
