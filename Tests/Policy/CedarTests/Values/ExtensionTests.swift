// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the texts of decimals, addresses, moments and durations.

import Testing

@testable import Cedar

@Suite("Extension values")
struct ExtensionTests {
    struct Case<Value: Sendable>: CustomTestStringConvertible, Sendable {
        let text: String
        let value: Value?

        init(_ text: String, _ value: Value?) {
            self.text = text
            self.value = value
        }

        var testDescription: String { text }
    }

    static let decimals: [Case<Int64>] = [
        Case("1.0", 10_000), Case("-0.5", -5_000), Case("01.2345", 12_345), Case("-0.0", 0),
        Case("922337203685477.5807", .max), Case("-922337203685477.5808", .min),
        Case("922337203685477.5808", nil), Case("-922337203685477.5809", nil), Case("1", nil),
        Case(".1", nil),
        Case("1.", nil), Case("1.00000", nil), Case("+1.0", nil), Case("1.0 ", nil), Case("--1.0", nil),
        Case("١.0", nil), Case("99999999999999999999.0", nil), Case("", nil), Case("1.0e1", nil),
    ]

    @Test("decimals have one to four digits after the point", arguments: decimals)
    func decimal(_ one: Case<Int64>) { #expect(CedarDecimal(one.text)?.scaled == one.value) }

    static let durations: [Case<Int64>] = [
        Case("1d2h3m4s5ms", 93_784_005), Case("-1m", -60_000), Case("0ms", 0), Case("36h", 129_600_000),
        Case("1m1ms", 60_001), Case("9223372036854775807ms", .max), Case("-9223372036854775808ms", .min),
        Case("9223372036854775808ms", nil), Case("106751991168d", nil), Case("-106751991168d", nil),
        Case("1s1m", nil), Case("1ms1s", nil), Case("1d1d", nil), Case("", nil), Case("-", nil),
        Case("1", nil),
        Case("d", nil), Case("1mss", nil), Case("1y", nil), Case("+1d", nil), Case("1 d", nil),
        Case("1D", nil),
    ]

    @Test("durations name days to milliseconds in this order", arguments: durations)
    func duration(_ one: Case<Int64>) { #expect(CedarDuration(one.text)?.milliseconds == one.value) }

    static let moments: [Case<Int64>] = [
        Case("1970-01-01", 0), Case("1970-01-01T00:00:00Z", 0), Case("1970-01-01T00:00:00.001Z", 1),
        Case("1970-01-01T00:00:00+0100", -3_600_000), Case("1970-01-01T00:00:00-2359", 86_340_000),
        Case("2024-02-29", 1_709_164_800_000), Case("0000-01-01", -62_167_219_200_000),
        Case("9999-12-31T23:59:59.999Z", 253_402_300_799_999), Case("2000-02-29", 951_782_400_000),
        Case("1900-02-29", nil), Case("2023-02-29", nil), Case("2024-13-01", nil), Case("2024-00-01", nil),
        Case("2024-01-00", nil), Case("2024-04-31", nil), Case("2024-1-1", nil), Case("24-01-01", nil),
        Case("2024-01-01T24:00:00Z", nil), Case("2024-01-01T00:60:00Z", nil),
        Case("2024-01-01T00:00:60Z", nil),
        Case("2024-01-01T00:00:00", nil), Case("2024-01-01T00:00:00+01:00", nil),
        Case("2024-01-01T00:00:00+2400", nil), Case("2024-01-01T00:00:00+0060", nil),
        Case("2024-01-01t00:00:00Z", nil), Case("2024-01-01T00:00:00.1Z", nil),
        Case("2024-01-01 00:00:00Z", nil),
        Case("2024-01-01T00:00:00z", nil), Case("2024-01-01Z", nil), Case("-2024-01-01", nil), Case("", nil),
    ]

    @Test("moments are dates, or dates with time and offset", arguments: moments)
    func moment(_ one: Case<Int64>) { #expect(CedarDatetime(one.text)?.milliseconds == one.value) }

    static let addresses: [Case<String>] = [
        Case("10.0.0.1", "10.0.0.1"), Case("10.0.0.1/32", "10.0.0.1"), Case("10.0.0.1/8", "10.0.0.1/8"),
        Case("0.0.0.0/0", "0.0.0.0/0"), Case("::", "0:0:0:0:0:0:0:0"), Case("::1/128", "0:0:0:0:0:0:0:1"),
        Case("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), Case("2001:DB8::a/32", "2001:db8:0:0:0:0:0:a/32"),
        Case("10.0.0.01", nil), Case("256.0.0.1", nil), Case("1.2.3", nil), Case("1.2.3.4.5", nil),
        Case("1.2.3.4/33", nil), Case("1.2.3.4/08", nil), Case("1.2.3.4/", nil), Case("1.2.3.4/-1", nil),
        Case("1:2:3:4:5:6:7:8:9", nil), Case("1:2:3:4::5:6:7:8", nil), Case("1::2::3", nil), Case(":::", nil),
        Case("12345::", nil), Case("::1/129", nil), Case("::1/064", nil), Case("::ffff:1.2.3.4", nil),
        Case("[::1]", nil), Case("fe80::1%eth0", nil), Case(":1", nil), Case("1:", nil), Case("", nil),
        Case("/", nil),
        Case("1.2.3.4/8/8", nil), Case("1.2.3.4 ", nil),
    ]

    @Test("addresses are written in the strict forms only", arguments: addresses)
    func address(_ one: Case<String>) { #expect(CedarIPAddress(one.text)?.description == one.value) }

    @Test("a range is inside another when all of it is")
    func ranges() throws {
        let table = [
            ("10.1.2.3", "10.0.0.0/8", true), ("10.0.0.0/8", "10.1.2.3", false),
            ("10.0.0.0/8", "10.9.9.9/8", true),
            ("11.0.0.1", "10.0.0.0/8", false), ("1.2.3.4", "0.0.0.0/0", true), ("::1", "::/0", true),
            ("1.2.3.4", "::/0", false), ("2001:db8::1", "2001:db8::/32", true),
            ("2001:db9::1", "2001:db8::/32", false),
            ("1:2:3:4:8000::/66", "1:2:3:4:8000::/65", true), ("1:2:3:4::/66", "1:2:3:4:8000::/65", false),
        ]
        for (inner, outer, inside) in table {
            let range = try #require(CedarIPAddress(inner))
            #expect(range.isInRange(try #require(CedarIPAddress(outer))) == inside, "\(inner) in \(outer)")
        }
    }

    @Test("loopback and multicast ask for the whole range")
    func special() {
        #expect(CedarIPAddress("127.9.9.9")?.isLoopback == true)
        #expect(CedarIPAddress("127.0.0.1/7")?.isLoopback == false)
        #expect(CedarIPAddress("::1")?.isLoopback == true)
        #expect(CedarIPAddress("::1/127")?.isLoopback == false)
        #expect(CedarIPAddress("224.0.0.0/4")?.isMulticast == true)
        #expect(CedarIPAddress("224.0.0.0/3")?.isMulticast == false)
        #expect(CedarIPAddress("ff00::/8")?.isMulticast == true)
        #expect(CedarIPAddress("ff00::/7")?.isMulticast == false)
    }

    @Test("days from 0000 to 9999 come back from their number")
    func calendar() throws {
        let first = try #require(CedarCalendar.days(year: 0, month: 1, day: 1))
        let last = try #require(CedarCalendar.days(year: 9_999, month: 12, day: 31))
        #expect(last - first == 3_652_424)
        var wrong = 0
        // Eleven has no common divisor with the lengths of months, years and eras.
        for days in stride(from: first, through: last, by: 11) {
            let date = CedarCalendar.date(days: days)
            if CedarCalendar.days(year: date.year, month: date.month, day: date.day) != days { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test("what is written is read as it was")
    func written() {
        var random = Numbers(seed: 7)
        for _ in 0..<2_000 {
            let number = Int64(bitPattern: random.next())
            #expect(CedarDecimal(CedarDecimal(scaled: number).description)?.scaled == number)
            #expect(CedarDuration(CedarDuration(milliseconds: number).description)?.milliseconds == number)
            let milliseconds = number % 253_402_300_799_999
            let moment = CedarDatetime(milliseconds: milliseconds)
            if -62_167_219_200_000 <= milliseconds { #expect(CedarDatetime(moment.description) == moment) }
            let isV6 = number % 2 == 0
            let address = CedarIPAddress(
                isV6: isV6,
                high: isV6 ? random.next() : 0,
                low: isV6 ? random.next() : random.next() >> 32,
                prefix: UInt8(random.next() % (isV6 ? 129 : 33))
            )
            #expect(CedarIPAddress(address.description) == address)
        }
        for number in [Int64.min, -1, 0, 1, .max] {
            #expect(CedarDecimal(CedarDecimal(scaled: number).description)?.scaled == number)
            #expect(CedarDuration(CedarDuration(milliseconds: number).description)?.milliseconds == number)
        }
    }
}

/// Numbers that are the same in every run (SplitMix64).
struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
