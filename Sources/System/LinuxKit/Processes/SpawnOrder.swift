// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how a child process is to be started.

internal import CLinux
internal import Glibc

/// What a child gets: nothing is inherited that is not named here.
package struct SpawnOrder {
    /// The identity a child takes before it runs its program.
    package struct Identity: Hashable, Sendable {
        package var user: UInt32
        package var group: UInt32
        /// Supplementary groups; empty means none at all.
        package var supplementary: [UInt32]

        /// Names the ids; the caller needs the right to take them.
        package init(user: UInt32, group: UInt32, supplementary: [UInt32] = []) {
            self.user = user
            self.group = group
            self.supplementary = supplementary
        }
    }

    /// The program's path; `/proc/self/exe` is the one that runs, also after its file was replaced.
    package var path: String
    /// With the program's name as the first.
    package var arguments: [String]
    /// Entries like `NAME=value`.
    package var environment: [String]
    /// Nil keeps the identity.
    package var identity: Identity?
    /// SIGKILL for the child when the thread that spawned it ends.
    package var diesWithParent = true
    package var noNewPrivileges = true
    /// A session and process group of its own, so that what it starts can be ended with it.
    package var newSession = true

    /// An order with the careful defaults.
    package init(path: String, arguments: [String], environment: [String], identity: Identity? = nil) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.identity = identity
    }

    /// Starts the program.
    ///
    /// `descriptors[i]` becomes descriptor `i` of the child, nil is `/dev/null`; all others are closed. The
    /// numbers must stay open for the call; they are still the caller's afterwards.
    package func start(descriptors: [Int32?]) throws(SystemError) -> ChildProcess {
        let numbers = descriptors.map { $0 ?? -1 }
        let argumentList = CStringList(arguments)
        let environmentList = CStringList(environment)
        let groups = identity?.supplementary ?? []
        var pid: pid_t = 0
        var descriptor: Int32 = -1
        let code = unsafe path.withCString { path in
            unsafe numbers.withUnsafeBufferPointer { numbers in
                unsafe groups.withUnsafeBufferPointer { groups -> Int32 in
                    guard let first = numbers.baseAddress else { return EINVAL }
                    var order = unsafe th_spawn_order(
                        path: path,
                        arguments: argumentList.pointer,
                        environment: environmentList.pointer,
                        descriptors: first,
                        descriptor_count: Int32(clamping: numbers.count),
                        change_ids: identity == nil ? 0 : 1,
                        uid: identity?.user ?? 0,
                        gid: identity?.group ?? 0,
                        groups: groups.baseAddress,
                        group_count: groups.count,
                        death_signal: diesWithParent ? SIGKILL : 0,
                        no_new_privileges: noNewPrivileges ? 1 : 0,
                        new_session: newSession ? 1 : 0
                    )
                    return unsafe th_spawn(&order, &pid, &descriptor)
                }
            }
        }
        guard code == 0 else { throw SystemError("spawn", code: code) }
        return ChildProcess(pid: pid, descriptor: OwnedFD(adopting: descriptor), leadsGroup: newSession)
    }
}

/// `char **` with a final NULL, as exec wants it; freed with its owner.
@safe private final class CStringList {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        unsafe pointer = .allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() {
            unsafe (pointer + index).initialize(to: strdup(text))
        }
        unsafe (pointer + count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { unsafe free(pointer[index]) }
        unsafe pointer.deallocate()
    }
}
