// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bounds on schemas.

/// Bounds of the schema reader; the official one has none and we never saw a schema near these.
///
/// The largest schema of the official corpus has 160 entity types, 16 actions and 1,024 environments.
package enum SchemaLimits {
    /// Levels of `Set<…>` and `{…}` in a type, common types replaced by what they stand for.
    package static let typeDepth = 60
    /// Parts of one type with all common types replaced; without it a few lines could mean billions of parts.
    package static let typeParts = 20_000
    /// Common types that lead to one another, as in `type A = B; type B = C;`.
    package static let aliases = 60
    /// Entity types of one schema, and common types as well.
    package static let types = 2_000
    /// Actions of one schema.
    package static let actions = 2_000
    /// Combinations of action, principal type and resource type a policy is checked under.
    package static let environments = 1 << 16
}
