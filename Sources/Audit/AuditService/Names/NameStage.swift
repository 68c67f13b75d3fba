// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the thread on which names become pseudonyms. Behind it no record has a name.

internal import AuditEvents
internal import AuditIdentity
internal import DaemonMessages
internal import LinuxKit
internal import Synchronization

/// Between the intake and the queue, in order.
///
/// Producers know names and must not be able to read the map back; so the map is here, under the log's own user.
final class NameStage: Sendable {
    private let vault: IdentityVault?
    private let queue: CommitQueue
    private let receipts: ReceiptBox
    private let health: Health
    private let bell: Doorbell
    private let waiting = Mutex(Waiting())
    private let isStopping = Mutex(false)

    private struct Waiting {
        var items: [CommitQueue.Item] = []
        /// Taken, and not in the queue yet.
        var handled = 0
        var count: Int { items.count + handled }
    }

    /// One name, and the realm that its record belongs to.
    private struct Person: Hashable {
        let name: String
        let realm: PseudonymRealm
    }

    /// Without a vault records go on as they came.
    init(
        vault: IdentityVault?,
        queue: CommitQueue,
        receipts: ReceiptBox,
        health: Health
    ) throws(SystemError) {
        self.vault = vault
        self.queue = queue
        self.receipts = receipts
        self.health = health
        bell = try Doorbell()
    }

    /// Records here and in the queue behind.
    var count: Int { waiting.withLock { $0.count } + queue.count }

    func put(_ items: [CommitQueue.Item]) {
        guard vault != nil else { return queue.put(items) }
        guard !items.isEmpty else { return }
        waiting.withLock { $0.items += items }
        bell.ring()
    }

    /// The record as it may get into the log, when nothing is before it here and no disk need be asked for its names;
    /// nil when it has to be put.
    func nameless(_ item: CommitQueue.Item) -> CommitQueue.Item? {
        guard waiting.withLock({ $0.count }) == 0 else { return nil }
        guard let vault, item.hasNames else { return item }
        guard let record = Self.record(item) else { return nil }
        return Self.replaced(record, Self.known(Self.persons(record), vault)).map { item.with(body: $0) }
    }

    /// What waits still goes on; nothing may be put in any more.
    func stop() {
        isStopping.withLock { $0 = true }
        bell.ring()
    }

    /// Works until asked to stop and empty.
    func run() {
        guard let vault else { return }
        while true {
            let items = take()
            if items.isEmpty {
                if isStopping.withLock({ $0 }) { return }
                bell.wait(milliseconds: -1)
            } else {
                handOn(items, vault)
            }
        }
    }

    private func take() -> [CommitQueue.Item] {
        waiting.withLock { waiting in
            let taken = Array(waiting.items.prefix(ServiceLimits.namedEntries))
            waiting.items.removeFirst(taken.count)
            waiting.handled = taken.count
            return taken
        }
    }

    // MARK: Replacing

    private func handOn(_ items: [CommitQueue.Item], _ vault: IdentityVault) {
        let records = items.map { Self.record($0) }
        var persons: Set<Person> = []
        for case let record? in records { persons.formUnion(Self.persons(record)) }
        let pseudonyms = persons.isEmpty ? [:] : resolve(persons, vault)
        var nameless: [CommitQueue.Item] = []
        var refused: [(connection: UInt64, reply: AuditReply)] = []
        nameless.reserveCapacity(items.count)
        for (item, record) in zip(items, records) {
            guard let record else {
                nameless.append(item)
                continue
            }
            if let body = Self.replaced(record, pseudonyms) {
                nameless.append(item.with(body: body))
            } else if let producer = item.producer {
                refused.append((producer.connection, .refused(number: producer.number, .unavailable)))
            }
        }
        receipts.put(refused)
        queue.put(nameless)
        // Last: from here on a record may take the short way past both.
        waiting.withLock { $0.handled = 0 }
    }

    /// The record of an item that has names; nil for all others.
    private static func record(_ item: CommitQueue.Item) -> AuditRecord? {
        guard item.hasNames else { return nil }
        return try? AuditRecord(body: item.body)
    }

    private static func persons(_ record: AuditRecord) -> [Person] {
        let realm = realm(of: record)
        return record.names.map { Person(name: $0, realm: realm) }
    }

    private static func realm(of record: AuditRecord) -> PseudonymRealm {
        AuditRetention(rawValue: record.retention).map { PseudonymRealm($0) } ?? .access
    }

    /// Nil when one of its names has no pseudonym.
    private static func replaced(_ record: AuditRecord, _ pseudonyms: [Person: String]) -> [UInt8]? {
        let realm = realm(of: record)
        let isWhole = record.names.allSatisfy { pseudonyms[Person(name: $0, realm: realm)] != nil }
        guard isWhole else { return nil }
        var changed = record
        changed.replaceNames { pseudonyms[Person(name: $0, realm: realm)] ?? "" }
        return changed.body
    }

    /// What needs no disk: names of this month's known people, and those that are pseudonyms already.
    private static func known(_ persons: some Sequence<Person>, _ vault: IdentityVault) -> [Person: String] {
        var found: [Person: String] = [:]
        for person in persons {
            // An operator's command may have replaced it already.
            if PseudonymPeriod(ofPseudonym: person.name) != nil {
                found[person] = person.name
            } else {
                found[person] = vault.knownPseudonym(of: person.name, realm: person.realm)
            }
        }
        return found
    }

    /// The sealed names are on the disk when this returns; persons that could not be sealed are left out.
    private func resolve(_ persons: Set<Person>, _ vault: IdentityVault) -> [Person: String] {
        let known = Self.known(persons, vault)
        var names: [PseudonymRealm: Set<String>] = [:]
        for person in persons where known[person] == nil {
            names[person.realm, default: []].insert(person.name)
        }
        guard !names.isEmpty else { return known }
        let answer = Blocking.wait {
            [known, names] () async -> (found: [Person: String], fault: IdentityError?) in
            var found = known
            var fault: IdentityError?
            for (realm, names) in names {
                do throws(IdentityError) {
                    for (name, pseudonym) in try await vault.pseudonyms(of: names, realm: realm) {
                        found[Person(name: name, realm: realm)] = pseudonym
                    }
                } catch {
                    fault = error
                }
            }
            return (found, fault)
        }
        guard let answer else {
            health.couldNotName("no descriptor")
            return known
        }
        if let fault = answer.fault { health.couldNotName(fault.description) }
        return answer.found
    }
}
