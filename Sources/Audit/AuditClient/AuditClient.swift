// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the producers' side of the audit log: a record is sent, and the caller waits until it is durable. When the log
// is away, what would allow something fails, and what only tells of an end waits in a spool.

package import AuditEvents
internal import DaemonMessages
internal import LinuxKit
internal import OpenSSLKit
internal import Synchronization

/// What a client is told.
package struct AuditClientOptions: Sendable {
    /// What happens to records that would allow something while the log is away.
    package enum WhenAway: Sendable {
        /// They fail, and what they were to allow does not happen: the default.
        case refuse
        /// They wait in the spool like all others: a municipality's own decision, and recorded as such.
        case spool
        /// Those wait for which this says true, the others fail.
        case ask(@Sendable (AuditEvent) -> Bool)
    }

    /// The log's socket.
    package var socket: String
    /// A file of the producer's own; nil for no spool.
    package var spool: String?
    package var whenAway: WhenAway
    /// The log's user, and root, whose socket systemd may have handed to it; nil believes everybody.
    ///
    /// Whoever sits at the socket could otherwise give receipts for records that nobody keeps.
    package var servers: Set<UInt32>?
    /// So long a restart of the log goes unnoticed; then records fail at once until it is back.
    package var patienceMilliseconds: UInt64
    /// A record without a receipt fails after this time.
    package var receiptMilliseconds: UInt64
    /// So many refusals wait in the spool; those beyond are counted, and the count is recorded.
    package var spooledRefusals: Int

    /// The defaults bridge a restart, and give up before a person does.
    package init(
        socket: String,
        spool: String?,
        whenAway: WhenAway = .refuse,
        servers: Set<UInt32>? = nil,
        patienceMilliseconds: UInt64 = 3000,
        receiptMilliseconds: UInt64 = 10_000,
        spooledRefusals: Int = ClientLimits.spooledRefusals
    ) {
        self.socket = socket
        self.spool = spool
        self.whenAway = whenAway
        self.servers = servers
        self.patienceMilliseconds = patienceMilliseconds
        self.receiptMilliseconds = receiptMilliseconds
        self.spooledRefusals = spooledRefusals
    }
}

/// Appends events to the audit log of this machine.
///
/// A record may come to be in the log twice, with the same salt, when the line breaks between writing and receipt;
/// none that has a receipt is missing.
package final class AuditClient: AuditTrail {
    private let options: AuditClientOptions
    private let outbox: ClientOutbox
    private let finished: Mutex<Bool> = Mutex(false)

    /// Starts the client's thread; the log may come later.
    package init(_ options: AuditClientOptions) throws(AuditFailure) {
        self.options = options
        do throws(SystemError) {
            outbox = try ClientOutbox()
            let spool = try options.spool.map { (path) throws(SystemError) in try Spool(path) }
            let line = ClientLine(options: options, outbox: outbox, spool: spool)
            try Threads.start(name: "audit-client") { line.run() }
        } catch {
            throw AuditFailure(reason: error.description)
        }
    }

    deinit { outbox.close() }

    /// True while the log is connected and says that it can write.
    package var isAvailable: Bool { outbox.isAvailable }

    /// Returns when the record is durable.
    ///
    /// A record that waits in the spool has the receipt `AuditReceipt.waiting`.
    package func append(_ event: AuditEvent) async throws(AuditFailure) -> AuditReceipt {
        let salt: [UInt8]
        do throws(OpenSSLError) {
            salt = try RandomBytes.make(count: AuditLine.saltLength)
        } catch {
            throw AuditFailure(reason: error.message)
        }
        let milliseconds = Clock.wallMilliseconds()
        let body = AuditLine.body(event, salt: salt)
        guard let record = AuditAppend(milliseconds: milliseconds, body: body) else {
            throw AuditFailure(reason: "the record is too long")
        }
        let waits = options.spool == nil ? .never : waits(event)
        let result = await withCheckedContinuation { continuation in
            outbox.put(record, waits) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    private func waits(_ event: AuditEvent) -> RecordPatience {
        if event.kind.tellsARefusal { return .asRefusal }
        return event.kind.tellsAnEnd || options.whenAway.allows(event) ? .always : .never
    }

    /// Ends the thread; records without a receipt fail or stay in the spool.
    package func close() { outbox.close() }
}

extension AuditClientOptions.WhenAway {
    fileprivate func allows(_ event: AuditEvent) -> Bool {
        switch self {
        case .refuse: false
        case .spool: true
        case .ask(let mayWait): mayWait(event)
        }
    }
}

extension AuditReceipt {
    /// The record is on this machine's disk and will be in the log; its number is not known yet.
    package static let waiting = AuditReceipt(index: .max)
}

extension AuditKind {
    /// The record allows nothing: what it tells has happened, whether or not it is written down.
    ///
    /// Refusals are not among them: strangers could fill the spool with those, so they have a room of their own.
    package var tellsAnEnd: Bool {
        switch self {
        case .sessionEnded, .sessionInterrupted, .signedOut, .gateLost, .daemonStopped: true
        default: false
        }
    }

    /// Somebody was not let in; who tried while the log was away should be known later.
    package var tellsARefusal: Bool {
        switch self {
        case .signInFailed, .signInBlocked, .signInRefused, .listRefused, .ticketRefused, .tunnelRefused,
            .sessionRefused, .parallelUse, .operatorRefused:
            true
        default: false
        }
    }
}
