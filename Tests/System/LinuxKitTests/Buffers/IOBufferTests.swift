// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the buffer moves bytes inside its bounds and never beyond.

import Testing

@testable import LinuxKit

@Suite("IOBuffer") struct IOBufferTests {
    private func append(_ bytes: [UInt8], to buffer: inout IOBuffer) -> Bool {
        buffer.append(bytes.span.bytes)
    }

    private func write(_ bytes: [UInt8], to buffer: inout IOBuffer, at offset: Int) -> Bool {
        buffer.write(bytes.span.bytes, at: offset)
    }

    private func move(_ buffer: inout IOBuffer, _ range: Range<Int>, to offset: Int) -> Bool {
        buffer.move(range, to: offset)
    }

    private func view(_ buffer: borrowing IOBuffer, _ range: Range<Int>) -> [UInt8] {
        buffer.bytes(in: range).withUnsafeBytes { Array($0) }
    }

    private func contents(_ buffer: borrowing IOBuffer) -> [UInt8] {
        buffer.bytes.withUnsafeBytes { Array($0) }
    }

    @Test("fills, drops from the front and refuses what does not fit")
    func fillsAndDrops() {
        var buffer = IOBuffer(capacity: 8)
        #expect(append([1, 2, 3, 4, 5], to: &buffer))
        #expect(!append([6, 7, 8, 9], to: &buffer))
        #expect(contents(buffer) == [1, 2, 3, 4, 5])
        buffer.dropFirst(2)
        #expect(contents(buffer) == [3, 4, 5])
        #expect(append([6, 7, 8, 9, 10], to: &buffer))
        #expect(contents(buffer) == [3, 4, 5, 6, 7, 8, 9, 10])
        let room = buffer.room
        #expect(room == 0)
        #expect(append([], to: &buffer))
        buffer.dropFirst(8)
        #expect(contents(buffer).isEmpty)
    }

    @Test("overlapping moves keep the bytes in both directions")
    func moves() {
        var buffer = IOBuffer(capacity: 10)
        _ = append([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], to: &buffer)
        #expect(move(&buffer, 0..<6, to: 2))
        #expect(contents(buffer) == [1, 2, 1, 2, 3, 4, 5, 6, 9, 10])
        #expect(move(&buffer, 2..<8, to: 0))
        #expect(contents(buffer) == [1, 2, 3, 4, 5, 6, 5, 6, 9, 10])
        #expect(move(&buffer, 10..<10, to: 10))
        #expect(!move(&buffer, 0..<6, to: 5))
        #expect(!move(&buffer, 6..<11, to: 0))
        #expect(!move(&buffer, 0..<1, to: -1))
    }

    @Test("writes and views stay inside the block")
    func bounds() {
        var buffer = IOBuffer(capacity: 4)
        let two: [UInt8] = [7, 8]
        #expect(write(two, to: &buffer, at: 2))
        #expect(!write(two, to: &buffer, at: 3))
        #expect(!write(two, to: &buffer, at: -1))
        #expect(!write(two, to: &buffer, at: .max))
        let count = buffer.count
        #expect(count == 0)
        #expect(view(buffer, 2..<4) == two)
        #expect(view(buffer, 2..<5).isEmpty)
        #expect(view(buffer, -1..<2).isEmpty)
        buffer.setCount(4)
        #expect(contents(buffer) == [0, 0, 7, 8])
    }

    @Test("gives the whole block for reading into")
    func mutable() {
        var buffer = IOBuffer(capacity: 3)
        var target = buffer.mutableBytes
        let size = target.byteCount
        #expect(size == 3)
        target.withUnsafeMutableBytes { $0[1] = 9 }
        buffer.setCount(2)
        #expect(contents(buffer) == [0, 9])
    }

    @Test("wiping overwrites as far as something was written, by whichever way")
    func wiping() {
        var buffer = IOBuffer(capacity: 8)
        _ = append([1, 2], to: &buffer)
        #expect(buffer.reach == 2)
        _ = write([3], to: &buffer, at: 4)
        #expect(buffer.reach == 5)
        _ = move(&buffer, 0..<2, to: 5)
        #expect(buffer.reach == 7)
        buffer.dropFirst(2)
        #expect(buffer.reach == 7, "what was forgotten is still there")
        buffer.wipe()
        #expect(view(buffer, 0..<8) == [0, 0, 0, 0, 0, 0, 0, 0])
        let (reach, count) = (buffer.reach, buffer.count)
        #expect(reach == 0 && count == 0)
    }

    @Test("what was written through the span is wiped as far as its writer says")
    func wipingTheSpan() {
        var buffer = IOBuffer(capacity: 4)
        var target = buffer.mutableBytes
        target.withUnsafeMutableBytes { bytes in for index in 0..<4 { bytes[index] = 9 } }
        buffer.reached(2)
        buffer.reached(1)
        buffer.wipe()
        #expect(view(buffer, 0..<4) == [0, 0, 9, 9])
        buffer.reached(.max)
        buffer.wipe()
        #expect(view(buffer, 0..<4) == [0, 0, 0, 0])
    }

    @Test("a count beyond the block ends the process")
    func countBeyond() async {
        await #expect(processExitsWith: .failure) {
            var buffer = IOBuffer(capacity: 4)
            buffer.setCount(5)
        }
    }
}
