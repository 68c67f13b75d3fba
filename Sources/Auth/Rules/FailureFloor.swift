// SPDX-License-Identifier: EUPL-1.2
// Torhaus: when a failure is answered, so that the time it took tells nothing.

/// The earliest moment of an answer.
///
/// A directory answers for an unknown user in 12 ms and for a wrong password in 86 ms (measured with SSSD);
/// both must look alike.
struct FailureFloor: Hashable, Sendable {
    /// No failure is answered earlier than this after the attempt began.
    let floor: Duration

    /// What one question after an answer waits for: the way to the second prompt would tell the same as the
    /// way to a failure.
    ///
    /// A quarter, because people who sign in rightly wait for it too.
    var questionFloor: Duration { floor / 4 }

    /// When to send a failure: the end of the period of `floor` length in which it became known, and the jitter.
    func failureDue(began: Duration, now: Duration, jitter: Duration) -> Duration {
        Self.periodEnd(of: floor, began: began, now: now) + jitter
    }

    /// When to send a question that follows an answer.
    func questionDue(began: Duration, now: Duration) -> Duration {
        Self.periodEnd(of: questionFloor, began: began, now: now)
    }

    /// A result that is later than the first period waits for the end of its own, because "slower than the floor" would
    /// otherwise be measured as exactly as without a floor.
    private static func periodEnd(of period: Duration, began: Duration, now: Duration) -> Duration {
        guard .zero < period else { return now }
        let elapsed = max(.zero, now - began)
        let periods = max(1, Int((elapsed / period).rounded(.up)))
        return max(now, began + period * periods)
    }
}
