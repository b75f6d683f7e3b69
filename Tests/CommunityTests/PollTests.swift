import LyceumProtocol
import Testing

@testable import Community

struct SchulzeTests {
    /// "ACBED" is A before C and so on.
    private static func ranking(_ ballots: [(Int64, String)], options: Int) -> SchulzeRanking {
        var ranking = SchulzeRanking(options: options)
        for (count, order) in ballots { ranking.count(choices(order), by: count) }
        return ranking
    }

    private static func choices(_ order: String) -> [Int] { order.utf8.map { Int($0) - 65 } }
    private static func names(_ ranking: SchulzeRanking) -> [String] {
        ranking.places.map { place in String(place.compactMap { "ABCDE".dropFirst($0).first }) }
    }

    /// Schulze 2011, example 3 of section 3 (45 voters), as it is told everywhere since.
    private static let paper: [(Int64, String)] = [
        (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC"),
    ]

    @Test func `the example of the paper has its order`() {
        let ranking = Self.ranking(Self.paper, options: 5)
        #expect(Self.names(ranking) == ["E", "A", "C", "B", "D"])
        #expect(ranking.preferring(0, to: 1) == 20)
        #expect(ranking.preferring(1, to: 0) == 25)
    }

    @Test func `who beats everybody one to one wins, though nobody's first choice`() {
        let ranking = Self.ranking([(5, "ACB"), (5, "BCA"), (1, "CAB")], options: 3)
        #expect(Self.names(ranking).first == "C")
    }

    @Test func `options that are left out come last and are not told apart`() {
        #expect(Self.names(Self.ranking([(3, "B")], options: 3)) == ["B", "AC"])
        #expect(Self.names(Self.ranking([(2, "AB"), (2, "BA")], options: 3)) == ["AB", "C"])
        #expect(Self.ranking([], options: 3).places.isEmpty)
    }

    @Test(arguments: UInt64(0)..<20)
    func `ballots that are taken back leave nothing behind`(seed: UInt64) {
        var random = Seeded(state: seed)
        let kept = (0..<30).map { _ in
            Array((0..<5).shuffled(using: &random).prefix(.random(in: 0...5, using: &random)))
        }
        let gone = (0..<30).map { _ in
            Array((0..<5).shuffled(using: &random).prefix(.random(in: 0...5, using: &random)))
        }
        var straight = SchulzeRanking(options: 5)
        for ballot in kept { straight.count(ballot, by: 1) }
        var winding = SchulzeRanking(options: 5)
        for ballot in (kept + gone).shuffled(using: &random) { winding.count(ballot, by: 1) }
        for ballot in gone.shuffled(using: &random) { winding.count(ballot, by: -1) }
        #expect(winding == straight)
    }
}

struct PollBallotTests {
    private static func poll(_ kind: Poll.Kind) -> Poll {
        Poll(
            room: RoomID(1), seq: 1, author: MemberID(1), openedAt: 0, kind: kind, question: "?",
            options: kind == .text ? [] : ["a", "b", "c"])
    }

    /// The choices of the ballot, `nil` if it is empty, or the refusal.
    private static func cast(_ kind: Poll.Kind, _ choices: [Int], _ text: String = "") -> Result<[Int]?, Refusal> {
        Result { () throws(Refusal) in
            try poll(kind).ballot(of: MemberID(1), choices: choices, text: text, at: 0)?.choices
        }
    }

    @Test(arguments: [
        (Poll.Kind.single, [0, 1], ""), (.quiz, [0, 1], ""), (.single, [3], ""), (.multiple, [1, 1], ""),
        (.ranked, [-1], ""), (.single, [0], "a"), (.text, [0], "a"), (.text, [0], ""), (.single, [], "a"),
    ])
    func `what a poll does not ask is refused`(kind: Poll.Kind, choices: [Int], text: String) {
        guard case .failure(let refusal) = Self.cast(kind, choices, text) else {
            Issue.record("was taken")
            return
        }
        #expect(refusal.code == .malformed)
    }

    @Test func `order counts where it is asked for`() {
        #expect(Self.cast(.ranked, [2, 0]) == .success([2, 0]))
        #expect(Self.cast(.multiple, [2, 0]) == .success([0, 2]))
        #expect(Self.cast(.single, []) == .success(nil))
        #expect(Self.cast(.text, [], "  ") == .success(nil))
    }

    @Test func `a poll is over at its time, told or not`() {
        let poll = Poll(
            room: RoomID(1), seq: 1, author: MemberID(1), openedAt: 0, kind: .single, question: "?", options: ["a"],
            hidesResults: true, closesAt: 100)
        #expect(poll.isOpen(at: 99))
        #expect(!poll.isOpen(at: 100))
        #expect(!poll.showsResults, "nothing is shown before the closing is on record")
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        // Knuth's MMIX constants.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}
