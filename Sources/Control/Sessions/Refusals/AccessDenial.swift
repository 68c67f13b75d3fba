// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a refusal before it has a reference and a record.

package import DaemonMessages

/// What was refused and why, complete enough to be shown, recorded and looked up.
package struct AccessDenial: Sendable, Hashable {
    package let code: RefusalCode
    /// Stable word such as `outside-hours`.
    package let reason: String
    /// The rules that decided or came nearest, such as `rhoenblick/access/homeoffice`, with a blank between;
    /// empty when no rule was asked.
    package var rule: String
    /// Names the set of rules that was asked; empty when none was.
    package var policyVersion = ""
    /// Rules that could not be evaluated.
    package var faults: [RuleFault] = []
    package let text: LocalizedText
    /// What an administrator needs and the person does not.
    package let detail: String
    /// The person may know that the desktop exists: the portal lists it with the sentence.
    package var listed: Bool

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
