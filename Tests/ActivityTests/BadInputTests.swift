import LyceumProtocol
import Testing

@testable import Activity

@Suite struct BadInputTests {
    private static let start = RandomEvents.start

    private func post(_ seq: Int64, at: Int64 = start, by: Int64 = 1, room: Int64 = 1, text: String = "hello")
        -> ActivityEvent
    {
        ActivityEvent(
            seq: seq, at: at, member: MemberID(by), room: RoomID(room), kind: .post(.init(thread: 1, text: text)))
    }

    @Test func `a repeated event counts once`() {
        var tracker = Tracker()
        #expect(tracker.ingest(post(1), now: Self.start, history: NoHistory()) == .counted)
        let once = tracker.encoded()
        #expect(tracker.ingest(post(1), now: Self.start, history: NoHistory()) == .repeated)
        #expect(tracker.encoded() == once)
    }

    @Test func `an event from the future never counts, nor does its deletion`() {
        var community = Community()
        community.perform(.event(post(1)))
        let later = Self.start + 3_600_000
        #expect(
            community.tracker.ingest(post(2, at: later), now: Self.start, history: community.history) == .fromTheFuture)
        community.history.append(post(2, at: later))
        let deletion = ActivityEvent(
            seq: 3, at: Self.start, member: MemberID(1), room: RoomID(1), kind: .deletion(of: 2))
        #expect(community.tracker.ingest(deletion, now: Self.start, history: community.history) == .unknownTarget)
        #expect(community.tracker.everyone.postCount == 1)
    }

    @Test(arguments: [(0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, 1, 1), (1, 1, -5)] as [(Int64, Int64, Int64)])
    func `identifiers that no store assigns are refused`(seq: Int64, member: Int64, room: Int64) {
        var tracker = Tracker()
        #expect(tracker.ingest(post(seq, by: member, room: room), now: Self.start, history: NoHistory()) == .malformed)
        #expect(tracker.everyone.postCount == 0)
    }

    @Test func `deleting or editing what is not on record changes nothing`() {
        var community = Community()
        community.perform(.event(post(1)))
        let before = Flattened(community.tracker.everyone, now: Self.start).values
        for (seq, kind) in [(2, .deletion(of: 99)), (3, .edit(of: 98, text: "x", mentions: []))]
            as [(Int64, ActivityEvent.Kind)]
        {
            community.perform(
                .event(ActivityEvent(seq: seq, at: Self.start, member: MemberID(1), room: RoomID(1), kind: kind)))
            #expect(community.outcomes.last == .unknownTarget)
        }
        #expect(Flattened(community.tracker.everyone, now: Self.start).values == before)
    }

    @Test func `a member who joins ten thousand rooms is compared by the strongest thirty-two`() {
        var tracker = Tracker()
        for room in 1...10_000 {
            let join = ActivityEvent(
                seq: 1, at: Self.start + Int64(room), member: MemberID(1), room: RoomID(Int64(room)), kind: .join)
            tracker.ingest(join, now: Self.start + 10_000, history: NoHistory())
        }
        let edges = tracker.everyone.members[0].edges
        #expect(edges.count == Engine.itemLimit)
        let rooms = Set(edges.map { tracker.everyone.room($0.item >> 1).rawValue })
        #expect(rooms == Set(9_969...10_000))
        let pairs = Array(tracker.everyone.pairs.pairs)
        #expect(pairs.count == 32 * 31 / 2)
    }

    @Test func `a clock that jumps forward and back leaves everything finite and the rest exact`() {
        var community = Community()
        for seq in 1...10 { community.perform(.event(post(Int64(seq), at: Self.start + Int64(seq), by: Int64(seq)))) }
        let jumped = Self.start + 400 * 86_400_000
        community.perform(.event(post(11, at: jumped, by: 11)))
        community.perform(.event(post(12, at: Self.start + 20, by: 12)))
        let deletion = ActivityEvent(
            seq: 13, at: Self.start + 30, member: MemberID(11), room: RoomID(1), kind: .deletion(of: 11))
        community.perform(.event(deletion))
        let values = Flattened(community.tracker.everyone, now: Self.start + 1_000).values
        let broken = values.filter { !$0.value.isFinite }
        #expect(broken.isEmpty)
        #expect(values["m12.activityWeek#"] == 1)
        #expect(community.tracker.everyone.postCount == 11)
    }

    @Test func `an empty community has nothing to show and does not fail`() {
        var recommender = Recommender()
        var random = SplitMix64(seed: 1)
        let gate = RecommendationGate(canRead: { _ in true }, isJoined: { _ in false }, mayShow: { _ in true })
        let names = DisplayNames(room: { "\($0)" }, member: { "\($0)" })
        for surface in Surface.allCases {
            let request = RecommendationRequest(
                viewer: MemberID(1), surface: surface, question: "why?", now: Self.start)
            #expect(recommender.recommend(request, from: Tracker(), gate: gate, names: names, random: &random).isEmpty)
        }
        #expect(CommunityView(Tracker().everyone, at: Self.start).members == 0)
        #expect(Communities(Tracker().everyone, at: Self.start).communities.isEmpty)
    }

    @Test(arguments: [
        "", "#", "###", "`", "\u{0}", "🙂🙂", "#标签#", "a_b_", String(repeating: "长", count: 100_000), "é\u{301}\u{200D}",
    ])
    func `any text can be read`(text: String) {
        var tracker = Tracker()
        #expect(tracker.ingest(post(1, text: text), now: Self.start, history: NoHistory()) == .counted)
        let profile = tracker.everyone.profiles[0]
        #expect(profile.terms.count <= Engine.termsPerPost)
    }
}
