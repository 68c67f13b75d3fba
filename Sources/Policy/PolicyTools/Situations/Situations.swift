// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the circumstances under which the answers of some rules can differ.

package import AccessPolicy
package import Cedar

/// Circumstances that stand for all others: one on each side of each bound that a rule draws.
///
/// What no rule looks at is not varied. For rules that compare attributes of the context with constants, each
/// by itself, nothing is left out; a moment and an address are real ones, so that hour, day and zone fit.
package struct Situations: Sendable {
    /// At most this many for one person, action and desktop; some seconds for a whole county.
    package static let limit = 20_000

    /// Whether there were more than `limit`, and some were left out.
    package let isCut: Bool
    /// The circumstances, the most ordinary first.
    package let all: [PolicyCircumstances]

    /// Works out the circumstances for the rules that matter.
    ///
    /// `reference` is a moment in milliseconds since 1970; the days are those that follow it.
    package init(
        for policies: some Sequence<CedarPolicy>,
        of sets: [AccessPolicySet],
        reference: Int64,
        limit: Int = Situations.limit
    ) {
        var harvest = ConstantHarvest()
        var leaves = SituationLeaves()
        for policy in policies {
            harvest.add(policy)
            leaves.add(policy)
        }
        let axes = SituationAxes(harvest, leaves, sets, reference: reference)
        let total = axes.count
        isCut = limit < total
        // With a step that shares no factor with the number of values of any axis, all values still occur.
        let step = isCut ? Self.step(total: total, limit: limit, axes.lengths) : 1
        var found: [PolicyCircumstances] = []
        found.reserveCapacity(min(total, limit))
        var place = 0
        while place < total, found.count < limit {
            found.append(axes.circumstances(at: place))
            place += step
        }
        all = found
    }

    private static func step(total: Int, limit: Int, _ lengths: [Int]) -> Int {
        var step = (total + limit - 1) / limit
        while lengths.contains(where: { 1 < gcd($0, step) }) { step += 1 }
        return step
    }

    private static func gcd(_ one: Int, _ other: Int) -> Int {
        other == 0 ? one : gcd(other, one % other)
    }
}

/// The values of each circumstance; their product is what can be.
private struct SituationAxes {
    /// A machine as the gate knows it.
    private struct Machine {
        let trust: PolicyTrust
        let device: String?
    }

    private let moments: [Int64]
    private let addresses: [CedarIPAddress]
    private let factors: [PolicyFactor]
    private let ages: [Int64]
    private let clients: [PolicyClientKind]
    private let machines: [Machine]

    init(
        _ harvest: ConstantHarvest,
        _ leaves: SituationLeaves,
        _ sets: [AccessPolicySet],
        reference: Int64
    ) {
        let moments = SituationMoments(harvest, reference: reference).all
        let addresses = SituationAddresses(harvest, sets).all
        let base = PolicyCircumstances(
            time: moments.first ?? reference,
            address: addresses.first ?? PolicyCircumstances.nowhere.address
        )
        self.moments = leaves.distinct(moments, .moment, sets, base) { $0.time = $1 }
        self.addresses = leaves.distinct(addresses, .address, sets, base) { $0.address = $1 }
        factors = leaves.distinct(Self.factors, .factor, sets, base) { $0.factor = $1 }
        ages = leaves.distinct(Self.ages(harvest), .age, sets, base) { $0.factorAge = $1 }
        clients = leaves.distinct(PolicyClientKind.allCases, .client, sets, base) { $0.client = $1 }
        machines = leaves.distinct(Self.machines(harvest), .machine, sets, base) {
            $0.trust = $1.trust
            $0.device = $1.device
        }
    }

    private static let factors = [PolicyFactor.totp] + PolicyFactor.allCases.filter { $0 != .totp }

    // A name for a machine where a rule only asks whether there is one.
    private static let someDevice = "PC-1"

    /// In whole seconds, freshest first.
    private static func ages(_ harvest: ConstantHarvest) -> [Int64] {
        let bounds = (harvest.numbers["mfaAge"] ?? []).map { $0 / 1_000 }.filter { 0 <= $0 }
        return Set(bounds + [0]).sorted()
    }

    /// Managed machines show a certificate with their name.
    private static func machines(_ harvest: ConstantHarvest) -> [Machine] {
        let named = (harvest.names["device"] ?? []).sorted() + [someDevice]
        let unnamed = PolicyTrust.allCases.map { Machine(trust: $0, device: nil) }
        return unnamed + named.map { Machine(trust: .managed, device: $0) }
    }

    var lengths: [Int] {
        [moments.count, addresses.count, factors.count, ages.count, clients.count, machines.count]
    }

    /// The product; `Int.max` when it has no place.
    var count: Int {
        lengths.reduce(1) { total, length in
            let (product, over) = total.multipliedReportingOverflow(by: length)
            return over ? Int.max : product
        }
    }

    /// The circumstances with this number; the last axes change first.
    func circumstances(at place: Int) -> PolicyCircumstances {
        var rest = place
        func pick<Value>(_ values: [Value]) -> Value {
            // INVARIANT: no axis is empty.
            let value = values[rest % values.count]
            rest /= values.count
            return value
        }
        let machine = pick(machines)
        let client = pick(clients)
        let age = pick(ages)
        let factor = pick(factors)
        let address = pick(addresses)
        let moment = pick(moments)
        return PolicyCircumstances(
            time: moment,
            address: address,
            factor: factor,
            factorAge: age,
            client: client,
            trust: machine.trust,
            device: machine.device
        )
    }
}
