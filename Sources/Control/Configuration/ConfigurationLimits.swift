// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of the configuration, with its reason.

/// What numbers, lengths and counts torhaus.yaml and the municipalities' files may have.
package enum ConfigurationLimits {
    /// The largest county's file that we made for tests has 300 kB.
    package static let fileBytes = 1_048_576
    /// Values in one file, aliases expanded: what keeps "a billion laughs" small.
    package static let values = 200_000
    /// Aliases in one file; 20 cannot multiply beyond some thousands.
    package static let aliases = 20
    /// Germany's largest county has fewer than 250 municipalities.
    package static let municipalities = 1000
    /// Pools of one municipality.
    package static let pools = 200
    /// Desktops of one pool.
    package static let desktops = 5000
    /// Entries of any other list.
    package static let entries = 256
    /// A DNS label is longer (63); names stand in paths, pages and logs.
    package static let nameBytes = 40
    /// Titles stand on one line of a page.
    package static let titleBytes = 200
    /// Directories such as Active Directory allow 256.
    package static let groupBytes = 256
    /// Fits twice into a frame between the daemons (65,536 bytes), and on a dialogue of mstsc.
    package static let consentBytes = 16_000

    /// Minutes an unused ticket lives: below a person cannot open the file, above it is a standing right.
    package static let ticketMinutes = 1...60
    /// Seconds; "off" is 0.
    package static let reconnectGrace = 0...3600
    /// Seconds; the protocol tells clients whole minutes.
    package static let idle = 60...86_400
    /// Seconds; a week.
    package static let longest = 60...604_800
    /// Sessions one person may have open at once; above it is a machine's account, not a person's.
    package static let sessionsPerPerson = 1...64
    /// Seconds; below five minutes nobody can work.
    package static let reauthenticate = 300...604_800
    /// Seconds.
    package static let webIdle = 60...86_400
    /// Seconds.
    package static let webLongest = 300...604_800
    /// Seconds; above ten a person believes that it hangs.
    package static let failureFloor = 0...10
}
