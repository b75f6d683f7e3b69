import LyceumProtocol

/// How often bots have answered one another in a room without a person's word between.
///
/// A mention, a command or a component never reaches one bot from another. What is left is a bot that reads a whole
/// room and answers what another one says; after ``limit`` turns within ``window`` it has to wait for a person.
public struct BotTurns: Hashable, Sendable {
    public static let limit = 4
    public static let window: UnixMilliseconds = 60_000

    public private(set) var last: MemberID
    public private(set) var at: UnixMilliseconds
    private var turns = 0

    init(by bot: MemberID, at now: UnixMilliseconds) { (last, at) = (bot, now) }

    mutating func posted(by bot: MemberID, at now: UnixMilliseconds) {
        if now - at > Self.window { turns = 0 } else if bot != last { turns += 1 }
        (last, at) = (bot, now)
    }

    /// For how long another bot may not post after that; `nil` if it may.
    public func wait(for bot: MemberID, at now: UnixMilliseconds) -> UnixMilliseconds? {
        guard bot != last, turns >= Self.limit, now >= at, now - at < Self.window else { return nil }
        return at + Self.window - now
    }
}
