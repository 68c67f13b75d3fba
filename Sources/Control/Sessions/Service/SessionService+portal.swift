// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the portal asks of the control plane.

internal import AuditEvents
package import DaemonMessages
internal import Logging

extension SessionService: DesktopAccess {
    /// Unused tickets one person may have at a time: a click every six seconds is not a person's.
    static let unusedTicketsPerPerson = 50

    package func signedIn(
        _ person: SignedInPerson,
        web: WebSessionID,
        client: ClientContext
    ) async throws(AccessRefusal) {
        do {
            _ = try decide(.signIn, person, nil, AccessClient(client))
            _ = try await parts.audit.append(
                .signInSucceeded(
                    subject(person: person, client: client),
                    factors: person.factors,
                    webSession: web.value,
                    connection: Self.connection(client)
                )
            )
        } catch {
            throw await refuse(error, .signIn, person: person, client: client)
        }
    }

    package func passwordChanged(_ person: SignedInPerson, client: ClientContext) async {
        let subject = subject(person: person, client: client)
        await note(.passwordChanged(subject, connection: Self.connection(client)))
    }

    package func signInFailed(
        _ failure: SignInFailure,
        user: String,
        client: ClientContext
    ) async -> String {
        let denial = AccessDenial.signIn(failure)
        var subject = subject(person: nil, client: client)
        await name(user, in: &subject)
        let reference = await keepReason(denial, .signIn, subject: subject, desktop: nil)
        let reason = AuditReason(code: denial.reason, reference: reference)
        let connection = Self.connection(client)
        if failure.code == .tooManyTries {
            await note(.signInBlocked(subject, reason: reason, connection: connection))
        } else {
            await note(.signInFailed(subject, reason: reason, connection: connection))
        }
        return reference
    }

    package func desktops(
        of person: SignedInPerson,
        client: ClientContext
    ) async throws(AccessRefusal) -> [DesktopListing] {
        await refreshGroups(of: person)
        let directory = holder.current.rules.directory
        let own = directory.municipality(of: current(person))
        do {
            _ = try decide(.listDesktops, person, nil, AccessClient(client))
        } catch {
            throw await refuse(error, .listDesktops, person: person, client: client)
        }
        var found: [(isOwn: Bool, desktop: DesktopEntry, listing: DesktopListing)] = []
        for desktop in directory.desktops {
            guard let listing = listing(of: desktop, for: person, client) else { continue }
            found.append((desktop.municipality == own, desktop, listing))
        }
        return found.sorted(by: Self.comesBefore).map(\.listing)
    }

    /// Nil when the person should not see it; a desktop may be open in one way and not in the other.
    private func listing(
        of desktop: DesktopEntry,
        for person: SignedInPerson,
        _ client: ClientContext
    ) -> DesktopListing? {
        var open: [OpeningKind] = []
        var redirections: Set<Redirection> = []
        var reason: LocalizedText?
        for way in desktop.ways {
            switch ask(request(.listDesktops, person, desktop, AccessClient(client, way: way))) {
            case .allowed(let grant):
                // The .rdp file asks again; the list shows what the first way lets pass.
                if open.isEmpty { redirections = grant.obligations.redirections }
                open.append(way)
            case .refused(let denial) where denial.listed: reason = reason ?? denial.text
            case .refused: continue
            }
        }
        guard open.isEmpty else { return desktop.listing(ways: open, redirections: redirections) }
        return reason.map { desktop.listing(redirections: [], unavailable: $0) }
    }

    package func issueTicket(
        for person: SignedInPerson,
        web: WebSessionID,
        desktop id: String,
        kind: OpeningKind,
        client: ClientContext
    ) async throws(AccessRefusal) -> IssuedTicket {
        do {
            return try await issue(person, web, id, kind, client)
        } catch {
            throw await refuse(error, .issueTicket, person: person, client: client)
        }
    }

    package func signedOut(
        _ person: SignedInPerson,
        web: WebSessionID,
        client: ClientContext?
    ) async {
        endedWebs[web] = EndedWeb(at: parts.now(), revoked: false)
        await revokeTickets(of: web)
        let reason = AuditReason(code: client == nil ? "expired" : "signed-out")
        await note(
            .signedOut(subject(person: person, client: client), reason: reason, webSession: web.value)
        )
    }

    // MARK: Issuing

    private func issue(
        _ person: SignedInPerson,
        _ web: WebSessionID,
        _ id: String,
        _ kind: OpeningKind,
        _ client: ClientContext
    ) async throws -> IssuedTicket {
        await refreshGroups(of: person)
        let rules = holder.current.rules
        guard let desktop = rules.directory.desktop(id) else { throw Denied(.desktopUnknown(id)) }
        let access = try decide(.issueTicket, person, desktop, AccessClient(client, way: kind))
        guard desktop.ways.contains(kind) else { throw Denied(.wayNotOffered, desktop: desktop) }
        guard try await parts.tickets.unused(user: person.user) < Self.unusedTicketsPerPerson else {
            throw Denied(.tooManyTickets, desktop: desktop)
        }
        let (text, record) = try makeTicket(person, web: web, desktop: id, kind: kind, client: client)
        try await parts.tickets.insert(record)
        do {
            _ = try await parts.audit.append(
                .ticketIssued(
                    subject(person: person, client: client, ticket: record),
                    desktop: AuditDesktop(id: id, pool: desktop.pool),
                    way: kind.rawValue,
                    ticketHash: record.hash,
                    webSession: web.value,
                    rule: access.rule,
                    policyVersion: access.policyVersion,
                    expires: record.expiresAt
                )
            )
            // Somebody may have signed out in another tab while the record was written.
            if endedWebs[web] != nil { throw Denied(.ticketRevoked, desktop: desktop) }
        } catch {
            _ = try? await amend(record.hash) { $0.standing.receive(.revoked) == .changes }
            throw error
        }
        return IssuedTicket(
            text: text,
            desktop: desktop.listing(redirections: access.obligations.redirections),
            expiresAt: record.expiresAt
        )
    }

    /// A new ticket, not stored yet.
    func makeTicket(
        _ person: SignedInPerson,
        web: WebSessionID?,
        desktop: String?,
        kind: OpeningKind,
        client: ClientContext
    ) throws -> (text: String, record: TicketRecord) {
        let now = parts.now()
        let text = TicketText.make(parts.random)
        guard let hash = TicketText.hash(text.utf8, parts.sha256) else { throw SessionError.noRandomness }
        let record = TicketRecord(
            hash: hash,
            person: person,
            web: web,
            kind: kind,
            desktop: desktop,
            network: client.address.bytes,
            device: ManagedDevice(client.certificate),
            issuedAt: now,
            expiresAt: now + holder.current.rules.ticketMilliseconds
        )
        return (text, record)
    }

    // MARK: Signing out

    /// Kills unused tickets and the right to resume, and ends desktops in the browser.
    func revokeTickets(of web: WebSessionID) async {
        do {
            for ticket in try await parts.tickets.unfinished(web: web) {
                let wasLive = ticket.standing.isLive
                let changed = try await amend(ticket.hash) { $0.standing.receive(.revoked) == .changes }
                guard let changed, let session = changed.session, let id = session.identifier else {
                    continue
                }
                if changed.standing.state == .ended {
                    guard wasLive else { continue }
                    await note(
                        .sessionEnded(
                            subject(person: nil, client: nil, ticket: changed),
                            desktop: place(changed),
                            reason: AuditReason(code: "signed-out"),
                            traffic: nil
                        )
                    )
                } else if changed.kind == .browser {
                    _ = tellOwner(of: session.id, .terminate(id, reason: .signedOut))
                }
            }
            endedWebs[web]?.revoked = true
        } catch {
            // The upkeep tries again; until then `endedWebs` keeps the tickets from opening anything.
            parts.logger.error("tickets of a web session not revoked yet: \(error)")
        }
    }

    // MARK: Order

    private static func comesBefore(
        _ left: (isOwn: Bool, desktop: DesktopEntry, listing: DesktopListing),
        _ right: (isOwn: Bool, desktop: DesktopEntry, listing: DesktopListing)
    ) -> Bool {
        if left.isOwn != right.isOwn { return left.isOwn }
        let keys = (left.desktop.orderKeys, right.desktop.orderKeys)
        return keys.0 == keys.1
            ? left.desktop.id < right.desktop.id : keys.0.lexicographicallyPrecedes(keys.1)
    }
}

extension SignedInPerson {
    /// As records show them.
    var factors: [String] { ["password"] + (secondFactor.auditWord.map { [$0] } ?? []) }
}

extension DesktopEntry {
    /// Municipalities stay together, also two of the same title.
    fileprivate var orderKeys: [GermanOrder] {
        [GermanOrder(municipalityTitle), GermanOrder(municipality), GermanOrder(title)]
    }

    /// The desktop as the portal shows it.
    func listing(
        ways open: [OpeningKind]? = nil,
        redirections: Set<Redirection>,
        unavailable: LocalizedText? = nil
    ) -> DesktopListing {
        DesktopListing(
            id: id,
            title: title,
            municipality: municipality,
            pool: poolTitle,
            address: label,
            port: Self.labelPort,
            ways: open ?? ways,
            unavailable: unavailable,
            redirections: redirections,
            accountHint: accountHint
        )
    }
}
