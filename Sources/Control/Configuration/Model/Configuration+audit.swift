// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the audit log's name, its places, and whom it tells.

package import DaemonSettings

extension Configuration {
    /// The section `audit`.
    package struct Audit: Hashable, Sendable {
        /// Where records are forwarded to over TLS (RFC 5425).
        package struct Forward: Hashable, Sendable {
            package let receiver: Endpoint
            /// The name the receiver's certificate must have.
            package let name: String
            /// PEM file with the authorities of the receiver's certificate.
            package let authorities: String
            /// What we prove ourselves with.
            package let certificate: CertificatePair
            /// The private enterprise number in what we send.
            package let enterprise: Int

            /// All parts.
            package init(
                receiver: Endpoint,
                name: String,
                authorities: String,
                certificate: CertificatePair,
                enterprise: Int = AuditSettings.Forwarding.standardEnterprise
            ) {
                self.receiver = receiver
                self.name = name
                self.authorities = authorities
                self.certificate = certificate
                self.enterprise = enterprise
            }
        }

        /// The log's name without its year; each machine that writes one needs its own.
        package let origin: String
        /// `torhaus-auditd` listens, `torhausd` connects.
        package let socket: String
        /// Directory of the log's public files.
        package let logs: String
        /// Directory of the log's keys and of what was signed last.
        package let state: String
        /// Directory of the pseudonyms' keys and the sealed names; no backup may have it.
        package let names: String
        /// JSON file with the public keys of those who open names.
        package let holders: String
        package let checkpointMilliseconds: Int
        /// After so much silence the log records that it is alive.
        package let heartbeat: Duration
        /// With less free space an alarm is raised.
        package let minimumFreeMebibytes: Int
        /// How long records are kept.
        package let retention: AuditRetentionDays
        /// Which witnesses must cosign; nil: none is asked.
        package let witnessPolicy: String?
        package let forward: Forward?
        /// Every record goes to the machine's journal too.
        package let mirrorsToJournal: Bool

        /// How long records are kept, as other records say it.
        package var retentionText: String { retention.description }

        /// All parts; the defaults are those of torhaus.yaml.
        package init(
            origin: String,
            socket: String = "/run/torhaus/audit.sock",
            logs: String = "/var/log/torhaus-audit",
            state: String = "/var/lib/torhaus-audit",
            names: String = "/var/lib/torhaus-names",
            holders: String = "/etc/torhaus/holders.json",
            checkpointMilliseconds: Int = 500,
            heartbeat: Duration = .seconds(300),
            minimumFreeMebibytes: Int = 512,
            retention: AuditRetentionDays = AuditRetentionDays(),
            witnessPolicy: String? = nil,
            forward: Forward? = nil,
            mirrorsToJournal: Bool = false
        ) {
            self.origin = origin
            self.socket = socket
            self.logs = logs
            self.state = state
            self.names = names
            self.holders = holders
            self.checkpointMilliseconds = checkpointMilliseconds
            self.heartbeat = heartbeat
            self.minimumFreeMebibytes = minimumFreeMebibytes
            self.retention = retention
            self.witnessPolicy = witnessPolicy
            self.forward = forward
            self.mirrorsToJournal = mirrorsToJournal
        }
    }
}
