// SPDX-License-Identifier: EUPL-1.2
// Torhaus: checkpoints come with the interval, and before it when much waits for one.

import AuditEvents
import AuditLog
import Testing

@testable import AuditService

@Suite("publishing", .serialized)
struct PublisherTests {
    /// Sends records of one producer, in groups that the service's buffers take, and waits for all receipts.
    private func send(_ count: Int, to service: TestService) async throws {
        var line = try ProducerLine(service)
        let group: UInt64 = 256
        for start in stride(from: 0, to: UInt64(count), by: Int(group)) {
            let numbers = start..<min(UInt64(count), start + group)
            for number in numbers { try line.send(number, .plain(Int(number))) }
            for number in numbers { _ = try await line.index(of: number) }
        }
    }

    private func publishedSize(of service: TestService) throws -> UInt64 {
        try LogReader(directory: try service.place.directory).size()
    }

    @Test("a burst is published long before the interval is over, a few records are not")
    func early() async throws {
        let service = try TestService(checkpointMilliseconds: 600_000)
        try service.start()
        try await send(10, to: service)
        try await Task.sleep(for: .milliseconds(300))
        let before = try publishedSize(of: service)
        try await send(ServiceLimits.unpublished, to: service)
        let end = ContinuousClock.now + .seconds(30)
        while try publishedSize(of: service) <= before, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
        }
        let after = try publishedSize(of: service)
        #expect(before < 10)
        #expect(UInt64(ServiceLimits.unpublished) <= after)
        service.stop()
        #expect(try service.verify().isGood)
    }
}
