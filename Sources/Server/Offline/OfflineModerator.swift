import Community
import Logging
import LyceumProtocol
import Moderation

/// The moderation stage without a daemon: the same rules, classifier and thresholds, for texts that nobody posts.
public struct OfflineModerator {
    private let stage: ModerationStage
    private let settings: Settings
    private let community: Community

    /// - Parameter store: Whose decisions the classifier has learned from; an empty one gives the starter model.
    /// - Throws: ``RulesTrouble`` naming what is wrong with the packs; a ``StoreError``.
    public init(settings: Settings, store: any CommunityStore) throws {
        let rules = try RulesKeeper(
            settings: settings, log: Logger(label: "lyceum") { _ in LineLogHandler(settings.log) })
        stage = ModerationStage(
            settings: settings.moderation, rules: rules.initial,
            learner: try ClassifierKeeper(rules.starterModel(), store: store), now: ServerState.now())
        self.settings = settings
        community = try store.loadCommunity()
    }

    /// What the stage does with a message of a stranger to the community; rules about rates and repeats note it.
    public func judge(_ text: String, by author: MemberID, in room: RoomID, at now: UnixMilliseconds) -> VerdictAction {
        let submitted = SubmittedText(kind: .message, text: text)
        var facts = AuthorFacts(of: nil, in: nil, saying: submitted, community, settings.moderation, at: now)
        (facts.context.member, facts.context.room) = (author, room)
        return stage.judge(submitted, facts).verdict.action
    }

    /// The verdict on a message by a stranger, as JSON; it leaves no trace.
    public func verdict(on text: String) -> [UInt8] {
        let submitted = SubmittedText(kind: .message, text: text)
        let facts = AuthorFacts(
            of: nil, in: nil, saying: submitted, community, settings.moderation, at: ServerState.now())
        return stage.tryOut(submitted, facts).encoded
    }
}
