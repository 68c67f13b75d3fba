// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the schema of all policies: who and what there is, and what can be asked.

package import Cedar

/// The entity model `Gw`; docs/policy/guardrails.md explains it.
package enum GatewaySchema {
    /// As Cedar writes it.
    ///
    /// Only what the gate asks is declared: a rule about anything else is an error, not a rule without effect.
    package static let text = """
        namespace Gw {
          @doc("Second factor shown at sign-in")
          entity Mfa enum ["none", "totp", "push", "webauthn", "smartcard"];
          @doc("Kind of client")
          entity Client enum ["native", "browser"];
          @doc("What is known about the person's machine")
          entity Trust enum ["unknown", "managed"];

          type LocalTime = {
            minute: Long,   // since midnight by the clock on the wall (Europe/Berlin), 0..1439
            weekday: Long,  // 1 = Monday .. 7 = Sunday
            holiday: Bool,  // public holiday in Thuringia
            workday: Bool,  // weekday 1..5 and no holiday
          };
          type Circumstances = {
            ip: ipaddr,
            zone: Zone,         // of the longest range that holds ip
            now: datetime,      // UTC
            local: LocalTime,
            mfa: Mfa,
            mfaAge: duration,   // since the second factor was shown
            client: Client,
            trust: Trust,
            device?: Device,    // named by a verified client certificate
          };

          entity Municipality in [Municipality] { title: String };
          entity Zone in [Zone];
          entity Group;
          entity User in [Group, Municipality] {
            active: Bool,       // belongs to a municipality, or to a group that a rule names
            external: Bool,     // in one of the county's external_groups
            home: Municipality,
          };
          entity Device;
          entity DesktopPool in [Municipality] { sensitive: Bool };
          entity Desktop in [DesktopPool] { sensitive: Bool };
          entity AuditLog in [Municipality];
          entity Gateway;

          action session, redirect, admin;
          action login appliesTo { principal: User, resource: Gateway, context: Circumstances };
          action connect, reconnect, keep in [session]
            appliesTo { principal: User, resource: Desktop, context: Circumstances };
          action clipboardIn, clipboardOut, driveIn, driveOut, print, audioOut, audioIn, smartcard, port, webauthn
            in [redirect] appliesTo { principal: User, resource: Desktop, context: Circumstances };
          action viewAudit, exportAudit, revealPseudonym, answerReveal, retainAudit in [admin]
            appliesTo { principal: User, resource: AuditLog, context: Circumstances };
          action operate in [admin]
            appliesTo { principal: User, resource: [Gateway, Municipality], context: Circumstances };
        }
        """

    /// The schema, read.
    package static func schema() throws(CedarError) -> CedarSchema { try CedarSchema(parsing: text) }
}

/// Names of the entities.
package enum Gw {
    package static let user = CedarName(checked: "Gw::User")
    package static let group = CedarName(checked: "Gw::Group")
    package static let municipality = CedarName(checked: "Gw::Municipality")
    package static let pool = CedarName(checked: "Gw::DesktopPool")
    package static let desktop = CedarName(checked: "Gw::Desktop")
    package static let zone = CedarName(checked: "Gw::Zone")
    package static let device = CedarName(checked: "Gw::Device")
    package static let auditLog = CedarName(checked: "Gw::AuditLog")
    package static let gateway = CedarName(checked: "Gw::Gateway")
    package static let action = CedarName(checked: "Gw::Action")
    package static let factor = CedarName(checked: "Gw::Mfa")
    package static let client = CedarName(checked: "Gw::Client")
    package static let trust = CedarName(checked: "Gw::Trust")

    /// The municipality above all others; no file can have this name.
    package static let county = "@county"
    /// The home of people without a municipality; nothing is in it.
    package static let nowhere = "@none"

    /// An entity by type and id.
    package static func uid(_ type: CedarName, _ id: String) -> EntityUID {
        EntityUID(type: type, id: CedarText(id))
    }
}
