/// Why a value was not taken; says what would do.
public struct SettingError: Error, Sendable {
    public let message: String
}

/// One setting: its key in the file, what it means and how it is written.
struct SettingRow: Sendable {
    /// With dots for levels: `limits.text_chars`.
    let key: String
    let summary: String
    let form: SettingForm

    /// As an environment variable: `LYCEUM_LIMITS_TEXT_CHARS`.
    var variable: String { "LYCEUM_" + key.uppercased().replacing(".", with: "_") }

    /// One line for the operator: key, variable, meaning, what may stand there, and what does by default.
    var reference: String {
        let standard = form.write(Settings())
        let facts = [form.values, standard.isEmpty ? nil : "by default \(standard)"].compactMap { $0 }
        return "\(key)  (\(variable))  \(summary)" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }
}

/// Every setting there is. The same rows read the file, the environment and the flags.
enum SettingTable {
    static let rows: [SettingRow] = [
        row("listen", "numeric address and port to serve on; port 0 lets the system choose", .address(\.listen)),
        row("metrics_listen", "numeric address and port of OpenMetrics", .address(\.metricsListen)),
        row("data", "the data folder", .text(\.data)),
        row("community", "what the community is called", .text(\.communityName)),
        row("loops", "event loops, each a thread", .integer(\.loops, 1...64)),
        row(
            "allowed_origins", "other origins whose pages may connect, separated by commas",
            .list(\.allowedOrigins, of: "origins such as https://example.org", where: SettingForm.isOrigin)),
        row(
            "trusted_proxies", "addresses of proxies to believe, separated by commas",
            .list(\.trustedProxies, of: "addresses such as 10.0.0.1", where: SettingForm.isAddress)),
        row("tls.certificate", "file with the certificate chain (PEM); turns TLS on", .optionalText(\.tlsCertificate)),
        row("tls.key", "file with the private key (PEM)", .optionalText(\.tlsKey)),
        row("drain_seconds", "how long a stop may take", .integer(\.drainSeconds, 1...30)),
        row(
            "limits.commands_per_minute", "commands of one connection",
            .integer(\.limits.commandsPerMinute, 10...10_000_000)),
        row(
            "limits.bot_commands_per_minute", "commands of one bot, over all of its connections",
            .integer(\.limits.botCommandsPerMinute, 10...10_000_000)),
        row(
            "limits.bot_answer_seconds", "how long a bot may take to answer what it was asked",
            .integer(\.limits.botAnswerSeconds, 1...900)),
        row("limits.text_chars", "characters of one message", .integer(\.limits.textCharacters, 1...32_000)),
        row(
            "limits.frame_bytes", "bytes of one frame or request",
            .integer(\.limits.frameBytes, 4096...1_048_576)),
        row(
            "limits.outbox_bytes", "bytes that may wait for a slow reader",
            .integer(\.limits.outboxBytes, 65_536...67_108_864)),
        row("limits.connections", "connections in all", .integer(\.limits.connections, 1...1_000_000)),
        row(
            "limits.connections_per_address", "connections of one address",
            .integer(\.limits.connectionsPerAddress, 1...1_000_000)),
        row(
            "limits.sessions_per_member", "signed-in clients of one member",
            .integer(\.limits.sessionsPerMember, 1...1000)),
        row(
            "limits.requests_per_minute", "HTTP requests of one address",
            .integer(\.limits.requestsPerMinute, 10...10_000_000)),
        row("files.bytes", "bytes of one file", .integer(\.files.bytes, 1000...2_000_000_000)),
        row(
            "files.quota_bytes", "bytes of all files of one member",
            .integer(\.files.quotaBytes, 0...1_000_000_000_000_000)),
        row(
            "files.pixels", "pixels of one picture", .integer(\.files.pixels, 1000...1_000_000_000)),
        row(
            "files.unattached_hours", "how long a file waits for its message before it is removed",
            .integer(\.files.unattachedHours, 1...8760)),
        row("accounts.registration", "who may register", .choice(\.accounts.registration)),
        row(
            "accounts.scrypt_log_cost", "binary logarithm of the password hash's cost",
            .integer(\.accounts.scryptLogCost, 10...20)),
        row(
            "accounts.scrypt_parallelism", "parallelism of the password hash",
            .integer(\.accounts.scryptParallelism, 1...16)),
        row(
            "accounts.hash_queue", "sign-ins that may wait for the password hash",
            .integer(\.accounts.hashQueue, 1...10_000)),
        row(
            "moderation.rules", "folder of rule packs, or none; those that came with the program by default",
            .optionalText(\.moderation.rules)),
        row("moderation.flag", "score from which a post is flagged", .number(\.moderation.flag, 0...1000)),
        row("moderation.hold", "score from which a post is held", .number(\.moderation.hold, 0...1000)),
        row("moderation.block", "score from which a post is blocked", .number(\.moderation.block, 0...1000)),
        row(
            "moderation.first_posts", "a member's first so many posts are held",
            .integer(\.moderation.firstPosts, 0...100)),
        row(
            "moderation.held_hours", "how long a held post waits before it falls",
            .number(\.moderation.heldHours, 0.001...8760)),
        row(
            "moderation.checks_per_hour", "passed posts that moderators may be asked about",
            .integer(\.moderation.checksPerHour, 0...3600)),
        row(
            "moderation.sample_share", "share of passed posts drawn for that at random",
            .number(\.moderation.sampleShare, 0...1)),
        row("activity.enabled", "whether anything is recommended", .choice(\.activity.enabled)),
        row(
            "activity.keep_seconds", "seconds between two keepings of their state",
            .integer(\.activity.keepSeconds, 1...86_400)),
        row(
            "activity.experiments", "file with the running experiments (JSON)",
            SettingForm { settings, value throws(SettingError) in try settings.activity.readExperiments(from: value) }),
        row(
            "webhooks.allowed_networks", "networks besides the public Internet that webhooks may call (CIDR, commas)",
            SettingForm { settings, value throws(SettingError) in
                try settings.webhooks.readAllowedNetworks(value)
            }),
        row("webhooks.attempts", "how often a delivery is tried", .integer(\.webhooks.attempts, 1...20)),
        row(
            "webhooks.retry_seconds", "seconds before the second attempt, then four times as long each",
            .integer(\.webhooks.retrySeconds, 1...3600)),
        row(
            "webhooks.disable_after", "deliveries given up in a row that switch a hook off",
            .integer(\.webhooks.disableAfter, 1...1000)),
        row(
            "webhooks.posts_per_minute", "posts of one incoming hook",
            .integer(\.webhooks.postsPerMinute, 1...6000)),
        row("log.format", "how a line of the log is written", .choice(\.log.format)),
        row("log.level", "the least that is logged", .choice(\.log.level)),
    ]

    private static func row(_ key: String, _ summary: String, _ form: SettingForm) -> SettingRow {
        SettingRow(key: key, summary: summary, form: form)
    }
}
