// SPDX-License-Identifier: EUPL-1.2
// Torhaus: bounds on policies and their data.

/// Bounds that keep hostile or broken input from costing memory, time or the stack.
///
/// The official parser has no bound on depth and ends its process at about 600 levels; ours answers.
package enum CedarLimits {
    /// Levels of brackets, `if` and unary operators the parser enters.
    package static let nesting = 200
    /// Levels of an expression tree; long chains of `+`, `-`, `*` and `.` count here too.
    package static let treeDepth = 400
    /// Bytes of one policy or schema text.
    package static let text = 1 << 20
    /// Bytes of one JSON text of entities or context.
    package static let json = 64 << 20
    /// Nodes of policy JSON; it writes the left side of `has a.b.c` once for each name, so that nested paths
    /// would grow without bound.
    package static let policyJSON = 1 << 22
    /// Ancestors of all entities of a store together: a county's users with fifty groups each are below a tenth.
    package static let ancestors = 10_000_000
    /// Levels of arrays and objects in JSON; the official engine has the same bound.
    package static let jsonDepth = 127
}
