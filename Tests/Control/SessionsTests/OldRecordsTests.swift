// SPDX-License-Identifier: EUPL-1.2
// Torhaus: tickets, people and reasons that were stored before the rules asked about machines are still read.

import DaemonMessages
import Foundation
import Testing

@testable import Sessions

@Suite struct OldRecordsTests {
    /// A ticket of version 0.1 with a running session.
    static let ticket = """
        {"hash":[1],"version":3,"standing":{"state":"connected","revoked":false},
         "person":{"user":"erika","displayName":"","groups":["rb-buero"],"secondFactor":true},
         "web":{"value":"w1"},"kind":"client","desktop":"rhoenblick/buero/rb-10",
         "network":[0,0,0,0,0,0,0,0,0,0,255,255,192,0,2,7],"issuedAt":1,"expiresAt":2,
         "session":{"id":[2],"openedAt":1,"correlation":"","source":"192.0.2.7","transport":"gateway-websocket",
                    "connectedTo":"","grantedAt":1,"grants":1,"connections":1,"ends":[],"bytesToClient":0,
                    "bytesToDesktop":0}}
        """

    @Test("takes the network of an old ticket for the session's, and its sign-in for very old")
    func ticket() throws {
        let ticket = try JSONDecoder().decode(TicketRecord.self, from: Data(Self.ticket.utf8))
        #expect(ticket.client == County.machine())
        #expect(ticket.device == nil)
        #expect(ticket.person.signedInAt == nil)
        #expect(ticket.person.secondFactor == .totp)
        #expect(ticket.session?.client == nil)
    }

    struct Factor: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let stored: String
        /// Nil for damage.
        let factor: SignInFactor?

        init(_ stored: String, _ factor: SignInFactor?) {
            testDescription = stored
            self.stored = stored
            self.factor = factor
        }
    }

    @Test(
        "takes a stored second factor of version 0.1 for a code, and a word for what it says",
        arguments: [
            Factor("true", .totp), Factor("false", SignInFactor.none), Factor("\"none\"", SignInFactor.none),
            Factor("\"totp\"", .totp), Factor("\"webauthn\"", .webauthn), Factor("\"smartcard\"", .smartcard),
            Factor("\"push\"", .push), Factor("\"fido\"", nil), Factor("3", nil), Factor("null", nil),
        ]
    )
    func factor(_ each: Factor) throws {
        let text = #"{"user":"u","displayName":"","groups":[],"secondFactor":\#(each.stored)}"#
        let person = try? JSONDecoder().decode(SignedInPerson.self, from: Data(text.utf8))
        #expect(person?.secondFactor == each.factor)
        guard let person else { return }
        let again = try JSONDecoder().decode(SignedInPerson.self, from: JSONEncoder().encode(person))
        #expect(again == person)
    }

    @Test("reads an old reason without an explanation")
    func reason() throws {
        let text = """
            {"reference":"R-7F3K-Q2","at":1,"action":"ticket","reason":"outside-hours","rule":"r","german":"g",
             "english":"e","detail":"","user":"","municipality":"","desktop":"","source":"","correlation":""}
            """
        let reason = try JSONDecoder().decode(ReasonRecord.self, from: Data(text.utf8))
        #expect(reason.policyVersion == nil && reason.explanation == nil)
        let fresh = try JSONDecoder().decode(
            ReasonRecord.self,
            from: JSONEncoder().encode(
                ReasonRecord(
                    reference: "R-7F3K-Q2",
                    at: 1,
                    action: "",
                    reason: "",
                    rule: "",
                    german: "",
                    english: "",
                    policyVersion: "v",
                    explanation: ["one", "two"]
                )
            )
        )
        #expect(fresh.policyVersion == "v" && fresh.explanation == ["one", "two"])
    }

    @Test("keeps machine and time of the sign-in over a restart")
    func kept() async throws {
        let county = County()
        await county.connectGate()
        _ = try await county.connected(try await county.ticket(person: WatchingTests.erika))
        let stored = try #require(county.store.allTickets.first)
        let read = try JSONDecoder().decode(TicketRecord.self, from: JSONEncoder().encode(stored))
        #expect(read == stored)
        #expect(read.session?.client == County.machine())
        #expect(read.person.signedInAt == WatchingTests.erika.signedInAt)
    }
}
