// SPDX-License-Identifier: EUPL-1.2
// Torhaus: the outcome of checking one expression.

/// What the type checker knows of an expression.
struct Typing {
    /// Nil when no type could be found; the reason has been reported then.
    var type: CedarType?
    /// What is certain once the expression turned out true.
    var capabilities = Capabilities.none
    /// False when something in the expression has been reported.
    var isSound = true

    init(_ type: CedarType, _ capabilities: Capabilities = .none) {
        self.type = type
        self.capabilities = capabilities
    }

    private init(unsound type: CedarType?) {
        self.type = type
        isSound = false
    }

    /// Something is wrong, yet the rest can be checked as if the type were this.
    static func unsound(_ type: CedarType?) -> Typing { Typing(unsound: type) }

    /// The same, sound only if its parts are; what unsound parts made sure of does not count.
    func given(_ parts: Bool) -> Typing { parts ? self : .unsound(type) }
}

/// The kinds of request a policy is checked under, one at a time.
struct RequestEnvironment {
    let action: CedarAction
    let principal: CedarName
    let resource: CedarName
}
