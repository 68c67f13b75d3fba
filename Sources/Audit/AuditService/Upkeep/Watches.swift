// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what is looked at once a second, and when it is worth a record.

internal import AuditEvents
internal import LinuxKit

/// Free space; says so once when it gets low.
struct SpaceWatch {
    /// Bytes.
    let minimum: UInt64
    private var isLow = false

    init(minimum: UInt64) { self.minimum = minimum }

    mutating func look(at directory: String) -> AuditEvent? {
        guard let free = try? Folder.freeBytes(at: directory) else { return nil }
        return judge(free: free)
    }

    mutating func judge(free: UInt64) -> AuditEvent? {
        let wasLow = isLow
        // A tenth more before it counts as over, so that it does not flicker.
        isLow = wasLow ? free < minimum + minimum / 10 : free < minimum
        if wasLow && !isLow { ServiceLog.write(.notice, "space-again", ["mebibytes": "\(free >> 20)"]) }
        guard isLow, !wasLow else { return nil }
        ServiceLog.write(.alert, "space-low", ["mebibytes": "\(free >> 20)"])
        return .spaceLow(freeMebibytes: free >> 20, detail: "log directory")
    }
}

/// The wall clock against the monotonic one.
struct ClockWatch {
    private var offset: Int64?

    init() {}

    mutating func look() -> AuditEvent? {
        judge(wall: Clock.wallMilliseconds(), monotonic: Clock.monotonicMilliseconds())
    }

    mutating func judge(wall: UInt64, monotonic: UInt64) -> AuditEvent? {
        let now = Int64(clamping: wall) - Int64(clamping: monotonic)
        defer { offset = now }
        guard let offset else { return nil }
        let jump = now - offset
        guard ServiceLimits.clockJumpMilliseconds < Int64(clamping: jump.magnitude) else { return nil }
        let detail = jump < 0 ? "back" : "ahead"
        ServiceLog.write(.warning, "clock-jumped", ["milliseconds": "\(jump)"])
        return .clockJumped(detail: detail, milliseconds: UInt64(jump.magnitude))
    }
}
