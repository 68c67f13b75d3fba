// SPDX-License-Identifier: EUPL-1.2
// Torhaus: files of expectations are read whole or refused with places.

import AccessPolicy
import Testing

@testable import CountyConfiguration

@Suite("Expectations in files")
struct ExpectationReaderTests {
    private let path = "/etc/torhaus/policies/a.expect.yaml"

    private func read(_ text: String) throws -> [AccessExpectationRow] {
        try ExpectationReader(files: MemoryFiles([path: text])).read("policies")
    }

    private let complete = """
        expect:
          - name: complete
            user: mia
            groups: [a, b]
            action: reconnect
            desktop: rhoenblick/buero
            at: wed 10:00
            from: 10.1.2.3
            factor: webauthn
            factor_age: 5m
            client: browser
            device: managed
            answer: allow
            rule: rhoenblick/access/x
            may: [clipboard-in, printer]
            may_not: [drive]
            idle: 15m
            longest: 10h
          - desktop: rhoenblick/buero
            answer: refuse
            reason: outside-hours

        """

    @Test("all keys are read")
    func all() throws {
        let rows = try read(complete)
        let first = try #require(rows.first)
        #expect(first.groups == ["a", "b"])
        #expect(first.action == .reconnect)
        #expect(first.at == "wed 10:00")
        #expect(first.factor == .webauthn)
        #expect(first.factorSeconds == 300)
        #expect(first.client == .browser)
        #expect(first.managedDevice)
        #expect(first.isAllowed)
        #expect(first.passes == [.clipboardIn, .print])
        #expect(first.staysOut == [.driveIn, .driveOut])
        #expect(first.idleSeconds == 900)
        #expect(first.longestSeconds == 36_000)
        #expect(first.origin.description == "\(path):2:5")
        let second = try #require(rows.last)
        #expect(second.name == "number 2")
        #expect(!second.isAllowed)
        #expect(second.reason == .outsideHours)
        #expect(second.at == nil && second.from == nil && second.rule == nil)
    }

    static let wrong = [
        ("expect: []", "the list is empty"),
        ("other: 1", "unknown key"),
        ("expect:\n  - answer: allow", "the key is missing"),
        ("expect:\n  - desktop: a/b", "the key is missing"),
        ("expect:\n  - {desktop: a/b, answer: perhaps}", "expected one of allow, refuse"),
        ("expect:\n  - {desktop: a/b, answer: allow, when: now}", "unknown key"),
        ("expect:\n  - {desktop: a/b, answer: allow, may: [fly]}", "expected one of"),
        ("expect:\n  - {desktop: a/b, answer: allow, idle: soon}", "expected a length of time"),
        ("expect:\n  - {action: fly, answer: allow}", "expected one of"),
    ]

    @Test("mistakes are named with file and line", arguments: wrong)
    func mistakes(_ text: String, _ message: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try read(text) }
        #expect(error?.problems.contains { $0.message.contains(message) && $0.file == path } ?? false)
    }

    @Test("a directory without such files expects nothing")
    func none() throws {
        #expect(try ExpectationReader(files: MemoryFiles([:])).read("policies").isEmpty)
    }

    @Test("only files of that ending are read from a directory, and a file by its name")
    func names() throws {
        let files = MemoryFiles([path: complete, "/etc/torhaus/policies/county.cedar": "permit"])
        #expect(try ExpectationReader(files: files).read("policies").count == 2)
        #expect(try ExpectationReader(files: files).read(path).count == 2)
    }
}
