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
        for policy in policies { harvest.add(policy) }
        let axes = SituationAxes(harvest, sets, reference: reference)
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
    let moments: [Int64]
    let addresses: [CedarIPAddress]
    let factors: [PolicyFactor]
    let ages: [Int64]
    let clients: [PolicyClientKind]
    let trusts: [PolicyTrust]
    let devices: [String?]

    init(_ harvest: ConstantHarvest, _ sets: [AccessPolicySet], reference: Int64) {
        moments = SituationMoments(harvest, reference: reference).all
        addresses = SituationAddresses(harvest, sets).all
        factors = harvest.mentions("mfa") ? Self.startingWith(.totp) : [.totp]
        ages = Self.ages(harvest)
        clients = harvest.mentions("client") ? PolicyClientKind.allCases : [.native]
        trusts = harvest.mentions("trust") ? PolicyTrust.allCases : [.managed]
        let named = (harvest.names["device"] ?? []).sorted()
        devices = harvest.mentions("device") ? [nil] + (named.isEmpty ? [Self.someDevice] : named) : [nil]
    }

    // A name for a machine where a rule only asks whether there is one.
    private static let someDevice = "PC-1"

    private static func startingWith(_ first: PolicyFactor) -> [PolicyFactor] {
        [first] + PolicyFactor.allCases.filter { $0 != first }
    }

    /// In whole seconds, freshest first.
    private static func ages(_ harvest: ConstantHarvest) -> [Int64] {
        let bounds = (harvest.numbers["mfaAge"] ?? []).map { $0 / 1_000 }.filter { 0 <= $0 }
        return Set(bounds + [0]).sorted()
    }

    var lengths: [Int] {
        [
            moments.count, addresses.count, factors.count, ages.count, clients.count, trusts.count,
            devices.count,
        ]
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
        let device = pick(devices)
        let trust = pick(trusts)
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
            trust: device == nil ? trust : .managed,
            device: device
        )
    }
}
