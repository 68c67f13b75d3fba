// SPDX-License-Identifier: EUPL-1.2
// Torhaus: names of desktops are resolved here, because the system's resolver blocks.

internal import LinuxKit
internal import Synchronization

/// A few threads and a queue of names.
final class ResolverPool: Sendable {
    struct Job: Sendable {
        let endpoints: [(host: String, port: UInt16)]
        let done: @Sendable ([NetworkAddress]) -> Void
    }

    private let jobs = Mutex<[Job]>([])
    private let wakeUp: WakeUp

    init() throws(SystemError) { wakeUp = try WakeUp() }

    func resolve(_ job: Job) {
        jobs.withLock { $0.append(job) }
        wakeUp.signal()
    }

    func start() throws(SystemError) {
        for number in 0..<GateLimits.resolverThreads {
            try Threads.start(name: "resolver-\(number)") { [self] in run() }
        }
    }

    private func run() {
        guard let poller = try? Poller(), (try? poller.add(wakeUp.fd, .read, token: 0)) != nil else { return }
        var batch = ReadyBatch()
        while true {
            poller.wait(into: &batch, milliseconds: 1_000)
            wakeUp.clear()
            while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                // A second thread may take the next one while this one blocks.
                if !jobs.withLock({ $0.isEmpty }) { wakeUp.signal() }
                job.done(Self.addresses(of: job.endpoints))
            }
        }
    }

    private static func addresses(of endpoints: [(host: String, port: UInt16)]) -> [NetworkAddress] {
        endpoints.flatMap { endpoint -> [NetworkAddress] in
            guard case .success(let list) = NameResolver.resolve(endpoint.host, port: endpoint.port) else {
                return []
            }
            return interleaved(list)
        }
    }

    /// Alternates address families, beginning with the resolver's first (RFC 8305, 4).
    static func interleaved(_ list: [NetworkAddress]) -> [NetworkAddress] {
        guard let first = list.first else { return [] }
        let same = list.filter { $0.isIPv4 == first.isIPv4 }
        let other = list.filter { $0.isIPv4 != first.isIPv4 }
        var result: [NetworkAddress] = []
        for index in 0..<max(same.count, other.count) {
            if index < same.count { result.append(same[index]) }
            if index < other.count { result.append(other[index]) }
        }
        return result
    }
}
