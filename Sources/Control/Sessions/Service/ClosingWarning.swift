// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what people read before the hours of a rule end their session.

internal import CountyConfiguration

/// The sentences of the warning; clients show it as a plain box, and the county speaks German.
enum ClosingWarning {
    /// Times are milliseconds since 1970; minutes are rounded up.
    static func german(desktop: String, closesAt: UInt64, now: UInt64) -> String {
        let minutes = closesAt <= now ? 0 : (closesAt - now - 1) / 60_000 + 1
        let rest = minutes == 1 ? "einer Minute" : "\(minutes) Minuten"
        let clock = CivilTime.berlin(milliseconds: closesAt).clock
        let what = desktop.isEmpty ? "Dieser Arbeitsplatz" : "Der Arbeitsplatz „\(desktop)“"
        return
            "\(what) schließt um \(clock) Uhr, in \(rest). Bitte speichern Sie Ihre Arbeit und melden Sie sich ab."
    }
}
