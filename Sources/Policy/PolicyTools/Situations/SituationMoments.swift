// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the moments at which rules about hours, days and dates can change their answer.

internal import AccessPolicy

/// Moments for the hours, weekdays, holidays and dates that rules look at.
struct SituationMoments {
    /// Milliseconds since 1970, not empty; the first is an ordinary working day at noon.
    let all: [Int64]

    // An hour at which everybody works.
    private static let noon: Int64 = 12 * 60
    private static let wednesday: Int64 = 3
    // More than a year: each kind of day occurs.
    private static let searchedDays: Int64 = 400

    init(_ harvest: ConstantHarvest, reference: Int64) {
        let bounds = (harvest.numbers["local.minute"] ?? [])
            .filter { (0..<WallClock.minutesPerDay).contains($0) && $0 != Self.noon }
        let minutes = [Self.noon] + bounds.sorted()
        let isAboutDays = ["local.weekday", "local.holiday", "local.workday"].contains(
            where: harvest.mentions
        )
        var moments: [Int64] = []
        for day in Self.days(after: reference, all: isAboutDays) {
            moments += minutes.compactMap { WallClock.moment(day: day, minute: $0) }
        }
        moments += (harvest.numbers["now"] ?? []).sorted()
        all = moments.isEmpty ? [reference] : moments
    }

    /// Days since 1970: a Wednesday, and if asked for a whole week without holidays and two holidays, one of
    /// them on a weekend.
    private static func days(after reference: Int64, all: Bool) -> [Int64] {
        let first = WallClock.day(of: reference) + 1
        let known = (first..<first + searchedDays).compactMap(WallClock.noon)
        func day(where fits: (BerlinTime) -> Bool) -> [Int64] {
            known.first(where: fits).map { [$0.day] } ?? []
        }
        let ordinary = day { $0.weekday == wednesday && !$0.isHoliday }
        guard all else { return ordinary }
        let week = (1...7).filter { $0 != wednesday }.flatMap { weekday in
            day { $0.weekday == weekday && !$0.isHoliday }
        }
        let holidays = [false, true].flatMap { isWeekend in
            day { $0.isHoliday && (5 < $0.weekday) == isWeekend }
        }
        return ordinary + week + holidays
    }
}
