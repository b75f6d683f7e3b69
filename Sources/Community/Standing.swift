import Foundation
import LyceumProtocol

/// What a member has earned and lost: the posts that were shown, and the strikes that sanctions left.
public struct Standing: Hashable, Sendable {
    /// Beyond this, another post says nothing new, and is not counted.
    public static let mostPosts: Int64 = 100

    /// What one sanction weighs; fades by half every 30 days, and goes with a sanction that is overruled.
    public struct Strike: Hashable, Sendable {
        public let sanction: Int64
        public let weight: Double
        public let at: UnixMilliseconds

        public init(sanction: Int64, weight: Double, at: UnixMilliseconds) {
            self.sanction = sanction
            self.weight = weight
            self.at = at
        }
    }

    /// In `0...mostPosts`.
    public var posts: Int64
    public var strikes: [Strike]

    public init(posts: Int64 = 0, strikes: [Strike] = []) {
        self.posts = posts
        self.strikes = strikes
    }

    /// The weight of all strikes as it is now.
    public func strikeWeight(at now: UnixMilliseconds) -> Double {
        strikes.reduce(0) { sum, strike in
            sum + strike.weight * exp2(-Double(max(0, now - strike.at)) / (30 * Double(UnixMilliseconds.day)))
        }
    }

    /// 0 for newcomers to 4 for those who keep order. It rises with posts and time, and falls a level for each whole
    /// strike.
    public func trust(_ member: Member, at now: UnixMilliseconds) -> Int {
        if member.role.rank >= Role.moderator.rank { return 4 }
        let days = (now - member.createdAt) / .day
        let earned =
            switch (posts, days) {
            case (Self.mostPosts..., 30...): 3
            case (30..., 7...): 2
            case (5..., 1...): 1
            default: 0
            }
        let granted = member.role == .mentor ? max(2, earned) : earned
        return strikes.isEmpty ? granted : max(0, granted - Int(strikeWeight(at: now)))
    }
}

extension UnixMilliseconds {
    public static let day: UnixMilliseconds = 86_400_000
}

/// What sanctions keep a member from in one room.
public struct Restriction: Hashable, Sendable {
    /// Until when the member may read and not write; `.max` for good.
    public var mutedUntil: UnixMilliseconds?
    /// Until when the room does not exist for the member; `.max` for good.
    public var bannedUntil: UnixMilliseconds?

    public init(mutedUntil: UnixMilliseconds? = nil, bannedUntil: UnixMilliseconds? = nil) {
        self.mutedUntil = mutedUntil
        self.bannedUntil = bannedUntil
    }

    public var isEmpty: Bool { mutedUntil == nil && bannedUntil == nil }
    public func isMuted(at now: UnixMilliseconds) -> Bool { mutedUntil.map { $0 > now } ?? false }
    public func isBanned(at now: UnixMilliseconds) -> Bool { bannedUntil.map { $0 > now } ?? false }
}
