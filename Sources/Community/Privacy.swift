import LyceumProtocol

/// What a member wants of recommendations.
public struct Privacy: Hashable, Sendable {
    /// Whether what the member does counts, and they get recommendations for it.
    public var isCounted: Bool
    /// Whether others may be recommended the member, or be told of them as a reason.
    public var isDiscoverable: Bool

    public init(isCounted: Bool = true, isDiscoverable: Bool = true) {
        self.isCounted = isCounted
        self.isDiscoverable = isDiscoverable
    }
}

extension Gate {
    /// Whether a member may be shown to another where they did not look for them: not across a block in either
    /// direction, not against their wish, and not while they are banned.
    public static func mayShow(
        _ member: MemberID, to viewer: MemberID, of community: Community, at now: UnixMilliseconds
    ) -> Bool {
        guard let record = community.members[member], !record.isBanned(at: now) else { return false }
        guard member != viewer else { return true }
        return community.privacy(of: member).isDiscoverable && !community.isBlocked(member, by: viewer)
            && !community.isBlocked(viewer, by: member)
    }
}
