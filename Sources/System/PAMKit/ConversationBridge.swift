// SPDX-License-Identifier: EUPL-1.2
// Torhaus: from libpam's conversation callback to PAMConversing.

internal import CPAM
internal import Glibc

/// What libpam keeps the address of.
final class ConversationBridge {
    let converse: any PAMConversing

    init(_ converse: any PAMConversing) { self.converse = converse }
}

/// The `conv` member of `pam_conv`.
///
/// A free function, as every C callback here.
func torhausPAMConversation(
    _ count: Int32,
    _ messages: UnsafeMutablePointer<UnsafePointer<pam_message>?>?,
    _ responses: UnsafeMutablePointer<UnsafeMutablePointer<pam_response>?>?,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let messages = unsafe messages, let responses = unsafe responses, let context = unsafe context
    else {
        return PAM_CONV_ERR
    }
    unsafe responses.pointee = nil
    let bridge = unsafe Unmanaged<ConversationBridge>.fromOpaque(context).takeUnretainedValue()
    guard 0 < count, count <= PAMLimits.messagesPerCall, let read = unsafe readMessages(messages, count)
    else {
        bridge.converse.conversationBroken()
        return PAM_CONV_ERR
    }
    guard var answers = bridge.converse.answers(to: read) else { return PAM_CONV_ERR }
    defer {
        for index in answers.indices { wipe(&answers[index]) }
    }
    let questions = read.indices.filter { read[$0].style.asks }
    guard answers.count == questions.count,
        answers.allSatisfy({ $0.count <= PAMLimits.answerBytes && !$0.contains(0) }),
        let made = unsafe th_pam_responses(count)
    else {
        return PAM_CONV_ERR
    }
    for (index, answer) in zip(questions, answers) {
        let code = unsafe answer.withUnsafeBytes { raw in
            unsafe th_pam_answer(made, Int32(index), raw.baseAddress, raw.count)
        }
        guard code == 0 else {
            unsafe th_pam_drop(made, count)
            return PAM_BUF_ERR
        }
    }
    unsafe responses.pointee = made
    return PAM_SUCCESS
}

/// Nil for an unknown style: PAM_BINARY_PROMPT and PAM_RADIO_TYPE are Linux-PAM's own and nobody's to answer here.
private func readMessages(
    _ messages: UnsafeMutablePointer<UnsafePointer<pam_message>?>,
    _ count: Int32
) -> [PAMMessage]? {
    var read: [PAMMessage] = []
    for index in 0..<count {
        guard let message = unsafe th_pam_message(messages, index),
            let style = unsafe PAMMessage.Style(rawValue: message.pointee.msg_style)
        else { return nil }
        var text: [UInt8] = []
        if let raw = unsafe message.pointee.msg {
            let length = unsafe strnlen(raw, PAMLimits.textBytes)
            text = unsafe [UInt8](UnsafeRawBufferPointer(start: raw, count: length))
        }
        read.append(PAMMessage(style: style, text: text))
    }
    return read
}

private func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { raw in
        if let base = raw.baseAddress { unsafe explicit_bzero(base, raw.count) }
    }
}
