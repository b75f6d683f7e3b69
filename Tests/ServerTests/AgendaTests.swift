import Community
import LyceumProtocol
import Testing

@testable import Server

struct AgendaTests {
    private static let poll = Agenda.Tally.poll(RoomID(1), 1)
    private static let closing = Agenda.Deadline.pollCloses(RoomID(1), 1)
    private let start = ContinuousClock.now

    private func tallies(_ agenda: inout Agenda, after time: Duration) -> Int {
        agenda.take(at: start + time, 0).tallies.count
    }

    @Test func `the first change is told at once, and those that follow once in an interval`() {
        var agenda = Agenda()
        agenda.note([.changed(Self.poll)], at: start)
        #expect(tallies(&agenda, after: .zero) == 1)
        agenda.note([.told(Self.poll)], at: start)
        for milliseconds in stride(from: 10, through: 240, by: 10) {
            agenda.note([.changed(Self.poll)], at: start + .milliseconds(milliseconds))
            #expect(tallies(&agenda, after: .milliseconds(milliseconds)) == 0)
        }
        #expect(agenda.rest(at: start + .milliseconds(200), 0) == .milliseconds(50))
        #expect(tallies(&agenda, after: Agenda.interval) == 1)
    }

    @Test func `a tally whose telling failed is tried again after a second`() {
        var agenda = Agenda()
        agenda.note([.changed(Self.poll)], at: start)
        #expect(tallies(&agenda, after: .zero) == 1)
        #expect(tallies(&agenda, after: .milliseconds(999)) == 0)
        #expect(tallies(&agenda, after: .seconds(1)) == 1)
    }

    @Test func `a vote that is told with its own batch needs no second telling`() {
        var agenda = Agenda()
        agenda.note([.changed(Self.poll), .told(Self.poll)], at: start)
        #expect(agenda.rest(at: start, 0) == nil)
        agenda.note([.told(Self.poll), .changed(Self.poll)], at: start)
        #expect(agenda.rest(at: start, 0) == Agenda.interval)
    }

    @Test func `a deadline comes at its time, again while it is not done, and never after`() {
        var agenda = Agenda()
        agenda.note([.set(Self.closing, at: 5000)], at: start)
        #expect(agenda.take(at: start, 4999).deadlines.isEmpty)
        #expect(agenda.rest(at: start, 4000) == .seconds(1))
        #expect(agenda.take(at: start, 5000).deadlines == [Self.closing])
        #expect(agenda.take(at: start, 5999).deadlines.isEmpty)
        #expect(agenda.take(at: start, 6000).deadlines == [Self.closing])
        agenda.note([.done(Self.closing)], at: start)
        #expect(agenda.take(at: start, 100_000).deadlines.isEmpty)
    }
}

struct WordCloudTests {
    @Test(arguments: [
        ("Swift and swift", ["swift", "and"]), ("人工智能", ["人工智能"]), ("好", ["好"]),
        ("程式，设计", ["程式", "设计"]), ("学习Swift语言", ["学习", "swift", "语言"]),
        ("人工智能专业", ["人工", "工智", "智能", "能专", "专业"]), ("!!! …", []), ("████", []),
    ])
    func `words are cut as people write them into a cloud`(text: String, words: [String]) {
        #expect(WordCloud.words(in: text) == Set(words))
    }
}
