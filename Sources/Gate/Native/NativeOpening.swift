// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from a native client's request to a tunnel: credentials in the header, transports, pairing.

internal import ByteCoding
internal import DaemonMessages
internal import DaemonSettings
internal import HTTPHead
internal import LinuxKit
internal import OpenSSLKit
internal import RDGateway

/// What a request's header proved, or that it proved nothing.
enum HeaderProof {
    /// The cookie inside the tunnel will be the proof.
    case cookie
    case basic(BasicCredentials, digest: [UInt8])
    /// The client must try again, with what the answer offers.
    case challenge

    init(_ head: RequestHead, basicIsEnabled: Bool) {
        let wantsCookie = head.value("rdg-auth-scheme").map { $0.lowercased() == "paa" } ?? false
        guard let authorization = head.value("authorization") else {
            self = wantsCookie || !basicIsEnabled ? .cookie : .challenge
            return
        }
        guard basicIsEnabled, let credentials = BasicCredentials(authorization: authorization) else {
            self = .challenge
            return
        }
        self = .basic(credentials, digest: Digest.sha256(Array(authorization.utf8)))
    }

    /// Identifies the proof for pairing, without being one.
    var digest: [UInt8] { if case .basic(_, let digest) = self { digest } else { [] } }
}

enum NativeOpening {
    /// Answers the request or hands the connection to the handler that will.
    static func begin(
        _ request: NativeRequest,
        _ head: RequestHead,
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        let basic = loop.services.settings.basic
        let proof = HeaderProof(head, basicIsEnabled: basic)
        if case .challenge = proof {
            challenge(basic, connection, loop)
            return
        }
        let userAgent = String(
            decoding: (head.value("user-agent") ?? "").utf8.prefix(GateLimits.userAgentBytes),
            as: UTF8.self
        )
        switch request {
        case .webSocket, .out:
            let opening = TunnelOpening(request: request, proof: proof, userAgent: userAgent)
            if case .basic(let credentials, _) = proof {
                BasicSignIn.begin(credentials, opening, connection, loop)
            } else {
                opening.accept(headerGrant: nil, connection, loop)
            }
        case .inboundProbe:
            let ok = ResponseHead(
                status: 200,
                reason: "OK",
                headers: [HeaderField(name: "Content-Length", value: "0")]
            )
            guard loop.write(ok.bytes, to: connection) else { return }
            connection.handler = FrontDoor(inboundProof: proof.digest)
            loop.schedule(connection, at: loop.now + GateLimits.pairingMilliseconds)
        case .inbound(let connectionID):
            attach(connectionID, proof.digest, [], connection, loop)
        }
    }

    /// Brings an IN connection to the loop of its OUT.
    static func attach(
        _ connectionID: String,
        _ proof: [UInt8],
        _ bytes: [UInt8],
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        let key = PairingKey(
            connectionID: connectionID,
            address: connection.line.address.bytes,
            credentials: proof
        )
        guard let out = loop.services.pairing.take(key) else {
            if loop.write(ResponseHead.closing(404, "Not Found").bytes, to: connection) {
                loop.closeWhenDrained(connection)
            }
            return
        }
        let line = loop.release(connection)
        loop.services.post(.adoptInbound(line, outbound: out.connection, bytes: bytes), to: out.loop)
    }

    /// 401 with Basic when it is enabled; the connection stays open for the second try.
    static func challenge(_ basicIsEnabled: Bool, _ connection: Connection, _ loop: RelayLoop) {
        let offer = basicIsEnabled ? "Basic realm=\"Torhaus\", charset=\"UTF-8\"" : "PAA"
        let head = ResponseHead(
            status: 401,
            reason: "Unauthorized",
            headers: [
                HeaderField(name: "WWW-Authenticate", value: offer),
                HeaderField(name: "Content-Length", value: "0"),
            ]
        )
        guard loop.write(head.bytes, to: connection) else { return }
        // The deadline of the first request goes on running: tries are not endless.
        connection.handler = FrontDoor()
    }
}

/// A tunnel request whose header is accepted, or needs no proof.
struct TunnelOpening {
    let request: NativeRequest
    let proof: HeaderProof
    let userAgent: String

    /// Sends 101 or 200 and installs the tunnel.
    func accept(headerGrant: TunnelGrant?, _ connection: Connection, _ loop: RelayLoop) {
        switch request {
        case .webSocket(let key):
            let hash = Digest.sha1(WebSocketUpgrade.acceptInput(key: key))
            let answer = WebSocketUpgrade.switching(hash: hash, subprotocol: nil).bytes
            install(.webSocket, pairing: nil, headerGrant, answer, connection, loop)
        case .out(let connectionID, let knowsChunks):
            let key = PairingKey(
                connectionID: connectionID,
                address: connection.line.address.bytes,
                credentials: proof.digest
            )
            guard loop.services.pairing.wait(key, at: connection.address),
                let seed = try? RandomBytes.make(count: GateLimits.legacySeedBytes)
            else {
                loop.close(connection)
                return
            }
            let isChunked = knowsChunks && loop.services.settings.chunkedOut
            let answer =
                isChunked ? Self.chunkedAnswer(seed) : ResponseHead(status: 200, reason: "OK").bytes + seed
            install(isChunked ? .legacyChunked : .legacy, pairing: key, headerGrant, answer, connection, loop)
        case .inboundProbe, .inbound:
            loop.close(connection)
        }
    }

    /// The head, and the seed as a chunk of its own.
    private static func chunkedAnswer(_ seed: [UInt8]) -> [UInt8] {
        let head = ResponseHead(
            status: 200,
            reason: "OK",
            headers: [HeaderField(name: "Transfer-Encoding", value: "chunked")]
        )
        return head.bytes + ChunkHeader.encoded(payloadCount: seed.count) + seed + ChunkHeader.trailer
    }

    private func install(
        _ transport: NativeTunnel.Transport,
        pairing: PairingKey?,
        _ headerGrant: TunnelGrant?,
        _ answer: [UInt8],
        _ connection: Connection,
        _ loop: RelayLoop
    ) {
        let tunnel = NativeTunnel(
            transport: transport,
            pairing: pairing,
            headerGrant: headerGrant,
            userAgent: userAgent
        )
        connection.handler = tunnel
        let wait =
            pairing == nil
            ? UInt64(max(1, loop.services.settings.tunnelSeconds)) * 1_000 : GateLimits.pairingMilliseconds
        loop.schedule(connection, at: loop.now + wait)
        _ = loop.write(answer, to: connection)
    }
}
