import Community
import LyceumProtocol
import Testing

/// What every store promises of questions and their votes.
@Suite struct `Questions and votes` {
    private static let room = RoomID(1)
    private static let members = (1...6).map { MemberID($0) }
    private static let questions: [SequenceNumber] = Array(2...7)

    /// Votes and merges in the plainest form, to count by.
    private struct Model {
        var votes: [SequenceNumber: [MemberID: (value: Int64, at: UnixMilliseconds)]] = [:]
        var into: [SequenceNumber: SequenceNumber] = [:]
        var void: Set<MemberID> = []

        func united(_ question: SequenceNumber) -> [SequenceNumber] {
            [question] + into.filter { $0.value == question }.keys.flatMap(united)
        }

        func vote(of member: MemberID, on question: SequenceNumber) -> Int64 {
            if void.contains(member) { return 0 }
            if let own = votes[question]?[member] { return own.value }
            return united(question).compactMap { votes[$0]?[member] }.max { $0.at < $1.at }?.value ?? 0
        }

        /// - Parameter author: Whose votes on their own question do not count.
        func counts(_ question: SequenceNumber, besides author: MemberID) -> VoteCounts {
            var counts = VoteCounts()
            for member in members where member != author { counts.count(vote(of: member, on: question)) }
            return counts
        }
    }

    @Test(arguments: UInt64(0)..<20)
    func `votes are counted once a member over all that was merged`(seed: UInt64) throws {
        let test = try StoreUnderTest()
        var random = SplitMix64(seed: seed)
        var model = Model()
        let authors = try ask(in: test)
        for step in 1...120 {
            let (question, member) = (pick(Self.questions, &random), pick(Self.members, &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<7:
                let vote = QuestionVote(
                    question: question, member: member, value: .random(in: -1...1, using: &random),
                    at: UnixMilliseconds(step))
                guard !model.void.contains(member) else { continue }
                try test.write { try $0.put(vote, in: Self.room) }
                model.votes[question, default: [:]][member] = (vote.value, vote.at)
            case 7:
                let target = pick(Self.questions, &random)
                guard model.into[question] == nil, model.into[target] == nil, target != question else { continue }
                try merge(question, into: target, test)
                model.into[question] = target
            case 8:
                try merge(question, into: nil, test)
                model.into[question] = nil
            default:
                let isVoid = model.void.contains(member)
                _ = try test.write { try $0.setVotes(of: member, counting: isVoid) }
                if isVoid { model.void.remove(member) } else { model.void.insert(member) }
            }
        }
        try test.read { reader throws in
            for question in Self.questions {
                let stored = try #require(try reader.question(question, in: Self.room))
                let author = try #require(authors[question])
                #expect(try reader.recount(stored) == model.counts(question, besides: author))
                for member in Self.members {
                    let vote = try reader.vote(of: member, on: question, in: Self.room)
                    #expect(vote == model.vote(of: member, on: question))
                }
            }
        }
    }

    private func pick<Element>(_ all: [Element], _ random: inout SplitMix64) -> Element {
        all[Int.random(in: all.indices, using: &random)]
    }

    /// Every second question is anonymous, with its author under seal.
    private func ask(in test: StoreUnderTest) throws -> [SequenceNumber: MemberID] {
        try test.write { transaction throws in
            try transaction.put(QASession(room: Self.room, seq: 1, title: "t", host: MemberID(9), state: .open))
            var authors: [SequenceNumber: MemberID] = [:]
            for (number, seq) in Self.questions.enumerated() {
                let isAnonymous = number % 2 == 1
                let author = Self.members[number]
                try transaction.add(
                    Question(
                        room: Self.room, seq: seq, qa: 1, author: isAnonymous ? MemberID(0) : author,
                        isAnonymous: isAnonymous, text: "?", askedAt: 1, state: .open), by: author)
                authors[seq] = author
            }
            return authors
        }
    }

    private func merge(_ seq: SequenceNumber, into target: SequenceNumber?, _ test: StoreUnderTest) throws {
        try test.write { transaction throws in
            var question = try #require(try transaction.question(seq, in: Self.room))
            question.into = target
            question.state = target == nil ? .open : .merged
            try transaction.put(question)
        }
    }

    @Test func `an anonymous question has its author under seal and nowhere in its own row`() throws {
        let test = try StoreUnderTest()
        let authors = try ask(in: test)
        try test.read { reader throws in
            let sealed = try #require(try reader.question(3, in: Self.room))
            #expect(sealed.isAnonymous && sealed.author == MemberID(0))
            #expect(try reader.author(of: sealed) == authors[3])
            #expect(try reader.ownQuestions(of: 1, in: Self.room, by: MemberID(2)) == [3])
            #expect(try reader.countQuestions(of: 1, in: Self.room, by: MemberID(2)) == 1)
        }
    }
}
