// SPDX-License-Identifier: EUPL-1.2
// Torhaus: which machine somebody works at.

import DaemonMessages
import Testing

@testable import Sessions

@Suite struct AccessClientTests {
    struct Named: CustomTestStringConvertible, Sendable {
        let subject: String
        let name: String?
        var testDescription: String { subject }
    }

    @Test(
        "knows a managed machine by its certificate's common name",
        arguments: [
            Named(subject: "nb-17", name: "nb-17"),
            Named(subject: "CN=nb-17.example,O=Landkreis", name: "nb-17.example"),
            Named(subject: "O=Landkreis, CN=nb-17", name: "nb-17"),
            Named(subject: "O=a\\,CN=fake,CN=nb-17", name: "nb-17"),
            Named(subject: "O=Landkreis", name: nil),
            Named(subject: "CN=", name: nil),
            Named(subject: "", name: nil),
        ]
    )
    func device(_ wanted: Named) {
        let device = ManagedDevice(.verified(subject: wanted.subject, sha256: [1]))
        #expect(device != nil && device?.name == wanted.name)
    }

    @Test("takes an unverified certificate for none")
    func unverified() {
        #expect(ManagedDevice(ClientCertificate.none) == nil)
        #expect(ManagedDevice(.failed(reason: "expired")) == nil)
    }
}
