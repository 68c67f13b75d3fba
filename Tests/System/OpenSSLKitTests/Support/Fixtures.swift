// SPDX-License-Identifier: EUPL-1.2
// Torhaus: short ways to contexts and clients for the tests.

import Foundation

@testable import OpenSSLKit

let certificates = TestCertificates.shared

/// A context with the usual choices.
func makeContext(
    _ identities: [CertificateFiles] = [certificates.files("gate")],
    profile: TLSProfile = .bsi,
    unknownName: UnknownName = .refuse,
    clientAuthority: String? = nil,
    ticketKeys: TicketKeys? = nil,
    records: RecordCipher = .openSSL
) throws -> TLSServerContext {
    try TLSServerContext(
        identities: identities,
        profile: profile,
        unknownName: unknownName,
        clientAuthority: clientAuthority,
        ticketKeys: ticketKeys ?? TicketKeys(),
        records: records
    )
}

/// `openssl s_client` against a test server.
///
/// The line `hello` is sent and its echo waited for.
func client(
    _ server: TestServer,
    name: String? = "gate.example",
    _ extra: [String] = [],
    input: String = "hello\n",
    openFor seconds: TimeInterval = 0.4
) throws -> ToolRun {
    var arguments = ["s_client", "-connect", "127.0.0.1:\(server.port)"]
    arguments += ["-CAfile", certificates.path("ca.pem")]
    arguments += name.map { ["-servername", $0] } ?? ["-noservername"]
    return try Tool.run(
        "/usr/bin/openssl",
        arguments + extra,
        input: input,
        keepInputOpenFor: seconds,
        seconds: 20
    )
}

/// Python's start for client scripts: `connect()` gives a TLS socket to the port in argv[1].
let pythonClient = """
    import os, socket, ssl, sys, time, hashlib, struct, random
    port = int(sys.argv[1]); ca = sys.argv[2]
    def context():
        c = ssl.create_default_context(cafile=ca)
        return c
    def connect(c=None, name="gate.example", session=None):
        s = socket.create_connection(("127.0.0.1", port)); s.settimeout(30)
        return (c or context()).wrap_socket(s, server_hostname=name, session=session)

    """

/// Runs a client script against a server; its standard output is the answer.
func python(_ server: TestServer, _ script: String, seconds: TimeInterval = 60) throws -> ToolRun {
    try Tool.python(
        pythonClient + script,
        [String(server.port), certificates.path("ca.pem")],
        seconds: seconds
    )
}
