/// Why a value was not taken; says what would do.
public struct SettingError: Error, Sendable {
    public let message: String
}

/// One setting: its key in the file, what it means and how it is read.
struct SettingRow: Sendable {
    /// With dots for levels: `limits.text_chars`.
    let key: String
    let summary: String
    let apply: @Sendable (inout Settings, String) throws(SettingError) -> Void

    /// As an environment variable: `LYCEUM_LIMITS_TEXT_CHARS`.
    var variable: String { "LYCEUM_" + key.uppercased().replacing(".", with: "_") }
}

/// Every setting there is. The same rows read the file, the environment and the flags.
enum SettingTable {
    static let rows: [SettingRow] = [
        row("listen", "address and port to serve on; port 0 lets the system choose", address(\.listen)),
        row("metrics_listen", "address and port of OpenMetrics", address(\.metricsListen)),
        row("data", "the data folder", text(\.data)),
        row("community", "what the community is called", text(\.communityName)),
        row("loops", "event loops, each a thread (1...64)", integer(\.loops, 1...64)),
        row("allowed_origins", "other origins whose pages may connect, separated by commas", list(\.allowedOrigins)),
        row("trusted_proxies", "addresses of proxies to believe, separated by commas", list(\.trustedProxies)),
        row("tls.certificate", "file with the certificate chain (PEM); turns TLS on", optionalText(\.tlsCertificate)),
        row("tls.key", "file with the private key (PEM)", optionalText(\.tlsKey)),
        row("drain_seconds", "how long a stop may take (1...30)", integer(\.drainSeconds, 1...30)),
        row(
            "limits.commands_per_minute", "commands of one connection (10...10000000)",
            integer(\.limits.commandsPerMinute, 10...10_000_000)),
        row(
            "limits.bot_commands_per_minute", "commands of one bot, over all of its connections (10...10000000)",
            integer(\.limits.botCommandsPerMinute, 10...10_000_000)),
        row(
            "limits.bot_answer_seconds", "how long a bot may take to answer what it was asked (1...900)",
            integer(\.limits.botAnswerSeconds, 1...900)),
        row("limits.text_chars", "characters of one message (1...32000)", integer(\.limits.textCharacters, 1...32_000)),
        row(
            "limits.frame_bytes", "bytes of one frame or request (4096...1048576)",
            integer(\.limits.frameBytes, 4096...1_048_576)),
        row(
            "limits.outbox_bytes", "bytes that may wait for a slow reader (65536...67108864)",
            integer(\.limits.outboxBytes, 65_536...67_108_864)),
        row("limits.connections", "connections in all (1...1000000)", integer(\.limits.connections, 1...1_000_000)),
        row(
            "limits.connections_per_address", "connections of one address (1...1000000)",
            integer(\.limits.connectionsPerAddress, 1...1_000_000)),
        row(
            "limits.sessions_per_member", "signed-in clients of one member (1...1000)",
            integer(\.limits.sessionsPerMember, 1...1000)),
        row(
            "limits.requests_per_minute", "HTTP requests of one address (10...10000000)",
            integer(\.limits.requestsPerMinute, 10...10_000_000)),
        row("files.bytes", "bytes of one file (1000...2000000000)", integer(\.files.bytes, 1000...2_000_000_000)),
        row(
            "files.quota_bytes", "bytes of all files of one member (0...1000000000000000)",
            integer(\.files.quotaBytes, 0...1_000_000_000_000_000)),
        row(
            "files.pixels", "pixels of one picture (1000...1000000000)", integer(\.files.pixels, 1000...1_000_000_000)),
        row(
            "files.unattached_hours", "how long a file waits for its message before it is removed (1...8760)",
            integer(\.files.unattachedHours, 1...8760)),
        row("accounts.registration", "who may register: open, invite or closed", choice(\.accounts.registration)),
        row(
            "accounts.scrypt_log_cost", "binary logarithm of the password hash's cost (10...20)",
            integer(\.accounts.scryptLogCost, 10...20)),
        row(
            "accounts.scrypt_parallelism", "parallelism of the password hash (1...16)",
            integer(\.accounts.scryptParallelism, 1...16)),
        row(
            "accounts.hash_queue", "sign-ins that may wait for the password hash (1...10000)",
            integer(\.accounts.hashQueue, 1...10_000)),
        row(
            "moderation.rules", "folder of rule packs, or none; those that came with the program by default",
            optionalText(\.moderation.rules)),
        row("moderation.flag", "score from which a post is flagged (0...1000)", number(\.moderation.flag, 0...1000)),
        row("moderation.hold", "score from which a post is held (0...1000)", number(\.moderation.hold, 0...1000)),
        row("moderation.block", "score from which a post is blocked (0...1000)", number(\.moderation.block, 0...1000)),
        row(
            "moderation.first_posts", "a member's first so many posts are held (0...100)",
            integer(\.moderation.firstPosts, 0...100)),
        row(
            "moderation.held_hours", "how long a held post waits before it falls (0.001...8760)",
            number(\.moderation.heldHours, 0.001...8760)),
        row(
            "moderation.checks_per_hour", "passed posts that moderators may be asked about (0...3600)",
            integer(\.moderation.checksPerHour, 0...3600)),
        row(
            "moderation.sample_share", "share of passed posts drawn for that at random (0...1)",
            number(\.moderation.sampleShare, 0...1)),
        row("activity.enabled", "recommendations: on or off", choice(\.activity.enabled)),
        row(
            "activity.keep_seconds", "seconds between two keepings of their state (1...86400)",
            integer(\.activity.keepSeconds, 1...86_400)),
        row("activity.experiments", "file with the running experiments (JSON)") {
            settings, value throws(SettingError) in try settings.activity.readExperiments(from: value)
        },
        row("webhooks.allowed_networks", "networks besides the public Internet that webhooks may call (CIDR, commas)") {
            settings, value throws(SettingError) in try settings.webhooks.readAllowedNetworks(value)
        },
        row("webhooks.attempts", "how often a delivery is tried (1...20)", integer(\.webhooks.attempts, 1...20)),
        row(
            "webhooks.retry_seconds", "seconds before the second attempt, then four times as long each (1...3600)",
            integer(\.webhooks.retrySeconds, 1...3600)),
        row(
            "webhooks.disable_after", "deliveries given up in a row that switch a hook off (1...1000)",
            integer(\.webhooks.disableAfter, 1...1000)),
        row(
            "webhooks.posts_per_minute", "posts of one incoming hook (1...6000)",
            integer(\.webhooks.postsPerMinute, 1...6000)),
        row("log.format", "text or json", choice(\.log.format)),
        row("log.level", "debug, info, notice, warning or error", choice(\.log.level)),
    ]

    private typealias Apply = @Sendable (inout Settings, String) throws(SettingError) -> Void

    private static func row(_ key: String, _ summary: String, _ apply: @escaping Apply) -> SettingRow {
        SettingRow(key: key, summary: summary, apply: apply)
    }

    private static func text(_ path: WritableKeyPath<Settings, String> & Sendable) -> Apply {
        { settings, value throws(SettingError) in
            guard !value.isEmpty else { throw SettingError(message: "must not be empty") }
            settings[keyPath: path] = value
        }
    }

    private static func optionalText(_ path: WritableKeyPath<Settings, String?> & Sendable) -> Apply {
        { settings, value throws(SettingError) in settings[keyPath: path] = value.isEmpty ? nil : value }
    }

    private static func address(_ path: WritableKeyPath<Settings, ListenAddress> & Sendable) -> Apply {
        { settings, value throws(SettingError) in
            guard let address = ListenAddress(value) else {
                throw SettingError(message: "must be an address and a port, such as 127.0.0.1:8080")
            }
            settings[keyPath: path] = address
        }
    }

    private static func integer(
        _ path: WritableKeyPath<Settings, Int> & Sendable, _ range: ClosedRange<Int>
    ) -> Apply {
        { settings, value throws(SettingError) in
            guard let number = Int(value), range.contains(number) else {
                throw SettingError(message: "must be an integer in \(range.lowerBound)...\(range.upperBound)")
            }
            settings[keyPath: path] = number
        }
    }

    private static func number(
        _ path: WritableKeyPath<Settings, Double> & Sendable, _ range: ClosedRange<Double>
    ) -> Apply {
        { settings, value throws(SettingError) in
            guard let number = Double(value), range.contains(number) else {
                throw SettingError(message: "must be a number in \(range.lowerBound)...\(range.upperBound)")
            }
            settings[keyPath: path] = number
        }
    }

    private static func list(_ path: WritableKeyPath<Settings, Set<String>> & Sendable) -> Apply {
        { settings, value throws(SettingError) in
            let parts = value.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }
            settings[keyPath: path] = Set(parts.map(String.init))
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ path: WritableKeyPath<Settings, Choice> & Sendable
    ) -> Apply where Choice.RawValue == String, Choice: Sendable {
        let choices = Dictionary(uniqueKeysWithValues: Choice.allCases.map { ($0.rawValue, $0) })
        let refusal = "must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return { settings, value throws(SettingError) in
            guard let choice = choices[value] else { throw SettingError(message: refusal) }
            settings[keyPath: path] = choice
        }
    }
}
