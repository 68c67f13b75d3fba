// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tests of the growing pause between wrong passwords.

import Testing

@testable import Auth

@Suite("The growing pause")
struct TryDelaysTests {
    private let anna: TryDelays.Key
    private let annaElsewhere: TryDelays.Key

    init() throws {
        anna = TryDelays.Key(user: "anna", source: try #require(ClientSource("192.0.2.1")))
        annaElsewhere = TryDelays.Key(user: "anna", source: try #require(ClientSource("198.51.100.9")))
    }

    /// Fails again and again, each time as soon as it is allowed; the pauses met on the way.
    private func pauses(_ tries: Int, _ delays: inout TryDelays, start: Duration = .zero) -> [UInt32] {
        var now = start
        return (0..<tries).map { _ in
            let wait = delays.wait(anna, now: now)
            now += .seconds(Int(wait))
            delays.noteTry(anna, now: now)
            delays.noteFailure(anna, now: now)
            return wait
        }
    }

    @Test("grows with each try up to one minute")
    func grows() {
        var delays = TryDelays()
        #expect(pauses(10, &delays) == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test("an attacker elsewhere slows down nobody else")
    func keyedBySource() {
        var delays = TryDelays()
        _ = pauses(8, &delays)
        #expect(0 < delays.wait(anna, now: .seconds(64)))
        #expect(delays.wait(annaElsewhere, now: .seconds(64)) == 0)
    }

    @Test("the spelling of a name makes no new counter")
    func withoutCase() throws {
        var delays = TryDelays()
        _ = pauses(5, &delays)
        let shouted = TryDelays.Key(user: "ANNA", source: try #require(ClientSource("192.0.2.1")))
        #expect(delays.wait(shouted, now: .seconds(7)) == delays.wait(anna, now: .seconds(7)))
        #expect(0 < delays.wait(shouted, now: .seconds(7)))
    }

    @Test("a success forgets the failures before it")
    func success() {
        var delays = TryDelays()
        _ = pauses(6, &delays)
        delays.noteSuccess(anna)
        #expect(delays.wait(anna, now: .seconds(15)) == 0)
        #expect(delays.count == 0)
    }

    @Test("tries are counted when the secret arrives, so parallel conversations gain nothing")
    func parallel() {
        var delays = TryDelays()
        var allowed = 0
        for _ in 0..<20 where delays.wait(anna, now: .zero) == 0 {
            delays.noteTry(anna, now: .zero)
            allowed += 1
        }
        #expect(allowed == 2)
    }

    @Test("half of the tries fade with each half-life")
    func fades() {
        var delays = TryDelays()
        _ = pauses(8, &delays)
        let last = Duration.seconds(63)
        var rested = delays
        #expect(pauses(1, &rested, start: last + .seconds(301)) == [0])
        // Eight became four, and this was the fifth: eight seconds after it.
        #expect(rested.wait(anna, now: last + .seconds(301)) == 8)
        #expect(delays.wait(anna, now: last + .seconds(3600)) == 0)
    }

    @Test("the table stays bounded, and invented names do not push out a grown counter")
    func bounded() throws {
        var delays = TryDelays()
        _ = pauses(8, &delays)
        let source = try #require(ClientSource("192.0.2.1"))
        for number in 0..<(TryDelays.capacity * 2) {
            delays.noteTry(TryDelays.Key(user: "u\(number)", source: source), now: .seconds(64))
        }
        #expect(delays.count <= TryDelays.capacity)
        #expect(TryDelays.capacity / 2 < delays.count)
        #expect(0 < delays.wait(anna, now: .seconds(64)))
    }
}

@Suite("The place a try comes from")
struct ClientSourceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let first: String
        let second: String
        let same: Bool
        var testDescription: String { name }
    }

    @Test(
        "groups addresses that one machine can take",
        arguments: [
            Case(name: "two IPv4 addresses", first: "192.0.2.1", second: "192.0.2.2", same: false),
            Case(name: "one /64", first: "2001:db8:1:2::1", second: "2001:db8:1:2:ffff::9", same: true),
            Case(name: "two /64", first: "2001:db8:1:2::1", second: "2001:db8:1:3::1", same: false),
            Case(name: "mapped IPv4", first: "::ffff:192.0.2.1", second: "192.0.2.1", same: true),
            Case(
                name: "mapped IPv4 is no /64",
                first: "::ffff:192.0.2.1",
                second: "::ffff:192.0.2.2",
                same: false
            ),
            Case(name: "a zone", first: "fe80::1%eth0", second: "fe80::2", same: true),
        ]
    )
    func groups(_ each: Case) throws {
        let first = try #require(ClientSource(each.first))
        let second = try #require(ClientSource(each.second))
        #expect((first == second) == each.same)
    }

    @Test(
        "refuses what is no address",
        arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "::g", "192.0.2.1:80"]
    )
    func refuses(_ text: String) {
        #expect(ClientSource(text) == nil)
        #expect(ClientSource(String(repeating: "1", count: 100_000)) == nil)
    }
}
