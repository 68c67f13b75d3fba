// SPDX-License-Identifier: EUPL-1.2
// Torhaus: a text that is the same for the same decisions, on every machine and after every restart.

internal import DaemonSettings

extension Configuration {
    /// What is in effect, one value a line; for a digest that names the configuration in records.
    ///
    /// Not `String(describing:)`: the order of a Set differs from process to process. Warnings are left out.
    package var canonicalText: String {
        var lines = [
            "county=\(county)", gateSettings().rendered, authSettings().rendered,
            auditSettings().rendered,
            "signing=\(rdpSigning.map { "\($0.chain) \($0.key)" } ?? "")",
            "sessions=\(sessions)", "sign_in=\(signIn)", "paths=\(paths)", "users=\(users)",
            "policy=\(policy.version)",
        ]
        for municipality in municipalities {
            let names = "\(municipality.name)|\(municipality.title)|\(municipality.groups)"
            lines.append("municipality=\(names)|\(municipality.auditRequired)")
            for pool in municipality.pools {
                let hours = pool.hours.map(\.description)
                let redirections = pool.redirections.map(\.rawValue).sorted()
                let limits = "\(String(describing: pool.idle))|\(String(describing: pool.longest))"
                lines.append(
                    "pool=\(pool.name)|\(pool.title)|\(pool.groups)|\(hours)|\(redirections)|\(limits)"
                )
                lines += pool.desktops.map { "desktop=\($0)" }
            }
        }
        return lines.joined(separator: "\n")
    }
}
