// SPDX-License-Identifier: EUPL-1.2
// Torhaus: one PAM conversation as frames.

package import ByteCoding

extension SignInRequest {
    private enum Kind: UInt8 {
        case begin = 0x81
        case answer = 0x82
        case abandon = 0x83
        case lookUpGroups = 0x84
    }

    /// The whole frame, with its length; the caller wipes it, because it may hold secrets.
    package func encoded() -> [UInt8] {
        switch self {
        case .begin(let begin):
            return Self.frame(.begin) { writer in
                writer.text(begin.user, limit: FrameLimits.user)
                writer.text(begin.remoteHost, limit: FrameLimits.address)
                begin.correlation.write(to: &writer)
            }
        case .answer(let answers):
            return Self.frame(.answer) { writer in
                writer.list(answers, limit: FrameLimits.prompts) {
                    $0.byteString($1, limit: FrameLimits.secret)
                }
            }
        case .abandon:
            return Self.frame(.abandon) { _ in }
        case .lookUpGroups(let user):
            return Self.frame(.lookUpGroups) { $0.text(user, limit: FrameLimits.user) }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (rawKind, reader) = try Frame.open(frame)
        guard let kind = Kind(rawValue: rawKind) else { throw .unexpected(UInt32(rawKind)) }
        switch kind {
        case .begin:
            self = .begin(
                SignInBegin(
                    user: try reader.utf8U16LE(limit: FrameLimits.user),
                    remoteHost: try reader.utf8U16LE(limit: FrameLimits.address),
                    correlation: try CorrelationID(from: &reader)
                )
            )
        case .answer:
            self = .answer(
                try reader.list(limit: FrameLimits.prompts) {
                    (part: inout ByteReader) throws(DecodeError) in
                    try part.bytesU16LE(limit: FrameLimits.secret)
                }
            )
        case .abandon:
            self = .abandon
        case .lookUpGroups:
            self = .lookUpGroups(user: try reader.utf8U16LE(limit: FrameLimits.user))
        }
        try reader.expectEnd()
    }

    private static func frame(_ kind: Kind, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        Frame.encode(kind: kind.rawValue, body)
    }
}

extension SignInReply {
    private enum Kind: UInt8 {
        case prompts = 0xA1
        case succeeded = 0xA2
        case failed = 0xA3
        case groups = 0xA4
        case passwordChanged = 0xA5
    }

    /// The whole frame, with its length; fields above their limit are cut.
    package func encoded() -> [UInt8] {
        switch self {
        case .prompts(let prompts):
            return Self.frame(.prompts) { writer in
                writer.list(prompts, limit: FrameLimits.prompts) { $1.write(to: &$0) }
            }
        case .passwordChanged(let identity):
            return Self.frame(.passwordChanged) { identity.write(to: &$0) }
        case .succeeded(let success):
            return Self.frame(.succeeded) { writer in
                success.identity.write(to: &writer)
                writer.bool(success.passwordChanged)
                success.secondFactor.write(to: &writer)
            }
        case .failed(let failure):
            return Self.frame(.failed) { writer in
                failure.code.write(to: &writer)
                writer.u32LE(failure.retryAfterSeconds)
            }
        case .groups(let identity):
            return Self.frame(.groups) { writer in
                writer.bool(identity != nil)
                identity?.write(to: &writer)
            }
        }
    }

    /// Reads a frame without its length.
    package init(frame: [UInt8]) throws(DecodeError) {
        var (rawKind, reader) = try Frame.open(frame)
        guard let kind = Kind(rawValue: rawKind) else { throw .unexpected(UInt32(rawKind)) }
        switch kind {
        case .prompts:
            self = .prompts(
                try reader.list(limit: FrameLimits.prompts) {
                    (part: inout ByteReader) throws(DecodeError) in try SignInPrompt(from: &part)
                }
            )
        case .passwordChanged:
            self = .passwordChanged(try SignInIdentity(from: &reader))
        case .succeeded:
            self = .succeeded(
                SignInSuccess(
                    identity: try SignInIdentity(from: &reader),
                    passwordChanged: try reader.bool(),
                    secondFactor: try SignInFactor(from: &reader)
                )
            )
        case .failed:
            let code = try SignInFailure.Code(from: &reader)
            self = .failed(SignInFailure(code: code, retryAfterSeconds: try reader.u32LE()))
        case .groups:
            self = .groups(try reader.bool() ? SignInIdentity(from: &reader) : nil)
        }
        try reader.expectEnd()
    }

    private static func frame(_ kind: Kind, _ body: (inout ByteWriter) -> Void) -> [UInt8] {
        Frame.encode(kind: kind.rawValue, body)
    }
}

// MARK: Parts

extension SignInPrompt.Style: WireChoice {}
extension SignInPrompt.Meaning: WireChoice {}
extension SignInFailure.Code: WireChoice {}
extension SignInFactor: WireChoice {}

extension SignInPrompt: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            style: try Style(from: &reader),
            meaning: try Meaning(from: &reader),
            text: try reader.utf8U16LE(limit: FrameLimits.prompt)
        )
    }

    func write(to writer: inout ByteWriter) {
        style.write(to: &writer)
        meaning.write(to: &writer)
        writer.text(text, limit: FrameLimits.prompt)
    }
}

extension SignInIdentity: WireValue {
    init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(
            user: try reader.utf8U16LE(limit: FrameLimits.user),
            displayName: try reader.utf8U16LE(limit: FrameLimits.displayName),
            groups: try reader.list(limit: FrameLimits.groups) {
                (part: inout ByteReader) throws(DecodeError) in try part.utf8U16LE(limit: FrameLimits.group)
            }
        )
    }

    func write(to writer: inout ByteWriter) {
        writer.text(user, limit: FrameLimits.user)
        writer.text(displayName, limit: FrameLimits.displayName)
        // A cut group name could be another group's; without it, the person lacks a right at worst.
        let whole = groups.filter { $0.utf8.count <= FrameLimits.group }
        writer.list(whole, limit: FrameLimits.groups) { $0.text($1, limit: FrameLimits.group) }
    }
}
