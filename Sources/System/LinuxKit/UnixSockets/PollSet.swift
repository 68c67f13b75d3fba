// SPDX-License-Identifier: EUPL-1.2
// Torhaus: poll(2) for a process with few descriptors, built anew for each wait.

internal import CLinux
internal import Glibc

/// Descriptors to wait for, with what each is for.
package struct PollSet<Purpose> {
    /// What happened to one descriptor.
    package struct Event {
        package let purpose: Purpose
        /// There is something to read, or an end or error to learn of by reading.
        package let readable: Bool
        package let writable: Bool
    }

    private var entries: [pollfd] = []
    private var purposes: [Purpose] = []

    /// An empty set.
    package init() {}

    /// Adds a descriptor; with neither direction it is watched for errors only.
    package mutating func add(
        _ descriptor: Int32,
        reading: Bool = true,
        writing: Bool = false,
        for purpose: Purpose
    ) {
        let events = (reading ? POLLIN : 0) | (writing ? POLLOUT : 0)
        entries.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        purposes.append(purpose)
    }

    /// Waits up to the time given (negative: without end) and returns what is ready; a signal counts as nothing.
    package mutating func wait(milliseconds: Int32) -> [Event] {
        let count = unsafe entries.withUnsafeMutableBufferPointer { buffer in
            unsafe poll(buffer.baseAddress, UInt(buffer.count), milliseconds)
        }
        guard 0 < count else { return [] }
        return zip(entries, purposes).compactMap { entry, purpose in
            let happened = Int32(entry.revents)
            guard happened != 0 else { return nil }
            return Event(
                purpose: purpose,
                readable: happened & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0,
                writable: happened & (POLLOUT | POLLERR) != 0
            )
        }
    }
}
