// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a log of three months with many people, made to be searched.

import AuditEvents
import AuditLog
import AuditReading
import MerkleLog

/// Opened and closed sessions of 2,500 people, spread evenly over 90 days.
struct SampleLog {
    static let people: UInt64 = 2_500
    static let days: UInt64 = 90
    static let day: UInt64 = 86_400_000
    /// 2026-08-01.
    static let start: UInt64 = 1_785_542_400_000

    let place: LogPlace
    let count: UInt64

    static func person(_ number: UInt64) -> String { "p-" + hex(number &* 2_654_435_761) }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    func milliseconds(_ index: UInt64) -> UInt64 { Self.start + index * Self.days * Self.day / count }

    /// Writes and publishes all records; `said` hears how many there are now and then.
    func write(_ said: (UInt64) -> Void) throws {
        let log = try AuditLog.open(place).log
        var next: UInt64 = 0
        while next < count {
            let range = next..<min(count, next + 2_048)
            _ = try log.append(range.map { line($0) })
            next = range.upperBound
            guard next.isMultiple(of: 65_536) || next == count else { continue }
            _ = try log.publish()
            try log.settle()
            if next.isMultiple(of: 1_048_576) || next == count { said(next) }
        }
    }

    private func line(_ index: UInt64) -> [UInt8] {
        // Scattered, so that no person's records stand together.
        let person = ((index &* 11_400_714_819_323_198_485) >> 20) % Self.people
        let isOpening = index.isMultiple(of: 2)
        let body = """
            "event_code":"\(isOpening ? "GW3001I" : "GW3002I")",\
            "event":"session.\(isOpening ? "opened" : "ended")","category":"session","outcome":"success",\
            "severity":"info","retention":"session","session_id":"\(Self.hex(index / 2 &* 40_503))",\
            "actor":"\(Self.person(person))","municipality":"m\(person % 70)","pool":"buero",\
            "desktop":"rb-\(person)","target":"10.20.30.40:3389","way":"native","salt":"\(Self.hex(index))"}
            """
        return AuditLine.join(Array(body.utf8), index: index, milliseconds: milliseconds(index))
    }
}

/// The log on disk, read bundle by bundle.
struct BenchArchive: AuditArchive {
    let origin: String
    let reader: LogReader

    init(_ place: LogPlace) {
        origin = place.origin
        reader = LogReader(directory: place.directory)
    }

    func size() throws -> UInt64 { try reader.size() }

    func line(_ index: UInt64) throws -> [UInt8]? {
        let (first, entries) = try reader.bundle(holding: index, size: try size())
        return entries?[Int(index - first)]
    }

    func forEachLine(in range: Range<UInt64>, _ body: (UInt64, [UInt8]) throws -> Void) throws {
        let size = try size()
        var next = range.lowerBound
        while next < range.upperBound {
            let (first, entries) = try reader.bundle(holding: next, size: size)
            for (index, entry) in zip(first..., entries ?? []) where range.contains(index) {
                try body(index, entry)
            }
            next = first + UInt64(MerkleLimits.tileWidth)
        }
    }
}
