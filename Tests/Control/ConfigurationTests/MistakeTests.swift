// SPDX-License-Identifier: EUPL-1.2
// Torhaus: each mistake is found where it is.

import Testing

@testable import CountyConfiguration

struct MistakeTests {
    struct Mistake: CustomTestStringConvertible, Sendable {
        let name: String
        let of: String
        let become: String
        /// Each as `line:column: key: message | hint`.
        let expected: [String]
        var inCounty = true
        var testDescription: String { name }
    }

    static let inCounty = [
        Mistake(
            name: "unknown key",
            of: "public_port: 8443",
            become: "public_prt: 8443",
            expected: ["3:1: public_prt: unknown key | did you mean public_port?"]
        ),
        Mistake(
            name: "unknown key below",
            of: "keepalive: 31s",
            become: "frobnicate: 31s",
            expected: [
                "40:3: gate.frobnicate: unknown key | known here: basic, chunked_out, relay_threads, handshake_threads, "
                    + "max_connections, half_open_per_address, keepalive, request_head, tunnel, connect, handshake"
            ]
        ),
        Mistake(
            name: "key that must be there",
            of: "county: Landkreis Beispiel",
            become: "",
            expected: ["2:1: county: the key is missing | county: Landkreis Beispiel"]
        ),
        Mistake(
            name: "key without value",
            of: "county: Landkreis Beispiel",
            become: "county:",
            expected: ["1:1: county: the key has no value | county: Landkreis Beispiel"]
        ),
        Mistake(
            name: "text where a list is wanted",
            of: "[Gate.example, tor.example]",
            become: "gate.example",
            expected: [
                "2:15: public_names: expected a list, found a single value | "
                    + "write [a, b], or one entry per line after \"- \""
            ]
        ),
        Mistake(
            name: "empty list",
            of: "[Gate.example, tor.example]",
            become: "[]",
            expected: ["2:15: public_names: the list is empty"]
        ),
        Mistake(
            name: "the same name twice",
            of: "tor.example]",
            become: "gate.EXAMPLE]",
            expected: ["2:30: public_names[1]: \"gate.example\" stands twice in this list"]
        ),
        Mistake(
            name: "list where a text is wanted",
            of: "county: Landkreis Beispiel",
            become: "county: [Landkreis]",
            expected: ["1:9: county: expected a single value, found a list"]
        ),
        Mistake(
            name: "section where a text is wanted",
            of: "profile: modern",
            become: "profile: {a: b}",
            expected: ["6:12: tls.profile: expected a single value, found a section with keys"]
        ),
        Mistake(
            name: "text where a section is wanted",
            of: "rdp_signing:\n  chain: /etc/torhaus/tls/rdp.pem\n  key: /etc/torhaus/tls/rdp.key",
            become: "rdp_signing: off\n\n",
            expected: [
                "12:14: rdp_signing: expected a section with keys, found a single value",
                "12:14: rdp_signing.chain: the key is missing",
                "12:14: rdp_signing.key: the key is missing",
            ]
        ),
        Mistake(
            name: "word that is none of the list",
            of: "bind_network: strict",
            become: "bind_network: prefx",
            expected: [
                "17:17: sessions.bind_network: expected one of strict, prefix, off | did you mean prefix?"
            ]
        ),
        Mistake(
            name: "number out of its bounds",
            of: "ticket_minutes: 6",
            become: "ticket_minutes: 61",
            expected: ["16:19: sessions.ticket_minutes: expected a whole number from 1 to 60 | found \"61\""]
        ),
        Mistake(
            name: "number larger than any",
            of: "relay_threads: 3",
            become: "relay_threads: 99999999999999999999999",
            expected: [
                "36:18: gate.relay_threads: expected a whole number from 1 to 64 | "
                    + "found \"99999999999999999999999\""
            ]
        ),
        Mistake(
            name: "duration without unit",
            of: "idle: 20m",
            become: "idle: 20",
            expected: [
                "19:9: sessions.idle: expected a length of time or off | "
                    + "write for example 90s, 30m or 10h; found \"20\""
            ]
        ),
        Mistake(
            name: "names among the log's files",
            of: "names: /srv/names",
            become: "names: /srv/log/names",
            expected: [
                "69:3: audit.names: lies within audit.logs, or the other way round | "
                    + "logs, keys and names go to different readers and different backups"
            ]
        ),
        Mistake(
            name: "receiver that is no address",
            of: "receiver: siem.example:6514",
            become: "receiver: siem.example",
            expected: [
                "80:15: audit.forward.receiver: expected HOST:PORT, such as siem.example:6514"
            ]
        ),
        Mistake(
            name: "forwarding that lacks a key",
            of: "    key: siem/client.key",
            become: "",
            expected: ["80:5: audit.forward.key: the key is missing | a PEM file"]
        ),
        Mistake(
            name: "enterprise numbers that cannot be",
            of: "    enterprise_number: 61234\n  mirror_to_journal: true",
            become: "    enterprise_number: 4294967296\n  mirror_to_journal: perhaps",
            expected: [
                "85:24: audit.forward.enterprise_number: expected a whole number from 1 to 4294967295 | "
                    + "found \"4294967296\"",
                "86:22: audit.mirror_to_journal: expected true or false | found \"perhaps\"",
            ]
        ),
        Mistake(
            name: "every retention out of its bounds",
            of: "    access: 60d\n    security: 2160h\n    operation: 200d\n    accountability: 730d",
            become: "    access: 6d\n    security: 181d\n    operation: 29d\n    accountability: 5000d",
            expected: [
                "88:13: audit.retention.access: expected 7d to 180d | these records are about people; "
                    + "what belongs to a case is held: torhaus audit hold place; found \"6d\"",
                "89:15: audit.retention.security: expected 7d to 180d | these records are about people; "
                    + "what belongs to a case is held: torhaus audit hold place; found \"181d\"",
                "90:16: audit.retention.operation: expected 30d to 3653d | these records explain all others; "
                    + "found \"29d\"",
                "91:21: audit.retention.accountability: expected 365d to 1461d | a yearly audit must find who read, "
                    + "and claims expire three years after the year's end; found \"5000d\"",
            ]
        ),
        Mistake(
            name: "retention that is no number of days",
            of: "    access: 60d",
            become: "    access: 100h",
            expected: [
                "88:13: audit.retention.access: expected a number of days | write for example 90d; found \"100h\""
            ]
        ),
        Mistake(
            name: "retention without a unit, and of a class that there is not",
            of: "    access: 60d\n    security: 2160h",
            become: "    access: 60\n    safety: 90d",
            expected: [
                "88:13: audit.retention.access: expected a number of days | write for example 90d; found \"60\"",
                "89:5: audit.retention.safety: unknown key | "
                    + "known here: access, security, operation, accountability",
            ]
        ),
        Mistake(
            name: "what explains records goes before them",
            of: "    operation: 200d",
            become: "    operation: 89d",
            expected: [
                "90:16: audit.retention.operation: operation must not be kept shorter than access and security, "
                    + "whose records it explains | access 60d, security 90d"
            ]
        ),
        Mistake(
            name: "duration too long",
            of: "deadline: 3m",
            become: "deadline: 3h",
            expected: ["29:13: sign_in.deadline: expected 10s to 15m | found \"3h\""]
        ),
        Mistake(
            name: "off where it may not be",
            of: "deadline: 3m",
            become: "deadline: off",
            expected: [
                "29:13: sign_in.deadline: expected a length of time | "
                    + "write for example 90s, 30m or 10h; found \"off\""
            ]
        ),
        Mistake(
            name: "flag that is none",
            of: "basic: true",
            become: "basic: maybe",
            expected: ["35:10: gate.basic: expected true or false | found \"maybe\""]
        ),
        Mistake(
            name: "listen on a name",
            of: "\"0.0.0.0:8443\"",
            become: "\"gate.example:443\"",
            expected: [
                "4:22: listen[1]: expected ADDRESS:PORT, such as [::]:443 or 0.0.0.0:8443 | "
                    + "found \"gate.example:443\""
            ]
        ),
        Mistake(
            name: "more workers than conversations",
            of: "conversations: 65",
            become: "conversations: 4",
            expected: ["32:12: sign_in.workers: more workers are kept than conversations are allowed"]
        ),
        Mistake(
            name: "path of sockets too long",
            of: "run: /run/th/",
            become: "run: /run/\(String(repeating: "x", count: 90))",
            expected: [
                "47:8: paths.run: the sockets' paths are too long: the path has more than 107 bytes | "
                    + "Linux limits the path of a socket; choose a shorter directory"
            ]
        ),
        Mistake(
            name: "path with a line feed",
            of: "key: tls/gate.key",
            become: "key: \"/a\\nb\"",
            expected: [
                "9:12: tls.certificates[0].key: the text has a control character or more than one line"
            ]
        ),
        Mistake(
            name: "the same key twice",
            of: "  idle: 20m",
            become: "  idle: 20m\n  bind_network: off",
            expected: [
                "20:3: bind_network: the key stands twice in the same section | "
                    + "the first is in line 17 or below; keep one of them"
            ]
        ),
        Mistake(
            name: "bracket that is never closed",
            of: "[Gate.example, tor.example]",
            become: "[Gate.example",
            expected: [
                "3:12: : YAML: did not find expected ',' or ']' | look at this line and the one above"
            ]
        ),
        Mistake(
            name: "tab",
            of: "  profile: modern",
            become: "\tprofile: modern",
            expected: [
                "6:1: : YAML: found character that cannot start any token | "
                    + "YAML is indented with spaces, and this file has tabs"
            ]
        ),
        Mistake(
            name: "two documents",
            of: "public_port: 8443",
            become: "---",
            expected: ["3:1: : YAML: but found another document | look at this line and the one above"]
        ),
    ]

    static let inMunicipality = [
        Mistake(
            name: "name that is not the file's",
            of: "name: rhoenblick",
            become: "name: roenblick",
            expected: [
                "1:7: name: the name is \"roenblick\", the file's is \"rhoenblick\" | "
                    + "rename the file to roenblick.yaml, or correct the name"
            ]
        ),
        Mistake(
            name: "name with an umlaut",
            of: "name: bauhof",
            become: "name: bürohof",
            expected: [
                "20:11: pools[1].name: expected 1 to 40 of a-z, 0-9 and hyphens inside | "
                    + "the title may have umlauts and blanks, the name stands in addresses"
            ]
        ),
        Mistake(
            name: "name in capitals",
            of: "name: bauhof",
            become: "name: Bauhof",
            expected: [
                "20:11: pools[1].name: expected 1 to 40 of a-z, 0-9 and hyphens inside | "
                    + "the title may have umlauts and blanks, the name stands in addresses"
            ]
        ),
        Mistake(
            name: "unknown redirection",
            of: "[clipboard, printer]",
            become: "[clipbord, usb]",
            expected: [
                "9:20: pools[0].redirections[0]: expected one of clipboard, printer, drive, smartcard, audio, "
                    + "microphone, port, webauthn | did you mean clipboard?",
                "9:30: pools[0].redirections[1]: expected one of clipboard, printer, drive, smartcard, audio, "
                    + "microphone, port, webauthn | found \"usb\"",
            ]
        ),
        Mistake(
            name: "unknown day",
            of: "\"Mo-Fr 06:00-20:00\"",
            become: "\"Mo-Fx 06:00-20:00\"",
            expected: [
                "8:12: pools[0].hours: unknown day \"Fx\" | "
                    + "write for example \"Mo-Fr 06:00-20:00\" or \"Sa,So 22:00-06:00\""
            ]
        ),
        Mistake(
            name: "limit above the county's",
            of: "idle: 10m",
            become: "idle: 21m",
            expected: [
                "10:11: pools[0].idle: a pool may only lower the county's limit of 20m | "
                    + "leave the key out, or raise sessions.idle in torhaus.yaml and lower it elsewhere"
            ]
        ),
        Mistake(
            name: "no limit where the county has one",
            of: "longest: 8h",
            become: "longest: off",
            expected: [
                "11:14: pools[0].longest: a pool may only lower the county's limit of 9h | "
                    + "leave the key out, or raise sessions.longest in torhaus.yaml and lower it elsewhere"
            ]
        ),
        Mistake(
            name: "inner address as DNS name",
            of: "dns: RB-01.desktops.example",
            become: "dns: 10.20.1.11",
            expected: [
                "15:14: pools[0].desktops[0].dns: this is an address, and everybody who gets the .rdp file "
                    + "would read it | write a name, such as rb-01.desktops.example; the address belongs to rdp"
            ]
        ),
        Mistake(
            name: "endpoint without port",
            of: "rdp: 10.20.1.11:3389",
            become: "rdp: 10.20.1.11",
            expected: [
                "16:14: pools[0].desktops[0].rdp: expected HOST:PORT | write for example 10.20.1.11:3389 or "
                    + "[2001:db8::11]:3389; found \"10.20.1.11\""
            ]
        ),
        Mistake(
            name: "desktop without a way to it",
            of: "vnc: 10.20.1.13:5901",
            become: "title: x",
            expected: [
                "23:9: pools[1].desktops[0]: the desktop has neither rdp nor vnc | "
                    + "rdp: 10.20.1.11:3389 for native clients, vnc: 10.20.1.11:5900 for the browser"
            ]
        ),
        Mistake(
            name: "the name of another desktop",
            of: "name: rb-03",
            become: "name: rb-02",
            expected: [
                "23:15: pools[1].desktops[0].name: the desktop rhoenblick/buergerbuero/rb-02 has the name "
                    + "\"rb-02\" already | see \(Example.municipalityPath):19; names and dns are unique in the county"
            ]
        ),
        Mistake(
            name: "a DNS name that is another desktop's name",
            of: "dns: RB-01.desktops.example",
            become: "dns: RB-03",
            expected: [
                "23:15: pools[1].desktops[0].name: the desktop rhoenblick/buergerbuero/rb-01 has the name "
                    + "\"rb-03\" already | see \(Example.municipalityPath):15; names and dns are unique in the county"
            ]
        ),
        Mistake(
            name: "two pools of one name",
            of: "name: bauhof",
            become: "name: buergerbuero",
            expected: ["20:11: pools[1].name: another pool of this municipality has this name"]
        ),
        Mistake(
            name: "group with a colon",
            of: "[gemeinde-rhoenblick]",
            become: "[\"a:b\"]",
            expected: ["3:10: groups[0]: a group's name has neither \":\" nor \",\""]
        ),
        Mistake(
            name: "hours that would mean always",
            of: "hours: \"Mo-Fr 06:00-20:00\"",
            become: "hours: []",
            expected: [
                "8:12: pools[0].hours: the list is empty | "
                    + "write for example \"Mo-Fr 06:00-20:00\" or \"Sa,So 22:00-06:00\""
            ]
        ),
    ]

    private func shown(_ problem: ConfigurationProblem) -> String {
        let place = "\(problem.line ?? 0):\(problem.column ?? 0): \(problem.key): \(problem.message)"
        return problem.hint.map { "\(place) | \($0)" } ?? place
    }

    @Test("a mistake in torhaus.yaml is named with its place", arguments: inCounty)
    func county(mistake: Mistake) throws {
        #expect(Example.county.contains(mistake.of))
        let error = try #require(throws: ConfigurationError.self) {
            try Example.load(
                county: Example.county.replacing(mistake.of, with: mistake.become, maxReplacements: 1)
            )
        }
        #expect(error.problems.map(shown) == mistake.expected)
        #expect(error.problems.allSatisfy { $0.file == Example.countyPath })
    }

    @Test("a mistake in a municipality's file is named with its place", arguments: inMunicipality)
    func municipality(mistake: Mistake) throws {
        let text = Example.municipality.replacing(mistake.of, with: mistake.become, maxReplacements: 1)
        #expect(text != Example.municipality)
        let error = try #require(throws: ConfigurationError.self) { try Example.load(municipality: text) }
        #expect(error.problems.map(shown) == mistake.expected)
        #expect(error.problems.allSatisfy { $0.file == Example.municipalityPath })
    }

    @Test("mistakes of several files come at once, one block each")
    func severalFiles() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Example.load(
                county: Example.county.replacing("basic: true", with: "basic: 2"),
                municipality: Example.municipality.replacing("name: rb-03", with: "nme: rb-03")
            )
        }
        #expect(
            error.description == """
                /etc/torhaus/torhaus.yaml:35:10: gate.basic: expected true or false
                  hint: found "2"
                /etc/torhaus/municipalities/rhoenblick.yaml:23:9: pools[1].desktops[0].name: the key is missing
                /etc/torhaus/municipalities/rhoenblick.yaml:23:9: pools[1].desktops[0].nme: unknown key
                  hint: did you mean name?
                """
        )
    }

    @Test("Latin-1 is named with its line")
    func latin1() throws {
        var files = Example.files
        files.files[Example.municipalityPath] =
            Array("name: rhoenblick\ntitle: Rh".utf8) + [0xF6] + Array("n".utf8)
        let error = try #require(throws: ConfigurationError.self) {
            try ConfigurationLoader(files: files, certificates: .none).load(Example.countyPath)
        }
        #expect(error.problems.map(\.line) == [2])
        #expect(error.problems.map(\.message) == ["the text is not UTF-8"])
    }

    @Test("a file that is not there is a mistake with a hint")
    func missing() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try Configuration.load("/nonexistent/torhaus.yaml")
        }
        #expect(
            error.description == """
                /nonexistent/torhaus.yaml: cannot be read: No such file or directory
                  hint: create it, or correct the path
                """
        )
    }

    @Test("a device or directory in the place of the file is refused", arguments: ["/dev/zero", "/"])
    func notAFile(path: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try Configuration.load(path) }
        #expect(error.problems.map(\.message) == ["this is not a regular file"])
    }
}
