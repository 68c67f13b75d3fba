// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bounds of the validator.

/// Bounds that keep the answer to a hopeless policy readable and soon.
package enum ValidationLimits {
    /// Findings of one policy; further ones are dropped, the policy is invalid anyway.
    package static let findings = 200
    /// Steps of the type checker through one policy, all kinds of request together; some seconds of work.
    ///
    /// A policy of 100 terms under the most kinds of request a schema may have stays below.
    package static let work = 20_000_000
}
