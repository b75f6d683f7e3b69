import Community
import LyceumProtocol

/// How a bot is signed in on one connection.
struct BotSession: Sendable {
    let bot: Bot
    /// What it is told on this connection.
    let intents: BotIntents

    /// Whether it gets the events of its rooms.
    var hearsRooms: Bool { intents.contains(.messages) && bot.scopes.contains(.read) }

    /// Writes the fields of the object `bot` in the answer to `session.open`.
    func write(to json: inout JSONWriter, _ limits: Limits) {
        json.field("owner", bot.owner.rawValue)
        json.field("scopes", array: bot.scopes.wireNames) { $0.value($1) }
        json.field("intents", array: intents.wireNames) { $0.value($1) }
        json.field("per_minute", limits.botCommandsPerMinute)
    }
}

/// What a bot may still ask before it is refused as `rate_limited`; every answer to a bot tells it.
struct BotAllowance: Sendable {
    static let fields: [Field] = [
        .required("per_minute", .number), .required("remaining", .position), .required("reset_ms", .position),
    ]

    let perMinute: Int
    let remaining: Int
    /// Until the whole allowance is there again.
    let resetMilliseconds: Int64

    func write(to json: inout JSONWriter) {
        json.field("per_minute", perMinute)
        json.field("remaining", remaining)
        json.field("reset_ms", resetMilliseconds)
    }
}

extension ServerState {
    /// How a member's session is a bot's; `nil` for people.
    func botSession(of member: MemberID, _ intents: BotIntents?) -> BotSession? {
        committed.withLock { $0.bots[member] }.map { BotSession(bot: $0, intents: intents ?? $0.intents) }
    }

    /// Takes what a command costs from its bot's allowance.
    ///
    /// - Parameter isKnown: Whether the sender is a bot, where the connection tells.
    func chargeBot(_ member: MemberID?, _ cost: Double, isKnown: Bool?) throws(Refusal) {
        guard let member, isKnown ?? committed.withLock({ $0.bots[member] != nil }) else { return }
        let now = now()
        let wait = botBuckets.withLock { buckets in
            var bucket = buckets[member] ?? freshBucket(at: now)
            let wait = bucket.take(cost, at: now) ? 0 : bucket.milliseconds(until: cost, at: now)
            buckets[member] = bucket
            return wait
        }
        guard wait > 0 else { return }
        throw Refusal(.rateLimited, "This bot asks too much; slow down.", retryAfterMilliseconds: wait)
    }

    func allowance(of client: Client) -> BotAllowance? {
        guard client.bot != nil, let member = client.session?.member else { return nil }
        let now = now()
        let bucket = botBuckets.withLock { $0[member] } ?? freshBucket(at: now)
        return BotAllowance(
            perMinute: settings.limits.botCommandsPerMinute, remaining: bucket.available(at: now),
            resetMilliseconds: bucket.milliseconds(until: bucket.capacity, at: now))
    }

    private func freshBucket(at now: UnixMilliseconds) -> TokenBucket {
        let rate = Double(settings.limits.botCommandsPerMinute)
        return TokenBucket(capacity: rate, perSecond: rate / 60, at: now)
    }
}
