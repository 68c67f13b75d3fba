// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the gate's settings as text. The order of reading is the order of the file.

extension GateSettings {
    /// Reads a settings file's text; every mistake is in the error, with its line.
    package init(text: String) throws(SettingsError) {
        var reader = SettingsReader(text: text)
        listen = reader.list("listen", .listenAddress)
        publicNames = reader.list("public_name", .hostName)
        publicPort = reader.integer("public_port", SettingsLimits.port, default: 443)
        profile = reader.single("profile", .oneOf(Profile.all), default: Profile.bsi)
        recordCipher = reader.single("record_cipher", .oneOf(RecordCipher.all), default: RecordCipher.auto)
        let chains = reader.list("certificate_chain", .path)
        let keys = reader.list("certificate_key", .path)
        certificates = zip(chains, keys).map { Certificate(chain: $0, key: $1) }
        refuseUnknownName = reader.flag("refuse_unknown_name", default: true)
        clientAuthority = reader.optional("client_authority", .path)
        portalUpstream = reader.single("portal_upstream", .upstream, default: "unix:/run/torhaus/portal.sock")
        gateLink = reader.single("gate_link", .socketPath, default: "/run/torhaus/gate-link.sock")
        allowedControlUser = reader.single("allowed_control_user", .userName, default: "torhaus")
        basic = reader.flag("basic", default: false)
        chunkedOut = reader.flag("chunked_out", default: false)
        relayThreads = reader.integer("relay_threads", SettingsLimits.threads, default: 2)
        handshakeThreads = reader.integer("handshake_threads", SettingsLimits.threads, default: 1)
        maxConnections = reader.integer("max_connections", SettingsLimits.connections, default: 8000)
        halfOpenPerAddress = reader.integer("half_open_per_address", SettingsLimits.halfOpen, default: 50)
        keepaliveSeconds = reader.integer("keepalive_seconds", SettingsLimits.keepaliveSeconds, default: 30)
        requestHeadSeconds = reader.integer("request_head_seconds", SettingsLimits.shortSeconds, default: 10)
        tunnelSeconds = reader.integer("tunnel_seconds", SettingsLimits.tunnelSeconds, default: 60)
        connectSeconds = reader.integer("connect_seconds", SettingsLimits.shortSeconds, default: 10)
        handshakeSeconds = reader.integer("handshake_seconds", SettingsLimits.shortSeconds, default: 10)
        if chains.count != keys.count {
            reader.report(
                "certificate_key",
                "there are \(chains.count) certificate_chain and \(keys.count) certificate_key lines"
            )
        }
        try reader.finish()
    }

    /// The file's text; reading it again gives an equal value when the value is valid.
    package var rendered: String {
        var writer = SettingsWriter(title: "torhaus-gate")
        writer.add("listen", listen)
        writer.add("public_name", publicNames)
        writer.add("public_port", publicPort)
        writer.add("profile", profile)
        writer.add("record_cipher", recordCipher)
        for certificate in certificates {
            writer.add("certificate_chain", certificate.chain)
            writer.add("certificate_key", certificate.key)
        }
        writer.add("refuse_unknown_name", refuseUnknownName)
        if let clientAuthority { writer.add("client_authority", clientAuthority) }
        writer.add("portal_upstream", portalUpstream)
        writer.add("gate_link", gateLink)
        writer.add("allowed_control_user", allowedControlUser)
        writer.add("basic", basic)
        writer.add("chunked_out", chunkedOut)
        writer.add("relay_threads", relayThreads)
        writer.add("handshake_threads", handshakeThreads)
        writer.add("max_connections", maxConnections)
        writer.add("half_open_per_address", halfOpenPerAddress)
        writer.add("keepalive_seconds", keepaliveSeconds)
        writer.add("request_head_seconds", requestHeadSeconds)
        writer.add("tunnel_seconds", tunnelSeconds)
        writer.add("connect_seconds", connectSeconds)
        writer.add("handshake_seconds", handshakeSeconds)
        return writer.text
    }
}
