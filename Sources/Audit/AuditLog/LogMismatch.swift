// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything that can be wrong between the files of a log at its start, and what to do about it.

/// A contradiction that recovery does not mend: the log stays closed.
///
/// A torn tail of the journal, a draft left behind, a tile that never reached the disk and a checkpoint older than
/// the state are what a crash leaves; those are mended and recorded. All else has another cause.
package enum LogMismatch: Hashable, Sendable, CaseIterable {
    case inUse
    case notInitialised
    case keyMissing
    case keyOfOtherLog
    case stateMissing
    case stateDamaged
    case stateOlder
    case logMissing
    case journalDamaged
    case journalGap
    case recordsMissing
    case rootDiffers
    case tilesDamaged
    case checkpointDamaged
    case checkpointNewer
    case checkpointDiffers

    /// What was found.
    package var finding: String {
        switch self {
        case .inUse: "another process has this log open"
        case .notInitialised: "there is no log here yet"
        case .keyMissing: "the log's key is missing"
        case .keyOfOtherLog: "the key does not belong to the public key beside the log"
        case .stateMissing: "there are records but no state that says how many were signed"
        case .stateDamaged: "the state file is damaged in both of its places"
        case .stateOlder: "the state knows fewer records than are settled on the disk"
        case .logMissing: "the state knows a log whose files are gone"
        case .journalDamaged: "a batch in the middle of the journal is damaged"
        case .journalGap: "a segment of the journal is missing"
        case .recordsMissing: "the log has fewer records than were signed"
        case .rootDiffers: "the records are not those that were signed"
        case .tilesDamaged: "a tile that everything after it depends on is missing or damaged"
        case .checkpointDamaged: "the checkpoint is not a note signed by this log"
        case .checkpointNewer: "the checkpoint has more records than the state knows"
        case .checkpointDiffers: "the checkpoint's root is not that of the records"
        }
    }

    /// What to do.
    package var remedy: String {
        switch self {
        case .inUse: "stop the other torhaus-auditd, or wait for it to end"
        case .notInitialised: "run `torhaus audit init`"
        case .keyMissing, .keyOfOtherLog:
            "put the state directory back from its backup, or begin a new log with `torhaus audit init`"
        case .stateMissing, .stateDamaged, .stateOlder:
            "put back the newest state directory; without it nobody can know that the log is whole, so keep this "
                + "one for the review and begin a new log with `torhaus audit init`"
        case .logMissing, .recordsMissing, .checkpointNewer:
            "an older copy was put back or files were removed: put back the newest copy, or keep this one for the "
                + "review and begin a new log with `torhaus audit init`"
        case .journalDamaged, .journalGap, .rootDiffers, .tilesDamaged, .checkpointDiffers:
            "run `torhaus audit verify`, keep the directory for the review, put back the newest copy, or begin a "
                + "new log with `torhaus audit init`"
        case .checkpointDamaged:
            "keep a copy of the file for the review, remove it and start again: it is written anew from the state"
        }
    }
}
