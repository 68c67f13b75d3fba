// SPDX-License-Identifier: EUPL-1.2
// Torhaus: what can go wrong with a request, and the page that says so.

import DaemonMessages
import HTTPTypes
import Sessions

/// An error that a person sees as a page.
enum PortalError: Error, Sendable, Hashable {
    case badRequest
    /// The form is not ours, or its session is over.
    case forbidden
    case notFound
    case method(allowed: String)
    case tooLarge
    case contentType
    case tooSlow
    /// A gateway or desktop request on a connection that serves pages.
    case misdirected
    case refused(AccessRefusal)
    case internalFault

    var status: HTTPResponse.Status {
        switch self {
        case .badRequest: .badRequest
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .method: .methodNotAllowed
        case .tooLarge: .contentTooLarge
        case .contentType: .unsupportedMediaType
        case .tooSlow: .requestTimeout
        case .misdirected: .misdirectedRequest
        case .refused(let refusal): refusal.code == .unavailable ? .serviceUnavailable : .forbidden
        case .internalFault: .internalServerError
        }
    }

    /// Title, sentence, and what to do next.
    var phrases: (title: Phrase, sentence: Phrase, next: Phrase) {
        switch self {
        case .badRequest, .misdirected: (.errorTitleBadRequest, .errorBadRequest, .nextBack)
        case .forbidden: (.errorTitleForbidden, .errorForbidden, .nextBack)
        case .notFound: (.errorTitleNotFound, .errorNotFound, .nextBack)
        case .method: (.errorTitleMethod, .errorMethod, .nextBack)
        case .tooLarge: (.errorTitleTooLarge, .errorTooLarge, .nextBack)
        case .contentType: (.errorTitleContentType, .errorContentType, .nextBack)
        case .tooSlow: (.errorTitleTooSlow, .errorTooSlow, .nextBack)
        // The sentence of a refusal is the decision's own.
        case .refused: (.errorTitleRefused, .errorForbidden, .nextRefused)
        case .internalFault: (.errorTitleInternal, .errorInternal, .nextLater)
        }
    }
}
