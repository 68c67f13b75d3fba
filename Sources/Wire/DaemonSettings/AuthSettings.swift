// SPDX-License-Identifier: EUPL-1.2
// Torhaus: everything the auth worker is told.

/// Everything `torhaus-authd` is told; written by `torhaus render auth`.
package struct AuthSettings: Hashable, Sendable {
    /// Path of the socket it listens on.
    package var socket: String
    /// Users whose processes may ask for a conversation (SO_PEERCRED); at least one.
    package var allowedUsers: [String]
    /// The PAM service name, a file in /etc/pam.d.
    package var service: String
    /// Another directory than /etc/pam.d, for tests (`pam_start_confdir`).
    package var confdir: String?
    /// Workers kept ready.
    package var poolSize: Int
    /// Conversations at a time; more are answered `unavailable`.
    package var maxConversations: Int
    /// From the first message of a conversation to its end.
    package var deadlineSeconds: Int
    /// No failed conversation is answered earlier than this after its last answer.
    package var failureFloorMilliseconds: Int
    /// A random part is added to the floor, at most this much.
    package var failureJitterMilliseconds: Int

    /// All fields; the defaults are those of torhaus.yaml.
    package init(
        socket: String = "/run/torhaus/auth.sock",
        allowedUsers: [String] = ["torhaus"],
        service: String = "torhaus",
        confdir: String? = nil,
        poolSize: Int = 4,
        maxConversations: Int = 64,
        deadlineSeconds: Int = 120,
        failureFloorMilliseconds: Int = 1000,
        failureJitterMilliseconds: Int = 250
    ) {
        self.socket = socket
        self.allowedUsers = allowedUsers
        self.service = service
        self.confdir = confdir
        self.poolSize = poolSize
        self.maxConversations = maxConversations
        self.deadlineSeconds = deadlineSeconds
        self.failureFloorMilliseconds = failureFloorMilliseconds
        self.failureJitterMilliseconds = failureJitterMilliseconds
    }

    /// Reads a settings file's text; every mistake is in the error, with its line.
    package init(text: String) throws(SettingsError) {
        var reader = SettingsReader(text: text)
        socket = reader.single("socket", .socketPath, default: "/run/torhaus/auth.sock")
        allowedUsers = reader.list("allowed_user", .userName)
        service = reader.single("service", .serviceName, default: "torhaus")
        confdir = reader.optional("confdir", .path)
        poolSize = reader.integer("pool_size", SettingsLimits.workers, default: 4)
        maxConversations = reader.integer("max_conversations", SettingsLimits.conversations, default: 64)
        deadlineSeconds = reader.integer("deadline_seconds", SettingsLimits.signInSeconds, default: 120)
        failureFloorMilliseconds = reader.integer(
            "failure_floor_milliseconds",
            SettingsLimits.failureFloorMilliseconds,
            default: 1000
        )
        failureJitterMilliseconds = reader.integer(
            "failure_jitter_milliseconds",
            SettingsLimits.failureJitterMilliseconds,
            default: 250
        )
        if maxConversations < poolSize {
            reader.report("pool_size", "more workers are kept than conversations are allowed")
        }
        try reader.finish()
    }

    /// The file's text; reading it again gives an equal value when the value is valid.
    package var rendered: String {
        var writer = SettingsWriter(title: "torhaus-authd")
        writer.add("socket", socket)
        writer.add("allowed_user", allowedUsers)
        writer.add("service", service)
        if let confdir { writer.add("confdir", confdir) }
        writer.add("pool_size", poolSize)
        writer.add("max_conversations", maxConversations)
        writer.add("deadline_seconds", deadlineSeconds)
        writer.add("failure_floor_milliseconds", failureFloorMilliseconds)
        writer.add("failure_jitter_milliseconds", failureJitterMilliseconds)
        return writer.text
    }
}
