import Foundation
import LyceumProtocol
import Testing

@testable import Activity

@Suite struct CommunityViewTests {
    private static let week = HalfLife.week.milliseconds

    /// Members write in the weeks that `weeks` names for them.
    private func view(_ weeks: [Int64: [Int]], at week: Int64) -> CommunityView {
        var community = Community()
        var seq: Int64 = 0
        for (member, active) in weeks.sorted(by: { $0.key < $1.key }) {
            for number in active {
                seq += 1
                let at = Int64(number) * Self.week + 1_000
                let event = ActivityEvent(
                    seq: seq, at: at, member: MemberID(member), room: RoomID(1),
                    kind: .post(.init(thread: seq, text: "x")))
                community.tracker.ingest(event, now: at, history: community.history)
            }
        }
        return CommunityView(community.tracker.everyone, at: week * Self.week + 2_000)
    }

    @Test func `growth, return, lapse and churn are counts of members`() {
        let view = view([1: [2_900, 2_901, 2_902], 2: [2_900, 2_902], 3: [2_901], 4: [2_902]], at: 2_907)
        #expect(view.members == 4)
        #expect(view.weeks.map(\.week).prefix(3) == [2_900, 2_901, 2_902])
        #expect(view.weeks.prefix(3).map(\.joined) == [2, 1, 1])
        #expect(view.weeks.prefix(3).map(\.active) == [2, 2, 3])
        #expect(view.weeks.prefix(3).map(\.returning) == [0, 1, 1])
        #expect(view.weeks.prefix(3).map(\.lapsed) == [0, 1, 1])
        #expect(view.retention[2_900] == [2, 1, 2])
        #expect(view.retention[2_901] == [1])
        #expect(view.churned == 4)
    }

    @Test func `the engagement model finds the line that makes people come back`() throws {
        var equations = NormalEquations()
        var random = SplitMix64(seed: 4)
        let truth = [0.01, 0.004, 0, 0.002, 0, 0, 0, -0.003]
        var expected = NormalEquations()
        for _ in 0..<4_000 {
            let features = [16] + (0..<7).map { _ in Int64.random(in: 0...40, using: &random) }
            let chance = zip(truth, features).reduce(0) { $0 + $1.0 * Double($1.1) }
            let target: Int64 = Double.random(in: 0..<1, using: &random) < chance ? 1 : 0
            equations.add(features, target: target)
            expected.add(features, target: target)
        }
        #expect(equations == expected)
        let solution = try #require(equations.solve())
        for (found, wanted) in zip(solution, truth) { #expect(abs(found - wanted) < 0.003) }
    }

    @Test func `two circles are two communities, with the one everybody answers to as leader`() {
        var community = Community()
        var seq: Int64 = 0
        for round in 0..<60 {
            for circle in [0, 10] as [Int64] {
                seq += 1
                let (leader, other) = (MemberID(circle + 1), MemberID(circle + 2 + Int64(round % 5)))
                community.perform(
                    .event(
                        ActivityEvent(
                            seq: seq, at: RandomEvents.start + seq * 1_000, member: other, room: RoomID(1),
                            kind: .post(.init(thread: seq, text: "x", mentions: [leader])))))
            }
        }
        let found = Communities(community.tracker.everyone, at: RandomEvents.start + seq * 1_000)
        #expect(found.communities.count == 2)
        #expect(Set(found.communities.compactMap(\.leaders.first)) == [MemberID(1), MemberID(11)])
        #expect(found.modularity > 0.4)
    }

    @Test func `unanswered questions and newcomers with their welcome are listed`() {
        var community = Community()
        func post(_ seq: Int64, _ by: Int64, _ thread: Int64, mention: Int64? = nil) {
            community.perform(
                .event(
                    ActivityEvent(
                        seq: seq, at: RandomEvents.start + seq * 1_000, member: MemberID(by), room: RoomID(1),
                        kind: .post(
                            .init(
                                form: thread == seq ? .question : .answer, thread: thread,
                                title: thread == seq ? "q\(seq)" : nil,
                                text: "x", mentions: mention.map { [MemberID($0)] } ?? [])))))
        }
        post(1, 1, 1)
        post(2, 2, 1, mention: 1)
        post(3, 1, 3)
        let view = CommunityView(community.tracker.everyone, at: RandomEvents.start + 10_000)
        #expect(view.unanswered.map(\.thread) == [3])
        #expect(view.newcomers.first { $0.member == MemberID(1) }?.welcomedBy == [MemberID(2)])
        #expect(view.leaders.first?.member == MemberID(2))
    }
}
