import Community
import LyceumProtocol
import Moderation

/// What the stage must know of a text's author and place, from one look at the committed community.
struct AuthorFacts: Sendable {
    var context: RuleContext
    var thresholds: Thresholds
    /// Trust earned (negative) or strikes (positive), in points of the verdict's score.
    var standing = 0.0
    /// Why posts of this author are held whatever they say.
    var hold: HoldReason?
    /// Whether a moderator may be asked what the text is worth: not in direct rooms, and not of staff.
    var mayBeSampled = false

    enum HoldReason: String, Sendable {
        case raid = "lyceum.raid"
        case firstPost = "lyceum.first-post"
    }

    init(
        of actor: MemberID?, in roomID: RoomID?, saying submitted: SubmittedText, _ community: borrowing Community,
        _ settings: ModerationSettings, at now: UnixMilliseconds
    ) {
        let room = roomID.flatMap { community.rooms[$0] }
        context = RuleContext(
            member: actor ?? MemberID(0), room: roomID ?? RoomID(0), roomName: room?.name ?? "",
            surface: submitted.kind.surface, now: now)
        thresholds = Thresholds(settings, room?.rules.moderation)
        context.mentions = Mentions(in: submitted.text, community: community).members.count
        guard let actor, let member = community.members[actor] else { return }
        let standing = community.standing(of: actor)
        let role = roomID.flatMap { community.membership(of: actor, in: $0)?.role } ?? member.role
        context.trust = standing.trust(member, at: now)
        context.roles = role == member.role ? [role.rawValue] : [role.rawValue, member.role.rawValue]
        context.posts = Int(standing.posts)
        context.accountAge = .milliseconds(max(0, now - member.createdAt))
        self.standing = Self.points(
            trust: context.trust, strikes: standing.strikes.isEmpty ? 0 : standing.strikeWeight(at: now))
        mayBeSampled = room.map { $0.kind != .direct } ?? false && context.trust < 4
        hold = Self.hold(submitted.kind, context, room?.rules.moderation, community.raidUntil, thresholds)
    }

    private static func points(trust: Int, strikes: Double) -> Double {
        let earned = [0, -0.5, -1.5, -3, -6][min(4, max(0, trust))]
        return earned + min(3, strikes)
    }

    private static func hold(
        _ kind: SubmittedText.Kind, _ context: RuleContext, _ room: RoomModeration?, _ communityRaid: UnixMilliseconds?,
        _ thresholds: Thresholds
    ) -> HoldReason? {
        let held: [SubmittedText.Kind] = [.message, .edit, .question, .answer, .poll, .pollAnswer]
        guard held.contains(kind), context.trust < 4 else { return nil }
        let raid = max(communityRaid ?? 0, room?.raidUntil ?? 0)
        if raid > context.now, context.trust == 0 { return .raid }
        return context.posts < thresholds.firstPosts ? .firstPost : nil
    }
}

/// The scores from which on something happens, and how many first posts wait.
struct Thresholds: Sendable, Hashable {
    var flag: Double
    var hold: Double
    var block: Double
    var firstPosts: Int

    /// What a room does not say is as the settings say.
    init(_ settings: ModerationSettings, _ room: RoomModeration?) {
        flag = room?.flag ?? settings.flag
        hold = room?.hold ?? settings.hold
        block = room?.block ?? settings.block
        firstPosts = room?.firstPosts.map(Int.init) ?? settings.firstPosts
    }

    func action(for score: Double) -> VerdictAction {
        switch score {
        case block...: .block
        case hold...: .hold
        default: .allow
        }
    }
}

extension SubmittedText.Kind {
    /// An edit is judged as the post that it would have been.
    var surface: TextSurface {
        switch self {
        case .message, .edit: .message
        case .title: .title
        case .topic, .reason: .topic
        case .question: .question
        case .answer: .answer
        case .name: .name
        case .report: .report
        case .bot: .bot
        case .poll: .poll
        case .pollAnswer: .answer
        case .file: .file
        }
    }
}
