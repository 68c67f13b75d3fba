// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the sections of torhaus.yaml that have nothing but values.

internal import DaemonSettings

extension CountyFile {
    /// The section `sessions`.
    static func sessions(_ section: inout Section) -> Configuration.Sessions {
        let standard = Configuration.Sessions()
        let longestPlace = section.place(of: "longest")
        let read = Configuration.Sessions(
            ticketMinutes: section.integer(
                "ticket_minutes",
                ConfigurationLimits.ticketMinutes,
                default: standard.ticketMinutes
            ),
            bindNetwork: section.choice("bind_network", default: standard.bindNetwork),
            reconnectGrace: section.duration(
                "reconnect_grace",
                ConfigurationLimits.reconnectGrace,
                default: standard.reconnectGrace,
                mayBeOff: true
            ) ?? .zero,
            idle: section.duration("idle", ConfigurationLimits.idle, default: standard.idle, mayBeOff: true),
            longest: section.duration(
                "longest",
                ConfigurationLimits.longest,
                default: standard.longest,
                mayBeOff: true
            ),
            reauthenticate: section.duration(
                "reauthenticate",
                ConfigurationLimits.reauthenticate,
                default: nil,
                mayBeOff: true
            ),
            perPerson: section.integer(
                "per_person",
                ConfigurationLimits.sessionsPerPerson,
                default: standard.perPerson
            ),
            consentText: consent(&section)
        )
        if let idle = read.idle, let longest = read.longest, longest < idle {
            section.findings.warning(
                longestPlace,
                section.path("longest"),
                "sessions end before they can be idle for so long"
            )
        }
        section.finish()
        return read
    }

    private static func consent(_ section: inout Section) -> String {
        guard let value = section.value("consent_text"), let text = section.scalar(value, "consent_text")
        else {
            return ""
        }
        let isBad = text.unicodeScalars.contains { Spelling.isControl($0) && $0 != "\n" }
        guard text.utf8.count <= ConfigurationLimits.consentBytes, !isBad else {
            section.findings.error(
                value.place,
                section.path("consent_text"),
                "expected a text of at most \(ConfigurationLimits.consentBytes) bytes without control characters"
            )
            return ""
        }
        return text
    }

    /// The section `sign_in`.
    static func signIn(_ section: inout Section, directory: String) -> Configuration.SignIn {
        let standard = Configuration.SignIn()
        let workersPlace = section.place(of: "workers")
        let read = Configuration.SignIn(
            webIdle: section.duration("web_idle", ConfigurationLimits.webIdle, default: standard.webIdle),
            webLongest: section.duration(
                "web_longest",
                ConfigurationLimits.webLongest,
                default: standard.webLongest
            ),
            failureFloor: section.duration(
                "failure_floor",
                ConfigurationLimits.failureFloor,
                default: standard.failureFloor
            ),
            deadline: section.duration("deadline", SettingsLimits.signInSeconds, default: standard.deadline),
            pamService: section.text("pam_service", .serviceName, default: standard.pamService),
            pamDirectory: section.value("pam_directory").flatMap {
                section.path($0, "pam_directory", in: directory)
            },
            workers: section.integer("workers", SettingsLimits.workers, default: standard.workers),
            conversations: section.integer(
                "conversations",
                SettingsLimits.conversations,
                default: standard.conversations
            )
        )
        if read.conversations < read.workers {
            section.findings.error(
                workersPlace,
                section.path("workers"),
                "more workers are kept than conversations are allowed"
            )
        }
        section.finish()
        return read
    }

    /// The section `gate`.
    static func gate(_ section: inout Section) -> Configuration.Gate {
        let standard = Configuration.Gate()
        let short = SettingsLimits.shortSeconds
        let read = Configuration.Gate(
            basic: section.flag("basic", default: standard.basic),
            chunkedOut: section.flag("chunked_out", default: standard.chunkedOut),
            relayThreads: section.integer(
                "relay_threads",
                SettingsLimits.threads,
                default: standard.relayThreads
            ),
            handshakeThreads: section.integer(
                "handshake_threads",
                SettingsLimits.threads,
                default: standard.handshakeThreads
            ),
            maxConnections: section.integer(
                "max_connections",
                SettingsLimits.connections,
                default: standard.maxConnections
            ),
            halfOpenPerAddress: section.integer(
                "half_open_per_address",
                SettingsLimits.halfOpen,
                default: standard.halfOpenPerAddress
            ),
            keepalive: section.duration(
                "keepalive",
                SettingsLimits.keepaliveSeconds,
                default: standard.keepalive
            ),
            requestHead: section.duration("request_head", short, default: standard.requestHead),
            tunnel: section.duration("tunnel", SettingsLimits.tunnelSeconds, default: standard.tunnel),
            connect: section.duration("connect", short, default: standard.connect),
            handshake: section.duration("handshake", short, default: standard.handshake)
        )
        section.finish()
        return read
    }

    /// The section `paths`.
    static func paths(_ section: inout Section, directory: String) -> Configuration.Paths {
        let standard = Configuration.Paths()
        let runPlace = section.place(of: "run")
        func path(_ key: String, _ fallback: String) -> String {
            guard let value = section.value(key) else { return PathText.absolute(fallback, in: directory) }
            return section.path(value, key, in: directory) ?? fallback
        }
        let read = Configuration.Paths(
            state: path("state", standard.state),
            run: path("run", standard.run),
            novnc: path("novnc", standard.novnc),
            municipalities: path("municipalities", "municipalities"),
            policies: path("policies", "policies")
        )
        if let complaint = SettingsForm.socketPath.complaint(about: read.gateLinkSocket) {
            section.findings.error(
                runPlace,
                section.path("run"),
                "the sockets' paths are too long: \(complaint)",
                hint: "Linux limits the path of a socket; choose a shorter directory"
            )
        }
        section.finish()
        return read
    }

    /// The section `users`.
    static func users(_ section: inout Section) -> Configuration.Users {
        let standard = Configuration.Users()
        let operators = section.elements("operators", mayBeEmpty: true) ?? []
        let read = Configuration.Users(
            gate: section.text("gate", .userName, default: standard.gate),
            control: section.text("control", .userName, default: standard.control),
            auth: section.text("auth", .userName, default: standard.auth),
            audit: section.text("audit", .userName, default: standard.audit),
            operators: section.unique(operators.map { ($0, section.text($0.value, $0.key, .userName)) })
        )
        section.finish()
        return read
    }
}
