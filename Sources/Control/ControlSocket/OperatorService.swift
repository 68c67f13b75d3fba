// SPDX-License-Identifier: EUPL-1.2
// Torhaus: ControlSocket is the operator's line to torhausd: requests and replies over a Unix socket, and the check of who asks. What a request does is decided by whoever implements OperatorService.

package import DaemonMessages

/// Does what operators ask.
///
/// Requests arrive with a known verb and the right number of arguments.
package protocol OperatorService: Sendable {
    /// Whether a user who is not listed may ask anything at all; what, is for `perform` to decide.
    func admits(_ uid: UInt32) async -> Bool
    /// Records that a user who may ask nothing tried to; the reference to show, or empty.
    ///
    /// The verb is nil when the user was refused before the request was read.
    func turnedAway(_ uid: UInt32, verb: String?) async -> String
    /// Answers one request; a long text is fine, it is sent in parts.
    func perform(_ request: OperatorRequest, by uid: UInt32) async -> OperatorReply
}
