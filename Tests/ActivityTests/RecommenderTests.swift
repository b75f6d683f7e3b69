import LyceumProtocol
import Testing

@testable import Activity

@Suite struct RecommenderTests {
    static let now = RandomEvents.start + 13 * 86_400_000
    static var open: RecommendationGate {
        RecommendationGate(canRead: { _ in true }, isJoined: { _ in false }, mayShow: { _ in true })
    }
    static var names: DisplayNames { DisplayNames(room: { "#\($0)" }, member: { "@\($0)" }) }

    private func list(
        _ recommender: inout Recommender, _ community: Community, _ surface: Surface, viewer: Int64 = 1,
        question: String? = nil, limit: Int = 10, now: Int64 = now
    ) -> [Recommendation] {
        var random = SplitMix64(seed: 11)
        let request = RecommendationRequest(
            viewer: MemberID(viewer), surface: surface, question: question, limit: limit, now: now)
        return recommender.recommend(
            request, from: community.tracker, gate: Self.open, names: Self.names, random: &random)
    }

    private func someCommunity(_ seed: UInt64, steps: Int = 80) -> Community {
        var events = RandomEvents(seed: seed)
        events.members = 12
        events.rooms = [1, 2, 3, 11]
        return Community.after(events.steps(steps))
    }

    @Test func `the listed terms add up to the score, and every reason speaks both languages`() {
        var count = 0
        for seed in UInt64(0)..<30 {
            let community = someCommunity(seed)
            var recommender = Recommender()
            for surface in Surface.allCases {
                for item in list(&recommender, community, surface) {
                    let sum = item.reason.terms.reduce(0) { $0 + $1.contribution }
                    #expect(abs(sum - item.score) < 1e-6, "seed \(seed) \(surface)")
                    #expect(item.reason.en.hasSuffix(".") && item.reason.zh.hasSuffix("。"), "seed \(seed) \(surface)")
                    #expect(item.score.isFinite)
                    count += 1
                }
            }
        }
        #expect(count > 300)
    }

    @Test func `less of this lowers the term it names and only for the one who asked`() throws {
        let community = someCommunity(3)
        var recommender = Recommender()
        let before = list(&recommender, community, .threads)
        let item = try #require(before.first)
        recommender.feedback(.muted, impression: item.impression, by: MemberID(1), at: Self.now, term: "lastAge")
        let after = list(&recommender, community, .threads)
        let same = try #require(after.first { $0.subject == item.subject })
        let (old, new) = (item.reason.terms[0], same.reason.terms[0])
        #expect(old.name == "lastAge" && new.name == "lastAge")
        #expect(abs(new.weight) < abs(old.weight))
        var fresh = Recommender()
        fresh.rankers = recommender.rankers
        #expect(
            list(&recommender, community, .threads, viewer: 2).map(\.score)
                == list(&fresh, community, .threads, viewer: 2).map(\.score))
    }

    @Test func `a dismissed thread stays away and teaches the ranker`() throws {
        let community = someCommunity(4)
        var recommender = Recommender()
        // Of a private room nothing would be learnt.
        let items = list(&recommender, community, .threads)
        let item = try #require(items.first { $0.subject.room != RoomID(11) })
        let weights = recommender.rankers.threads.weights
        let known = recommender.feedback(.dismissed, impression: item.impression, by: MemberID(1), at: Self.now)
        #expect(known)
        #expect(recommender.rankers.threads.weights != weights)
        #expect(!list(&recommender, community, .threads).map(\.subject).contains(item.subject))
    }

    @Test func `feedback on somebody else's impression is ignored`() throws {
        let community = someCommunity(4)
        var recommender = Recommender()
        let item = try #require(list(&recommender, community, .threads).first)
        let rankers = recommender.rankers
        let known = recommender.feedback(.dismissed, impression: item.impression, by: MemberID(2), at: Self.now)
        #expect(!known)
        #expect(recommender.rankers == rankers)
    }

    @Test func `who answers about a topic is recommended to who asks about it, and says why in both languages`() throws
    {
        var community = Community()
        var seq: Int64 = 0
        func post(_ by: Int64, _ thread: Int64?, _ text: String, title: String? = nil) -> Int64 {
            seq += 1
            let form: ActivityEvent.Post.Form = thread == nil ? .question : .answer
            community.perform(
                .event(
                    ActivityEvent(
                        seq: seq, at: RandomEvents.start + seq * 60_000, member: MemberID(by), room: RoomID(1),
                        kind: .post(.init(form: form, thread: thread ?? seq, title: title, text: text)))))
            return seq
        }
        let solved = post(1, nil, "how do I tune the database index", title: "database index")
        _ = post(2, solved, "run analyze, then the database index is used")
        let other = post(3, nil, "which colour for the banner", title: "banner colour")
        _ = post(4, other, "blue banner")
        _ = post(5, nil, "my database index is slow", title: "slow database index")
        var recommender = Recommender()
        let items = list(&recommender, community, .experts, viewer: 5, now: RandomEvents.start + 400_000)
        let first = try #require(items.first)
        #expect(first.subject == .member(MemberID(2)))
        #expect(first.reason.code == "answers_your_topics" || first.reason.code == "answers_in_room")
        #expect(!items.map(\.subject).contains(.member(MemberID(5))))
        let asked = list(
            &recommender, community, .experts, viewer: 1, question: "banner", now: RandomEvents.start + 400_000)
        #expect(asked.first?.subject == .member(MemberID(4)))
    }

    @Test func `an expert who is asked often is not asked always`() throws {
        let community = someCommunity(8, steps: 200)
        var recommender = Recommender()
        let first = try #require(list(&recommender, community, .experts, question: "swift kernel memory").first)
        for _ in 0..<40 {
            let items = list(&recommender, community, .experts, question: "swift kernel memory")
            guard let item = items.first(where: { $0.subject == first.subject }) else { break }
            recommender.asks[MemberID(99)] = DecayedSum()
            let rankers = recommender.rankers
            recommender.feedback(.opened, impression: item.impression, by: MemberID(1), at: Self.now)
            recommender.rankers = rankers
        }
        let later = list(&recommender, community, .experts, question: "swift kernel memory")
        #expect(later.first?.subject != first.subject)
    }

    @Test func `a member of whom nothing is known gets rooms, threads and people`() {
        let community = someCommunity(5, steps: 200)
        var recommender = Recommender()
        for surface in [Surface.rooms, .threads, .peers] {
            #expect(!list(&recommender, community, surface, viewer: 777).isEmpty, "\(surface)")
        }
    }

    @Test func `no room fills a list while there are others`() {
        for seed in UInt64(0)..<20 {
            let community = someCommunity(seed, steps: 200)
            var recommender = Recommender()
            let rooms = list(&recommender, community, .threads, viewer: 777, limit: 8).compactMap(\.subject.room)
            let counts = Dictionary(rooms.map { ($0, 1) }, uniquingKeysWith: +)
            let available = Set(
                community.tracker.everyone.threads.indices.map { community.tracker.everyone.threads[$0].room }
            ).count
            if available >= 3, rooms.count == 8 { #expect((counts.values.max() ?? 0) <= 5, "seed \(seed)") }
        }
    }

    @Test func `what members enter is ranked higher afterwards`() {
        // Everybody always enters the oldest thread, against the shipped weights.
        var community = Community()
        var recommender = Recommender()
        var seq: Int64 = 0
        var roots: [Int64] = []
        for round in 0..<120 {
            let at = RandomEvents.start + Int64(round) * 600_000
            let oldest = roots.suffix(15).first
            for (by, thread) in [(Int64(round % 7) + 1, nil), (Int64(round % 50) + 20, oldest)] as [(Int64, Int64?)] {
                seq += 1
                if thread == nil { roots.append(seq) }
                let event = ActivityEvent(
                    seq: seq, at: at, member: MemberID(by), room: RoomID(1),
                    kind: .post(.init(thread: thread ?? seq, text: "words here")))
                recommender.observe(event, tracker: community.tracker)
                community.perform(.event(event))
            }
        }
        #expect(
            recommender.rankers.threads.weights[ThreadFeature.lastAge.rawValue]
                > ThreadFeature.start[ThreadFeature.lastAge.rawValue])
    }
}

@Suite struct LearningPaceTests {
    private func admitted(_ times: [Int64], audience: Audience = .everyone, now: Int64? = nil) -> Int {
        var pace = LearningPace(perSecond: 8)
        return times.enumerated().count { seq, at in
            let event = ActivityEvent(
                seq: Int64(seq + 1), at: at, member: MemberID(1), room: RoomID(1), audience: audience,
                kind: .post(.init(thread: 1, text: "words")))
            return pace.admits(event, at: now ?? at)
        }
    }

    @Test func `few posts are all learnt from, and of many eight a second`() {
        let start = RandomEvents.start
        #expect(admitted((0..<100).map { start + $0 * 125 }) == 100)
        #expect(admitted((0..<20_000).map { start + $0 / 2 }) == 16 + 79)
    }

    @Test func `what is caught up on is sampled, and private posts are none of it`() {
        let times = (0..<1_600).map { RandomEvents.start + $0 * 1_000 }
        #expect((60...140).contains(admitted(times, now: RandomEvents.start + 86_400_000)))
        #expect(admitted(times, audience: .room) == 0)
    }
}
