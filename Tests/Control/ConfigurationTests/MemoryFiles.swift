// SPDX-License-Identifier: EUPL-1.2
// Torhaus: files in memory, and an example county that uses every key.

@testable import CountyConfiguration

/// Files by their paths; the working directory is /etc/torhaus.
struct MemoryFiles: FileSource {
    var files: [String: [UInt8]]
    var writable: Set<String> = []
    /// Directories that are there even when they are empty.
    var directories: Set<String> = ["/etc/torhaus/policies"]

    init(_ texts: [String: String]) {
        files = texts.mapValues { Array($0.utf8) }
    }

    func read(_ path: String, limit: Int) throws(FileFault) -> [UInt8] {
        guard let bytes = files[path] else { throw FileFault(message: "cannot be read: none", hint: nil) }
        guard bytes.count <= limit else { throw FileFault(message: "too large", hint: nil) }
        return bytes
    }

    func list(_ directory: String) throws(FileFault) -> [String] {
        let names = files.keys.filter { $0.hasPrefix("\(directory)/") }.map {
            String($0.dropFirst(directory.count + 1))
        }
        guard !names.isEmpty || directories.contains(directory) else {
            throw FileFault(message: "no directory", hint: nil)
        }
        return names
    }

    func permissions(_ path: String) -> UInt32? { writable.contains(path) ? 0o666 : 0o644 }

    var workingDirectory: String { "/etc/torhaus" }
}

/// A county with one municipality, as text.
enum Example {
    static let countyPath = "/etc/torhaus/torhaus.yaml"
    static let municipalityPath = "/etc/torhaus/municipalities/rhoenblick.yaml"

    static let county = """
        county: Landkreis Beispiel
        public_names: [Gate.example, tor.example]
        public_port: 8443
        listen: ["[::]:443", "0.0.0.0:8443"]
        tls:
          profile: modern
          certificates:
            - chain: /etc/torhaus/tls/gate.pem
              key: tls/gate.key
          unknown_name: default
          client_authority: /etc/torhaus/tls/ca.pem
        rdp_signing:
          chain: /etc/torhaus/tls/rdp.pem
          key: /etc/torhaus/tls/rdp.key
        sessions:
          ticket_minutes: 6
          bind_network: strict
          reconnect_grace: 90s
          idle: 20m
          longest: 9h
          reauthenticate: 4h
          consent_text: |
            Nur für Beschäftigte.
            Zugriffe werden aufgezeichnet.
        sign_in:
          web_idle: 31m
          web_longest: 11h
          failure_floor: 2s
          deadline: 3m
          pam_service: torhaus-test
          pam_directory: pam.d
          workers: 5
          conversations: 65
        gate:
          basic: true
          relay_threads: 3
          handshake_threads: 2
          max_connections: 9000
          half_open_per_address: 51
          keepalive: 31s
          request_head: 11s
          tunnel: 61s
          connect: 12s
          handshake: 13s
        paths:
          state: /srv/torhaus
          run: /run/th/
          novnc: ./novnc
          municipalities: municipalities
          policies: policies
        users:
          gate: gate1
          control: control1
          auth: auth1
          audit: log1
          operators: [anna]
        zones:
          - name: verwaltungsnetz
            networks: [10.0.0.0/8, "2001:db8::/32"]
          - name: rathaus
            networks: [10.20.0.0/16]
            in: verwaltungsnetz
        roles:
          auditor: [revision]
          data_protection: [datenschutz]
          operator: [kreis-it]
        external_groups: [dienstleister]
        audit:
          origin: audit.landkreis.example/tor1
          socket: /run/th/log.sock
          logs: /srv/log
          state: log-state
          names: /srv/names
          holders: holders.json
          checkpoint_milliseconds: 250
          heartbeat: 1m
          minimum_free_mebibytes: 100
          witness_policy: witnesses
          forward:
            receiver: siem.example:6514
            name: siem.example
            authorities: siem/ca.pem
            chain: siem/client.pem
            key: siem/client.key
            enterprise_number: 61234
          mirror_to_journal: true
          retention:
            access: 60d
            security: 2160h
            operation: 200d
            accountability: 730d

        """

    static let municipality = """
        name: rhoenblick
        title: Rhönblick
        groups: [gemeinde-rhoenblick]
        pools:
          - name: buergerbuero
            title: Bürgerbüro
            groups: ["rhoenblick buergerbuero"]
            hours: "Mo-Fr 06:00-20:00"
            redirections: [clipboard, printer]
            idle: 10m
            longest: 8h
            desktops:
              - name: rb-01
                title: Arbeitsplatz 1
                dns: RB-01.desktops.example
                rdp: 10.20.1.11:3389
                vnc: "[2001:db8::11]:5900"
                account: rb01
              - {name: rb-02, rdp: "rb-02.inner:3389"}
          - name: bauhof
            hours: ["Sa 08:00-12:00", "Fr 22:00-06:00"]
            desktops:
              - name: rb-03
                vnc: 10.20.1.13:5901
            sensitive: true
        access:
          - name: homeoffice
            who: [rhoenblick-homeoffice]
            pools: [bauhof]
            days: Mo-Do
            hours: 07:00-19:00
            holidays: closed
            from: [verwaltungsnetz, internet]
            factor: [webauthn, smartcard]
            factor_within: 8h
            device: managed
            client: native
            may: [clipboard-in, print]
            idle: 5m
            longest: 4h
            record: true
        roles:
          data_protection: [dsb-rhoenblick]
        audit: {required: false}

        """

    static let files = MemoryFiles([countyPath: county, municipalityPath: municipality])

    /// Loads with one text replaced in one of the files.
    static func load(
        county: String = county,
        municipality: String = municipality,
        certificates: CertificateChecks = .none
    ) throws(ConfigurationError) -> Configuration {
        let files = MemoryFiles([countyPath: county, municipalityPath: municipality])
        return try ConfigurationLoader(files: files, certificates: certificates).load("torhaus.yaml")
    }
}
