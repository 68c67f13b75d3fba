// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the rows of `access`.

internal import AccessPolicy
internal import DaemonSettings

/// Reads rows; whether their pools and zones exist is found out when the policy is made.
struct AccessReader {
    let reader: PolicyReader
    /// The municipality's, for rows that name none.
    let groups: [String]
    /// The county's limits.
    let sessions: Configuration.Sessions

    /// All rows, in their order.
    func rows(_ section: inout Section) -> [AccessRow] {
        guard let elements = section.elements("access", mayBeEmpty: true) else { return [] }
        var names: Set<String> = []
        var rows: [AccessRow] = []
        for (number, entry) in section.sections(elements).enumerated() {
            var entry = entry
            let place = entry.has("name") ? entry.place(of: "name") : entry.place
            let row = row(&entry, number: number + 1)
            if !row.name.isEmpty, !names.insert(row.name).inserted {
                section.findings.error(place, entry.path("name"), "another row of this file has this name")
            }
            rows.append(row)
        }
        return rows
    }

    private func row(_ section: inout Section, number: Int) -> AccessRow {
        let place = section.place
        let name = section.has("name") ? MunicipalityFile.name(&section) : "row-\(number)"
        // The key is known even when it is not there.
        if !section.has("name") { _ = section.value("name") }
        let who = section.elements("who")
        let row = AccessRow(
            name: name,
            groups: who.map { MunicipalityFile.groups(&section, $0) } ?? groups,
            pools: names(&section, "pools"),
            hours: RowHours.read(&section),
            holidays: section.choice("holidays", default: .open),
            zones: names(&section, "from"),
            factor: factor(&section),
            factorSeconds: seconds(&section, "factor_within", ConfigurationLimits.reauthenticate, nil),
            managedDevice: section.choice("device", default: Device.any) == .managed,
            clients: Set(words(&section, "client")),
            may: may(&section),
            idleSeconds: seconds(&section, "idle", ConfigurationLimits.idle, sessions.idle),
            longestSeconds: seconds(&section, "longest", ConfigurationLimits.longest, sessions.longest),
            record: section.flag("record", default: false),
            origin: reader.origin(place)
        )
        section.finish()
        return row
    }

    private enum Device: String, CaseIterable {
        case any
        case managed
    }

    // MARK: Lists

    /// One name or a list of them; left out means all.
    private func names(_ section: inout Section, _ key: String) -> [String] {
        let elements = oneOrMore(&section, key)
        return section.unique(
            elements.map {
                ($0, section.line($0.value, $0.key, limit: ConfigurationLimits.nameBytes))
            }
        )
    }

    /// One word or a list of words.
    private func words<Word>(_ section: inout Section, _ key: String) -> [Word]
    where Word: RawRepresentable<String> & CaseIterable {
        let elements = oneOrMore(&section, key)
        let read = elements.map { element -> (Section.Element, String?) in
            let text = section.scalar(element.value, element.key)
            let word: Word? = text.flatMap { section.word($0, element.value.place, element.key) }
            return (element, word?.rawValue)
        }
        return section.unique(read).compactMap(Word.init(rawValue:))
    }

    private func oneOrMore(_ section: inout Section, _ key: String) -> [Section.Element] {
        guard let value = section.value(key) else { return [] }
        if case .scalar = value.content { return [Section.Element(value: value, key: key)] }
        return section.elements(of: value, key)
    }

    // MARK: Conditions

    /// `any`, or one or more factors; left out asks for none.
    private func factor(_ section: inout Section) -> AccessRow.Factor? {
        let place = section.place(of: "factor")
        let words: [FactorWord] = words(&section, "factor")
        guard !words.isEmpty else { return nil }
        if words.contains(.any) {
            if 1 < words.count {
                section.findings.error(place, section.path("factor"), "any stands alone")
            }
            return .any
        }
        return .oneOf(Set(words.compactMap { PolicyFactor(rawValue: $0.rawValue) }))
    }

    private enum FactorWord: String, CaseIterable {
        case any
        case totp
        case push
        case webauthn
        case smartcard
    }

    private func may(_ section: inout Section) -> Set<PolicyRedirection> {
        let words: [PassingWord] = words(&section, "may")
        return Set(words.flatMap(\.redirections))
    }

    /// A limit in seconds, never above the county's.
    private func seconds(
        _ section: inout Section,
        _ key: String,
        _ bounds: ClosedRange<Int>,
        _ county: Duration?
    ) -> UInt32? {
        let place = section.place(of: key)
        guard let read = section.duration(key, bounds, default: nil, mayBeOff: false) else { return nil }
        if let county, county < read {
            let most = DurationText.text(Int(county.components.seconds))
            section.findings.error(
                place,
                section.path(key),
                "a row may only lower the county's limit of \(most)",
                hint: "leave the key out, or raise sessions.\(key) in torhaus.yaml"
            )
        }
        return read.wholeSeconds
    }
}

/// Words of `may`: those of a pool's `redirections`, and their halves.
enum PassingWord: String, CaseIterable {
    case clipboard
    case clipboardIn = "clipboard-in"
    case clipboardOut = "clipboard-out"
    case drive
    case driveIn = "drive-in"
    case driveOut = "drive-out"
    case print
    case printer
    case audio
    case microphone
    case smartcard
    case port
    case webauthn

    var redirections: [PolicyRedirection] {
        switch self {
        case .clipboard: [.clipboardIn, .clipboardOut]
        case .clipboardIn: [.clipboardIn]
        case .clipboardOut: [.clipboardOut]
        case .drive: [.driveIn, .driveOut]
        case .driveIn: [.driveIn]
        case .driveOut: [.driveOut]
        case .print, .printer: [.print]
        case .audio: [.audioOut]
        case .microphone: [.audioIn]
        case .smartcard: [.smartcard]
        case .port: [.port]
        case .webauthn: [.webauthn]
        }
    }
}
