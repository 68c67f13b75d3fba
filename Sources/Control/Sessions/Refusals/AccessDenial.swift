// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a refusal before it has a reference and a record.

package import DaemonMessages

/// What was refused and why, complete enough to be shown, recorded and looked up.
package struct AccessDenial: Sendable, Hashable {
    package let code: RefusalCode
    /// Stable word such as `outside-hours`.
    package let reason: String
    /// The rule that decided, such as `rhoenblick/buergerbuero/hours`; empty when no rule was asked.
    package let rule: String
    package let text: LocalizedText
    /// What an administrator needs and the person does not.
    package let detail: String
    /// The person may know that the desktop exists: the portal lists it with the sentence.
    package let listed: Bool

    package init(
        code: RefusalCode,
        reason: String,
        rule: String = "",
        text: LocalizedText,
        detail: String = "",
        listed: Bool = false
    ) {
        self.code = code
        self.reason = reason
        self.rule = rule
        self.text = text
        self.detail = detail
        self.listed = listed
    }
}
