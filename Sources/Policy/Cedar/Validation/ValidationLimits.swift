// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bounds of the validator.

/// Bounds that keep the answer to a hopeless policy readable.
package enum ValidationLimits {
    /// Findings of one policy; further ones are dropped, the policy is invalid anyway.
    package static let findings = 200
}
