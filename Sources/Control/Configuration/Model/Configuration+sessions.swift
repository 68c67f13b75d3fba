// SPDX-License-Identifier: EUPL-1.2
// Torhaus: how long tickets, sessions and web sessions live, and how people sign in.

extension Configuration {
    /// The section `sessions`.
    package struct Sessions: Hashable, Sendable {
        /// Which other address may use a ticket.
        package enum NetworkBinding: String, Hashable, Sendable, CaseIterable {
            /// None.
            case strict
            /// One of the same IPv4 /24 or IPv6 /64, or of the other address family.
            case prefix
            /// Any.
            case off
        }

        /// Minutes until an unused ticket dies.
        package let ticketMinutes: Int
        package let bindNetwork: NetworkBinding
        /// How long after a broken line the same session may go on.
        package let reconnectGrace: Duration
        /// Nil: no limit.
        package let idle: Duration?
        /// Nil: no limit.
        package let longest: Duration?
        /// Nil: never.
        package let reauthenticate: Duration?
        /// Sessions one person may have open at once.
        package let perPerson: Int
        /// Shown by native clients before the desktop; empty: none.
        package let consentText: String

        /// All parts; the defaults are those of torhaus.yaml.
        package init(
            ticketMinutes: Int = 5,
            bindNetwork: NetworkBinding = .prefix,
            reconnectGrace: Duration = .seconds(120),
            idle: Duration? = .seconds(1800),
            longest: Duration? = .seconds(36_000),
            reauthenticate: Duration? = nil,
            perPerson: Int = 4,
            consentText: String = ""
        ) {
            self.ticketMinutes = ticketMinutes
            self.bindNetwork = bindNetwork
            self.reconnectGrace = reconnectGrace
            self.idle = idle
            self.longest = longest
            self.reauthenticate = reauthenticate
            self.perPerson = perPerson
            self.consentText = consentText
        }
    }

    /// The section `sign_in`.
    package struct SignIn: Hashable, Sendable {
        /// A web session that nobody uses ends after this.
        package let webIdle: Duration
        /// A web session ends after this in any case.
        package let webLongest: Duration
        /// No failed sign-in is answered earlier.
        package let failureFloor: Duration
        /// For a whole PAM conversation.
        package let deadline: Duration
        /// The PAM service name.
        package let pamService: String
        /// Another directory than /etc/pam.d; nil: that one.
        package let pamDirectory: String?
        /// Auth workers kept ready.
        package let workers: Int
        /// PAM conversations at a time.
        package let conversations: Int

        /// All parts; the defaults are those of torhaus.yaml.
        package init(
            webIdle: Duration = .seconds(1800),
            webLongest: Duration = .seconds(36_000),
            failureFloor: Duration = .seconds(1),
            deadline: Duration = .seconds(120),
            pamService: String = "torhaus",
            pamDirectory: String? = nil,
            workers: Int = 4,
            conversations: Int = 256
        ) {
            self.webIdle = webIdle
            self.webLongest = webLongest
            self.failureFloor = failureFloor
            self.deadline = deadline
            self.pamService = pamService
            self.pamDirectory = pamDirectory
            self.workers = workers
            self.conversations = conversations
        }
    }
}

extension Duration {
    /// Whole seconds, at least 0, as the messages to the gate want them.
    package var wholeSeconds: UInt32 { UInt32(clamping: components.seconds) }

    /// Whole milliseconds, at least 0.
    package var wholeMilliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard 0 <= seconds, 0 <= attoseconds else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1000)
        guard !overflow else { return .max }
        let (sum, carry) = product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000_000_000))
        return carry ? .max : sum
    }
}
