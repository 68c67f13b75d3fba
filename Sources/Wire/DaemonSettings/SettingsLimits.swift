// SPDX-License-Identifier: EUPL-1.2
// Torhaus: every bound of a settings file, with its reason.

/// What numbers and lengths a settings file may have.
package enum SettingsLimits {
    /// A rendered file has a few kB; more is not one of ours.
    package static let fileBytes = 262_144
    /// PATH_MAX of Linux, without the final NUL.
    package static let pathBytes = 4095
    /// `sun_path` of Linux has 108 bytes with the final NUL.
    package static let socketPathBytes = 107
    /// RFC 1035 2.3.4.
    package static let hostNameBytes = 253
    /// RFC 1035 2.3.4.
    package static let labelBytes = 63
    /// Debian's limit for user names (`LOGIN_NAME_MAX` is larger, adduser and useradd are not).
    package static let userNameBytes = 32
    /// Names of a list: more is a mistake of a generator.
    package static let listEntries = 256

    /// A log's name may have 255 bytes with its year (see MerkleLog).
    package static let originBytes = 240

    /// TCP ports that can be listened on or connected to.
    package static let port = 1...65_535
    /// More threads than any machine that we know has cores.
    package static let threads = 1...64
    /// Above, the kernel's descriptor limits come first (`fs.nr_open` is 1,048,576).
    package static let connections = 16...500_000
    /// Half-open connections of one address.
    package static let halfOpen = 1...100_000
    /// Below, keepalives cost more than they tell; above, NAT tables forget the line.
    package static let keepaliveSeconds = 5...600
    /// For heads, handshakes and connects: what a person would wait for.
    package static let shortSeconds = 1...120
    /// A person may have to answer the consent text in this time.
    package static let tunnelSeconds = 5...900
    /// Ready workers.
    package static let workers = 1...64
    /// Conversations at a time; each is a process.
    package static let conversations = 1...1024
    /// A person looks for her code generator in this time.
    package static let signInSeconds = 10...900
    /// The floor under a failed sign-in.
    package static let failureFloorMilliseconds = 0...60_000
    /// The random part above it.
    package static let failureJitterMilliseconds = 0...10_000
    /// Milliseconds until a checkpoint follows growth; a second is what verifiers are promised.
    package static let checkpointMilliseconds = 50...1000
    /// Seconds of silence until the audit log records that it is alive.
    package static let heartbeatSeconds = 1...86_400
    /// Free space in MiB below which an alarm is raised.
    package static let freeMebibytes = 0...1_048_576
    /// Private enterprise numbers (RFC 9371 2.1: 0 is reserved, and they have 32 bits).
    package static let enterpriseNumbers = 1...4_294_967_295

    /// Days for records about people who use desktops.
    ///
    /// Views show whole addresses for a week, and an attack of a long weekend is still there on Tuesday. Above
    /// twice the 90 days of the BSI's minimum standard for logging (PD.2.1.04 c) storage is no longer limited to
    /// what is needed (GDPR Article 5); a case has a hold.
    package static let personRetentionDays = 7...180
    /// Days for records without a person.
    ///
    /// A month is the least that shows a fault coming back, and ten years are no retention any more.
    package static let operationRetentionDays = 30...3653
    /// Days for the proof of lawful reading.
    ///
    /// A year, so that a yearly audit finds it; and the three years of the general limitation period (BGB § 195)
    /// from the end of the year in which it began (§ 199): four at most.
    package static let accountabilityRetentionDays = 365...1461
}
