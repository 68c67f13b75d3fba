// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what the desktop templates are given.

import Sessions

/// `desktops.mustache`.
struct DesktopsPage {
    struct Municipality {
        let heading: String
        let headingID: String
        let desktops: [Card]
    }

    /// One desktop.
    struct Card {
        let id: String
        let titleID: String
        let title: String
        let pool: String
        /// Why it cannot be opened, or nil.
        let reason: String?
        let isAvailable: Bool
        let withClient: Bool
        let inBrowser: Bool
    }

    let name: String
    let notice: String?
    /// What the sign-in service said at the end, such as "your password expires in 3 days".
    let messages: [AnswersPage.Message]
    let municipalities: [Municipality]
    let isEmpty: Bool
    let anyClient: Bool
    let ticket: String
    let contact: String?

    init(
        person: SignedInPerson,
        listings: [DesktopListing],
        notice: String?,
        messages: [AnswersPage.Message],
        settings: PortalSettings,
        catalogue: Catalogue,
        language: Language
    ) {
        name = person.displayName
        self.notice = notice
        self.messages = messages
        var groups: [(name: String, cards: [Card])] = []
        for (index, listing) in listings.enumerated() {
            let card = Card(
                id: listing.id,
                titleID: "desktop-\(index)",
                title: listing.title,
                pool: listing.pool,
                reason: listing.unavailable?.text(language),
                isAvailable: listing.unavailable == nil,
                withClient: listing.ways.contains(.client),
                inBrowser: listing.ways.contains(.browser)
            )
            if let known = groups.firstIndex(where: { $0.name == listing.municipality }) {
                groups[known].cards.append(card)
            } else {
                groups.append((listing.municipality, [card]))
            }
        }
        municipalities = groups.enumerated().map { index, group in
            Municipality(
                heading: settings.municipalityTitles[group.name] ?? group.name,
                headingID: "municipality-\(index)",
                desktops: group.cards
            )
        }
        isEmpty = listings.isEmpty
        anyClient = listings.contains { $0.unavailable == nil && $0.ways.contains(.client) }
        ticket = catalogue.text(.desktopsTicket, ["minutes": String(settings.ticketMinutes)])
        contact = settings.contact.isEmpty ? nil : settings.contact
    }
}

/// `desktop.mustache`: the desktop in the browser.
struct DesktopPage {
    let title: String
    let municipality: String
    /// `name[:port]` for the WebSocket's address.
    let host: String
    let ticket: String
    let clipboard: Bool
    let graceSeconds: Int
}
