// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything the audit log's process is told.

/// Everything `torhaus-auditd` is told; written by `torhaus render audit`.
package struct AuditSettings: Hashable, Sendable {
    /// Where records are forwarded to (RFC 5425), with a client certificate.
    package struct Forwarding: Hashable, Sendable {
        /// As `tcp:HOST:PORT`.
        package var receiver: String
        /// The name that the receiver's certificate must have.
        package var receiverName: String
        /// PEM files.
        package var authorities: String
        package var certificate: String
        package var key: String
        /// The private enterprise number behind the name of our structured data (RFC 5424 7.2.2).
        package var enterprise: Int

        /// That of documentation (RFC 5612); a county that has none of its own collides with nobody who is real.
        package static let standardEnterprise = 32_473

        /// Takes every field as it is.
        package init(
            receiver: String,
            receiverName: String,
            authorities: String,
            certificate: String,
            key: String,
            enterprise: Int = standardEnterprise
        ) {
            self.receiver = receiver
            self.receiverName = receiverName
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
            self.enterprise = enterprise
        }
    }

    /// Where names are kept apart from records, and for whom they are sealed.
    package struct Names: Hashable, Sendable {
        /// Keys of pseudonyms and sealed names.
        package var directory: String
        /// JSON file with the public keys of those who open names.
        package var holders: String

        /// Unless the file says otherwise.
        static let standardDirectory = "/var/lib/torhaus-names"

        /// Takes every field as it is.
        package init(directory: String, holders: String) {
            self.directory = directory
            self.holders = holders
        }
    }

    /// Path of the socket it listens on.
    package var socket: String
    /// Users whose processes may append (SO_PEERCRED); at least one.
    package var allowedUsers: [String]
    /// The log's name without its year, such as `audit.county.example/gate1`.
    package var origin: String
    /// Public files, one folder for each year.
    package var logDirectory: String
    /// Keys and what was signed last, one folder for each year; apart from the log, also in backups.
    package var stateDirectory: String
    /// Nil: records keep the names that their producers send.
    ///
    /// A log of people needs it.
    package var names: Names?
    /// A checkpoint follows growth after this time at most.
    package var checkpointMilliseconds: Int
    /// After so much silence the log records that it is alive.
    package var heartbeatSeconds: Int
    /// Below, an alarm is raised.
    package var minimumFreeMebibytes: Int
    /// How long the keys of names are kept after their last record.
    package var retention: AuditRetentionDays
    /// A witness policy file; without it no witness is asked.
    package var witnessPolicy: String?
    /// Where records are forwarded to.
    package var forwarding: Forwarding?
    /// Every record goes to the machine's journal too.
    package var mirrorsToJournal: Bool

    /// All fields; the defaults are those of torhaus.yaml.
    package init(
        socket: String = "/run/torhaus/audit.sock",
        allowedUsers: [String] = ["torhaus"],
        origin: String,
        logDirectory: String = "/var/log/torhaus-audit",
        stateDirectory: String = "/var/lib/torhaus-audit",
        names: Names? = nil,
        checkpointMilliseconds: Int = 500,
        heartbeatSeconds: Int = 300,
        minimumFreeMebibytes: Int = 512,
        retention: AuditRetentionDays = AuditRetentionDays(),
        witnessPolicy: String? = nil,
        forwarding: Forwarding? = nil,
        mirrorsToJournal: Bool = false
    ) {
        self.socket = socket
        self.allowedUsers = allowedUsers
        self.origin = origin
        self.logDirectory = logDirectory
        self.stateDirectory = stateDirectory
        self.names = names
        self.checkpointMilliseconds = checkpointMilliseconds
        self.heartbeatSeconds = heartbeatSeconds
        self.minimumFreeMebibytes = minimumFreeMebibytes
        self.retention = retention
        self.witnessPolicy = witnessPolicy
        self.forwarding = forwarding
        self.mirrorsToJournal = mirrorsToJournal
    }

    /// Reads a settings file's text; every mistake is in the error, with its line.
    package init(text: String) throws(SettingsError) {
        var reader = SettingsReader(text: text)
        socket = reader.single("socket", .socketPath, default: "/run/torhaus/audit.sock")
        allowedUsers = reader.list("allowed_user", .userName)
        origin = reader.needed("origin", .logOrigin)
        logDirectory = reader.single("log_directory", .path, default: "/var/log/torhaus-audit")
        stateDirectory = reader.single("state_directory", .path, default: "/var/lib/torhaus-audit")
        names = nil
        let namesDirectory = reader.optional("names_directory", .path)
        if let holders = reader.optional("holders", .path) {
            names = Names(directory: namesDirectory ?? Names.standardDirectory, holders: holders)
        } else if namesDirectory != nil {
            reader.report("holders", "names_directory needs holders, for whom the names are sealed")
        }
        checkpointMilliseconds = reader.integer(
            "checkpoint_milliseconds",
            SettingsLimits.checkpointMilliseconds,
            default: 500
        )
        heartbeatSeconds = reader.integer("heartbeat_seconds", SettingsLimits.heartbeatSeconds, default: 300)
        minimumFreeMebibytes = reader.integer(
            "minimum_free_mebibytes",
            SettingsLimits.freeMebibytes,
            default: 512
        )
        retention = AuditRetentionDays(&reader)
        witnessPolicy = reader.optional("witness_policy", .path)
        forwarding = nil
        if let receiver = reader.optional("forward_to", .upstream) {
            if receiver.hasPrefix("unix:") { reader.report("forward_to", "expected tcp:HOST:PORT") }
            forwarding = Forwarding(
                receiver: receiver,
                receiverName: reader.needed("forward_name", .hostName),
                authorities: reader.needed("forward_authorities", .path),
                certificate: reader.needed("forward_certificate", .path),
                key: reader.needed("forward_key", .path),
                enterprise: reader.integer(
                    "forward_enterprise",
                    SettingsLimits.enterpriseNumbers,
                    default: Forwarding.standardEnterprise
                )
            )
        }
        mirrorsToJournal = reader.flag("mirror_to_journal", default: false)
        try reader.finish()
    }

    /// The file's text; reading it again gives an equal value when the value is valid.
    package var rendered: String {
        var writer = SettingsWriter(title: "torhaus-auditd")
        writer.add("socket", socket)
        writer.add("allowed_user", allowedUsers)
        writer.add("origin", origin)
        writer.add("log_directory", logDirectory)
        writer.add("state_directory", stateDirectory)
        if let names {
            writer.add("names_directory", names.directory)
            writer.add("holders", names.holders)
        }
        writer.add("checkpoint_milliseconds", checkpointMilliseconds)
        writer.add("heartbeat_seconds", heartbeatSeconds)
        writer.add("minimum_free_mebibytes", minimumFreeMebibytes)
        retention.write(&writer)
        if let witnessPolicy { writer.add("witness_policy", witnessPolicy) }
        if let forwarding {
            writer.add("forward_to", forwarding.receiver)
            writer.add("forward_name", forwarding.receiverName)
            writer.add("forward_authorities", forwarding.authorities)
            writer.add("forward_certificate", forwarding.certificate)
            writer.add("forward_key", forwarding.key)
            writer.add("forward_enterprise", forwarding.enterprise)
        }
        writer.add("mirror_to_journal", mirrorsToJournal)
        return writer.text
    }
}
