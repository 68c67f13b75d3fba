// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how much the processes may say to each other at once.

/// The bounds of frames and of their fields, in bytes unless it says otherwise.
///
/// The sum of the fields of each message stays below `frame`, so every message can be written. Writers cut what
/// is too long, because a sender must not die of what a client sent; readers refuse it. Where a name is cut, its
/// limit is above what can name anything, so a cut name names nothing.
package enum FrameLimits {
    /// A frame behind its length: version, kind and body.
    package static let frame = 65_536
    /// The length before a frame.
    package static let lengthBytes = 4
    /// The version of all messages; a change of any of them changes it.
    package static let protocolVersion: UInt8 = 1

    // MARK: Texts

    /// Linux's LOGIN_NAME_MAX is 256; HTTP Basic carries at most 510.
    package static let user = 512
    /// Group names; winbind's are the longest, 256.
    package static let group = 256
    /// Full name of a person.
    package static let displayName = 256
    /// A host name as text has at most 253; MS-TSGU names of 262 UTF-16 units at most 786.
    package static let host = 786
    /// Address as text with a port.
    package static let address = 64
    /// SNI (RFC 6066 section 3).
    package static let serverName = 255
    /// `TLSv1.3`.
    package static let tlsVersion = 16
    /// Distinguished name of a client certificate.
    package static let certificateSubject = 1024
    /// Why a certificate did not verify.
    package static let certificateReason = 256
    /// User-Agent, and the client's name in TUNNEL_AUTH.
    package static let clientText = 256
    /// A software version.
    package static let softwareVersion = 64
    /// Texts for the client's screen: half of what MS-TSGU's UTF-16 field takes.
    package static let message = 2048
    /// One sentence of a refusal.
    package static let refusalText = 512
    /// A reference for the help desk.
    package static let reference = 32
    /// A fixed reason of an incident.
    package static let incidentDetail = 128
    /// PAM_MAX_MSG_SIZE.
    package static let prompt = 512
    /// The operator's verb.
    package static let verb = 64
    /// One argument of the operator.
    package static let argument = 1024
    /// The answer to the operator.
    package static let operatorText = 60_000

    // MARK: Byte strings

    /// A ticket has 22 letters; a PAA cookie of 4,096 bytes UTF-16 has at most 6,144 in UTF-8.
    package static let ticket = 6144
    /// Twice PAM_MAX_RESP_SIZE, which bounds what a module takes.
    package static let secret = 1024
    /// SHA-256.
    package static let sha256 = 32

    // MARK: Counts

    /// Sessions in one hello.
    ///
    /// GAP: a gate with more sessions than this names only the first ones; 2,500 are planned for.
    package static let liveSessions = 4000
    /// Names in a CHANNEL_CREATE: 50 and 3 alternates.
    package static let requestedNames = 53
    /// Addresses of one desktop.
    package static let endpoints = 16
    /// Prompts of one page, and answers to them; PAM_MAX_NUM_MSG is 32.
    package static let prompts = 32
    /// Groups of one person.
    package static let groups = 200
    /// Arguments of the operator.
    package static let arguments = 32
}
