import Activity
import LyceumProtocol
import Testing

@testable import Server

/// Feedback as the log keeps it.
struct FeedbackTests {
    private static let now: UnixMilliseconds = 1_760_000_000_000
    private static var gate: RecommendationGate {
        RecommendationGate(canRead: { _ in true }, isJoined: { _ in false }, mayShow: { _ in true })
    }

    private static var tracker: Tracker {
        var tracker = Tracker()
        for seq in Int64(1)...12 {
            let post = ActivityEvent.Post(form: .question, thread: seq, title: "question \(seq)", text: "how \(seq)?")
            let event = ActivityEvent(
                seq: seq, at: now + seq * 60_000, member: MemberID(1 + seq % 4), room: RoomID(1), kind: .post(post))
            tracker.ingest(event, now: event.at, history: NoHistory())
        }
        return tracker
    }

    @Test(arguments: [FeedbackAction.opened, .replied, .dismissed, .muted])
    func `what comes back from its note teaches what it taught`(action: FeedbackAction) throws {
        var recommender = Recommender()
        var random = SystemRandomNumberGenerator()
        let request = RecommendationRequest(viewer: MemberID(9), surface: .threads, now: Self.now + 3_600_000)
        let items = recommender.recommend(
            request, from: Self.tracker, gate: Self.gate,
            names: DisplayNames(room: { "\($0)" }, member: { "\($0)" }), random: &random)
        let item = try #require(items.dropFirst(2).first)
        let feedback = try #require(
            recommender.feedback(action, impression: item.impression, by: MemberID(9), term: "lastAge"))
        let read = try #require(Feedback(json: feedback.json))
        var (first, second) = (Recommender(), Recommender())
        first.take(feedback, by: MemberID(9), at: Self.now)
        second.take(read, by: MemberID(9), at: Self.now)
        #expect(first.rankers != Rankers())
        #expect(second.rankers == first.rankers)
        #expect(second.dismissed(by: MemberID(9)) == (action == .dismissed ? [item.subject] : []))
    }

    @Test(arguments: ["", "{}", "[1]", #"{"action":"opened"}"#])
    func `a note that is none teaches nothing`(text: String) {
        #expect(Feedback(json: text) == nil)
    }
}
