// SPDX-License-Identifier: EUPL-1.2
// Torhaus: reads the keys `days` and `hours` of a row.

internal import AccessPolicy
internal import DaemonSettings

/// Days and hours, together or each alone.
enum RowHours {
    /// `days: Mo-Fr` with `hours: 06:00-20:00`, or all in `hours`; empty: at any time.
    static func read(_ section: inout Section) -> [PolicyHours] {
        let daysPlace = section.place(of: "days")
        let days = section.value("days").map { texts($0, "days", section) }?.joined(separator: ",")
        guard let value = section.value("hours") else {
            guard let days else { return [] }
            return rules("\(days) 00:00-24:00", daysPlace, "days", section)
        }
        // A list without entries would mean: always; the opposite of what it looks like.
        if case .list(let list) = value.content, list.isEmpty {
            section.findings.error(
                value.place,
                section.path("hours"),
                "the list is empty",
                hint: HoursText.hint
            )
        }
        return texts(value, "hours", section).flatMap { text -> [PolicyHours] in
            let hasDays = text.unicodeScalars.first.map { !("0"..."9").contains($0) } ?? false
            if hasDays, days != nil {
                section.findings.error(
                    value.place,
                    section.path("hours"),
                    "the days stand in days already",
                    hint: "write hours: \"06:00-20:00\", or leave days out"
                )
                return []
            }
            return rules(hasDays ? text : "\(days ?? "daily") \(text)", value.place, "hours", section)
        }
    }

    private static func texts(_ value: YAMLValue, _ key: String, _ section: Section) -> [String] {
        guard case .list(let list) = value.content else {
            return section.line(value, key, limit: ConfigurationLimits.titleBytes).map { [$0] } ?? []
        }
        return list.prefix(ConfigurationLimits.entries).enumerated().compactMap { number, element in
            section.line(element, "\(key)[\(number)]", limit: ConfigurationLimits.titleBytes)
        }
    }

    private static func rules(
        _ text: String,
        _ place: Place,
        _ key: String,
        _ section: Section
    ) -> [PolicyHours] {
        do throws(HoursTextError) {
            return try HoursText.rules(text).compactMap(\.policyHours)
        } catch {
            section.findings.error(
                place,
                section.path(key),
                Spelling.printable(error.message),
                hint: HoursText.hint
            )
            return []
        }
    }
}
