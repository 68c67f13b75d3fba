// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the section `audit` of torhaus.yaml.

internal import DaemonSettings

/// Relative paths start at the directory of the file.
struct AuditReader {
    let directory: String
    /// The log's name comes from the first of them unless the section gives one.
    let publicNames: [String]
    /// Where the socket is unless the section says otherwise.
    let run: String

    /// All keys of the section.
    func read(_ section: inout Section) -> Configuration.Audit {
        let fallback = "\(publicNames.first ?? "localhost")/audit"
        let standard = Configuration.Audit(origin: fallback)
        let socketPlace = section.place(of: "socket")
        let isForwarded = section.has("forward")
        var forwardSection = section.section("forward")
        var retentionSection = section.section("retention")
        let read = Configuration.Audit(
            origin: section.text("origin", .logOrigin, default: fallback),
            socket: path("socket", "\(run)/audit.sock", &section),
            logs: path("logs", standard.logs, &section),
            state: path("state", standard.state, &section),
            names: path("names", standard.names, &section),
            holders: path("holders", standard.holders, &section),
            checkpointMilliseconds: section.integer(
                "checkpoint_milliseconds",
                SettingsLimits.checkpointMilliseconds,
                default: standard.checkpointMilliseconds
            ),
            heartbeat: section.duration(
                "heartbeat",
                SettingsLimits.heartbeatSeconds,
                default: standard.heartbeat
            ),
            minimumFreeMebibytes: section.integer(
                "minimum_free_mebibytes",
                SettingsLimits.freeMebibytes,
                default: standard.minimumFreeMebibytes
            ),
            retention: RetentionReader.read(&retentionSection),
            witnessPolicy: section.value("witness_policy").flatMap {
                section.path($0, "witness_policy", in: directory)
            },
            forward: isForwarded ? forward(&forwardSection) : nil,
            mirrorsToJournal: section.flag("mirror_to_journal", default: standard.mirrorsToJournal)
        )
        if let complaint = SettingsForm.socketPath.complaint(about: read.socket) {
            section.findings.error(socketPlace, section.path("socket"), complaint)
        }
        checkPlaces(read, section)
        section.finish()
        return read
    }

    private func path(_ key: String, _ fallback: String, _ section: inout Section) -> String {
        guard let value = section.value(key) else { return PathText.absolute(fallback, in: directory) }
        return section.path(value, key, in: directory) ?? fallback
    }

    /// Who gets the log must not get the names or the key with it.
    private func checkPlaces(_ read: Configuration.Audit, _ section: Section) {
        let places = [("logs", read.logs), ("state", read.state), ("names", read.names)]
        for (index, (key, place)) in places.enumerated() {
            for (other, otherPlace) in places[..<index] {
                guard Self.isWithin(place, otherPlace) || Self.isWithin(otherPlace, place) else { continue }
                section.findings.error(
                    section.place,
                    section.path(key),
                    "lies within \(section.path(other)), or the other way round",
                    hint: "logs, keys and names go to different readers and different backups"
                )
            }
        }
    }

    private static func isWithin(_ inner: String, _ outer: String) -> Bool {
        inner == outer || inner.hasPrefix("\(outer)/")
    }

    // MARK: Forwarding

    private func forward(_ section: inout Section) -> Configuration.Audit.Forward? {
        let receiver = receiver(&section)
        let name = section.required("name", hint: "the name in the receiver's certificate")
            .flatMap { section.text($0, "name", .hostName) }
        let authorities = file("authorities", &section)
        let chain = file("chain", &section)
        let key = file("key", &section)
        let enterprise = section.integer(
            "enterprise_number",
            SettingsLimits.enterpriseNumbers,
            default: AuditSettings.Forwarding.standardEnterprise
        )
        section.finish()
        guard let receiver, let name, let authorities, let chain, let key else { return nil }
        return Configuration.Audit.Forward(
            receiver: receiver,
            name: name,
            authorities: authorities,
            certificate: Configuration.CertificatePair(chain: chain, key: key),
            enterprise: enterprise
        )
    }

    private func receiver(_ section: inout Section) -> Configuration.Endpoint? {
        guard let value = section.required("receiver", hint: "receiver: siem.example:6514"),
            let text = section.scalar(value, "receiver")
        else { return nil }
        guard let endpoint = NetworkEndpoint(text) else {
            let message = "expected HOST:PORT, such as siem.example:6514"
            section.findings.error(value.place, section.path("receiver"), message)
            return nil
        }
        return Configuration.Endpoint(host: endpoint.host, port: endpoint.port)
    }

    private func file(_ key: String, _ section: inout Section) -> String? {
        section.required(key, hint: "a PEM file").flatMap { section.path($0, key, in: directory) }
    }
}
