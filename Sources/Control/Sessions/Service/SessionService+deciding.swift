// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how the service asks the rules, and with which groups of a person.

internal import AuditEvents
internal import Logging

/// A rule that could not be evaluated, with the set it belongs to.
struct PolicyFaultNote: Hashable {
    let fault: RuleFault
    let version: String
}

/// A person's groups as they were at some time.
struct LookedUpGroups {
    let names: [String]
    /// Milliseconds since 1970.
    let at: UInt64
}

extension SessionService {
    /// How old a person's groups may be when something new is granted: who was put out of a group does not get
    /// in again, however long ago she signed in.
    private static let groupsMilliseconds: UInt64 = 60_000
    /// How old they may be while a session runs.
    private static let runningGroupsMilliseconds: UInt64 = 600_000
    /// Look-ups in each second's upkeep: a county's 2,500 are through in ten minutes.
    private static let lookUpsPerTick = 4
    /// Faults that are remembered so that none is recorded twice; a set of rules has fewer.
    private static let rememberedFaults = 1000

    // MARK: Questions

    /// A question as of now, about the person as she is now.
    func request(
        _ action: AccessAction,
        _ person: SignedInPerson,
        _ desktop: DesktopEntry?,
        _ client: AccessClient,
        openedAt: UInt64? = nil
    ) -> AccessRequest {
        AccessRequest(
            person: current(person),
            action: action,
            desktop: desktop,
            client: client,
            time: parts.now(),
            openedAt: openedAt
        )
    }

    /// Asks the rules in force; rules that could not be evaluated are remembered for the log.
    func ask(_ request: AccessRequest) -> AccessDecision {
        let decision = holder.current.decider.decide(request)
        switch decision {
        case .allowed(let grant): remember(grant.faults, grant.policyVersion)
        case .refused(let denial): remember(denial.faults, denial.policyVersion)
        }
        return decision
    }

    /// Asks the rules in force; throws the refusal.
    func decide(
        _ action: AccessAction,
        _ person: SignedInPerson,
        _ desktop: DesktopEntry?,
        _ client: AccessClient,
        ticket: TicketRecord? = nil
    ) throws -> AccessGrant {
        let continues = action == .resume || action == .keepSession
        let openedAt = continues ? ticket?.session?.openedAt : nil
        let request = request(action, person, desktop, client, openedAt: openedAt)
        switch ask(request) {
        case .allowed(let grant): return grant
        case .refused(let denial):
            throw Denied(
                denial,
                ticket: ticket,
                desktop: desktop,
                explanation: holder.current.decider.explain(request)
            )
        }
    }

    // MARK: Groups

    /// The person with the newest groups that are known.
    func current(_ person: SignedInPerson) -> SignedInPerson {
        guard let found = lookedUp[person.user], person.signedInAt ?? 0 < found.at else { return person }
        return person.with(groups: found.names)
    }

    /// Looks up where a person is a member now, unless that was just done; without an answer, what was known
    /// goes on to hold, and the answer is false.
    @discardableResult
    func refreshGroups(
        of person: SignedInPerson,
        olderThan milliseconds: UInt64 = groupsMilliseconds
    ) async -> Bool {
        let now = parts.now()
        let known = max(lookedUp[person.user]?.at ?? 0, person.signedInAt ?? 0)
        guard let groups = parts.groups, known + milliseconds <= now else { return true }
        // Whoever asks meanwhile need not ask again.
        lookedUp[person.user] = LookedUpGroups(names: current(person).groups, at: now)
        do {
            let names = try await groups(person.user) ?? []
            lookedUp[person.user] = LookedUpGroups(names: names, at: now)
            return true
        } catch {
            parts.logger.warning("groups of \(person.user) not looked up: \(error)")
            return false
        }
    }

    /// Some of the people who work, those first whose groups are oldest.
    func refreshSomeGroups() async {
        guard parts.groups != nil else { return }
        let now = parts.now()
        let due = atWork.values
            .map { (person: $0, at: max(lookedUp[$0.user]?.at ?? 0, $0.signedInAt ?? 0)) }
            .filter { $0.at + Self.runningGroupsMilliseconds <= now }
            .sorted { $0.at < $1.at }
        for (person, _) in due.prefix(Self.lookUpsPerTick) {
            let before = Set(current(person).groups)
            let isKnown = await refreshGroups(of: person, olderThan: Self.runningGroupsMilliseconds)
            // Who does not answer for one person will not for the next.
            guard isKnown else { break }
            if Set(current(person).groups) != before { checkDueAt = 0 }
        }
    }

    /// Forgets groups of people who are long gone; while a web session lasts they are newer than its own.
    func forgetGroups(_ now: UInt64) {
        let longest = holder.current.rules.webLongestMilliseconds + Self.runningGroupsMilliseconds
        lookedUp = lookedUp.filter { now < $0.value.at + longest || atWork[$0.key] != nil }
    }

    // MARK: Faults

    private func remember(_ found: [RuleFault], _ version: String) {
        for fault in found {
            let note = PolicyFaultNote(fault: fault, version: version)
            guard recordedFaults.count < Self.rememberedFaults, recordedFaults.insert(note).inserted else {
                continue
            }
            faults.append(note)
        }
    }

    /// Records what could not be evaluated since the last time.
    func recordFaults() async {
        let found = faults
        faults = []
        for note in found {
            parts.logger.error("rule \(note.fault.rule) cannot be evaluated: \(note.fault.message)")
            await self.note(
                .policyFault(
                    rule: note.fault.rule,
                    policyVersion: note.version,
                    message: note.fault.message
                )
            )
        }
    }
}
