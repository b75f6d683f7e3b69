import LyceumProtocol
import Testing

@testable import AnswerBot

/// What the bot knows, and how sure it is.
struct KnowledgeTests {
    private static let answers = [
        ("How do I reset my password?", "Open the settings and choose “Forgot password”."),
        ("When does the reading club meet?", "Every Friday evening at eight."),
        ("Which Swift version do we build with?", "Swift 6.3, as the README says."),
        ("Where are the backups kept?", "In the folder of the data, verified each night."),
        ("怎么重置密码？", "打开设置，点“忘记密码”。"), ("读书会什么时候开始？", "每周五晚上八点。"),
        ("数据库支持哪些索引？", "B 树和全文索引。"), ("如何申请成为版主？", "私信管理员，说明理由。"),
    ]

    private static func filled() -> Knowledge {
        var knowledge = Knowledge()
        for (seq, answer) in answers.enumerated() {
            let id = AnswerID(room: RoomID(1), seq: SequenceNumber(seq))
            knowledge.learn(Answer(id: id, question: answer.0, text: answer.1))
        }
        return knowledge
    }

    private static func surest(_ question: String, _ confidence: Confidence = Confidence()) -> (SequenceNumber, Double)?
    {
        filled().candidates(for: question) { _ in true }
            .map { ($0.answer.id.seq, confidence.probability($0.evidence, of: $0.answer.id)) }.max { $0.1 < $1.1 }
    }

    @Test(arguments: [
        ("I forgot it: can somebody reset passwords?", SequenceNumber(0)), ("what time is the reading club meeting", 1),
        ("What version of Swift should I build it with?", 2), ("where do you keep your backups", 3),
        ("请问密码怎么重设？", 4), ("读书会几点开始呢？", 5), ("你们的数据库有什么索引", 6), ("怎样才能申请版主", 7),
    ])
    func `a question asked in other words finds its answer, and is sure enough`(
        question: String, expected: SequenceNumber
    ) throws {
        let (seq, probability) = try #require(Self.surest(question))
        #expect(seq == expected)
        #expect(probability >= 0.5, "\(probability)")
    }

    @Test(arguments: [
        "How do I fly to Mars?", "Is there a party on Friday?", "What should we cook for dinner tonight?",
        "周末去爬山吗？", "怎么学好吉他？", "这个周五放假吗？", "Does anybody have a spare keyboard?",
    ])
    func `what nobody has answered leaves it unsure`(question: String) {
        #expect(Self.surest(question).map { $0.1 < 0.5 } ?? true, "\(Self.surest(question) ?? (0, 0))")
    }

    @Test func `what was forgotten or may not be seen is not found`() {
        var knowledge = Self.filled()
        #expect(knowledge.candidates(for: "reset password?") { $0.room == RoomID(2) }.isEmpty)
        knowledge.forget(AnswerID(room: RoomID(1), seq: 0))
        #expect(!knowledge.candidates(for: "reset password?") { _ in true }.contains { $0.answer.id.seq == 0 })
        knowledge.forget(RoomID(1))
        #expect(knowledge.count == 0)
        #expect(knowledge.candidates(for: "读书会") { _ in true }.isEmpty)
    }
}

/// Some hundred ways to ask what was asked before, and as many questions that only look like it, in both languages.
struct ParaphraseTests {
    private static let knowledge = {
        var knowledge = Knowledge()
        for (seq, pair) in AskedBefore.answered.enumerated() {
            let id = AnswerID(room: RoomID(1), seq: SequenceNumber(seq))
            knowledge.learn(Answer(id: id, question: pair.question, text: pair.other))
        }
        return knowledge
    }()

    /// The question whose answer the bot would give; `nil` where it would be silent.
    private static func answered(_ question: String) -> String? {
        let confidence = Confidence()
        return knowledge.candidates(for: question) { _ in true }
            .map { ($0.answer, confidence.probability($0.evidence, of: $0.answer.id)) }
            .filter { $0.1 >= AnswerBot.Options().confidence }.max { $0.1 < $1.1 }?.0.question
    }

    @Test func `nine of ten paraphrases are answered, and hardly one with another's answer`() {
        let given = AskedBefore.again.map { (pair: $0, question: Self.answered($0.question)) }
        let wrong = given.filter { $0.question != nil && $0.question != $0.pair.other }
        let silent = given.filter { $0.question == nil }.map(\.pair.question)
        #expect(wrong.count <= 1, "\(wrong)")
        #expect(
            silent.count <= AskedBefore.again.count / 10, "\(silent.count) of \(AskedBefore.again.count): \(silent)")
    }

    @Test func `of what nobody has answered it says nothing, however near it comes`() {
        let given = AskedBefore.unanswered.map { ($0, Self.answered($0)) }.filter { $0.1 != nil }
        #expect(given.count <= AskedBefore.unanswered.count / 20, "\(given.count): \(given)")
    }
}

/// Which messages ask.
struct AskingTests {
    @Test(arguments: [
        ("How do I join?", true), ("Hi all! How do I join? Thanks.", true), ("怎么加入？谢谢大家", true),
        ("Look at https://example.org/?page=2 please", false), ("I have joined.", false), ("已经加入了。", false),
        ("", false),
    ])
    func `a question may stand among other words, and an address is none`(text: String, asks: Bool) {
        #expect(Reading.asks(text) == asks)
    }
}

struct StemmerTests {
    /// Pairs from the vocabulary that comes with the algorithm, one or two for each of its steps.
    @Test(arguments: [
        ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"),
        ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("sky", "sky"),
        ("relational", "relat"), ("rational", "ration"), ("digitizer", "digit"), ("operator", "oper"),
        ("triplicate", "triplic"), ("hopefulness", "hope"), ("electrical", "electr"), ("replacement", "replac"),
        ("adoption", "adopt"), ("effective", "effect"), ("probate", "probat"), ("rate", "rate"), ("cease", "ceas"),
        ("controll", "control"), ("roll", "roll"), ("installation", "instal"), ("installed", "instal"), ("数据", "数据"),
    ])
    func `words are cut as the paper cuts them`(word: String, stem: String) {
        #expect(PorterStemmer.stem(word) == stem)
    }
}

struct ConfidenceTests {
    private static let id = AnswerID(room: RoomID(1), seq: 2)
    private static let other = AnswerID(room: RoomID(1), seq: 3)
    private static let evidence = Knowledge.Evidence(question: 0.75, text: 0.8, agreement: 0.5)

    @Test func `no after no silences an answer, sooner than others with the same evidence`() {
        var confidence = Confidence()
        #expect(confidence.probability(Self.evidence, of: Self.id) > 0.5)
        for _ in 0..<3 { confidence.learn(Self.evidence, of: Self.id, helped: false) }
        #expect(confidence.probability(Self.evidence, of: Self.id) < 0.5)
        #expect(
            confidence.probability(Self.evidence, of: Self.other) > confidence.probability(Self.evidence, of: Self.id))
    }

    @Test func `yes after yes makes it surer of such evidence`() {
        var confidence = Confidence()
        let weak = Knowledge.Evidence(question: 0.4, text: 0.4, agreement: 0.2)
        let before = confidence.probability(weak, of: Self.other)
        for _ in 0..<10 { confidence.learn(weak, of: Self.id, helped: true) }
        #expect(confidence.probability(weak, of: Self.other) > before)
    }

    private static func similar(_ share: Double) -> Knowledge.Evidence {
        Knowledge.Evidence(question: share, text: share, agreement: share * share)
    }

    /// What calibration means: of answers given with a probability of p, a share of about p helps.
    @Test func `probabilities come to agree with what people say`() {
        var confidence = Confidence()
        var state = UInt64(7)
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        // A community in which answers help half as often as the start believes.
        func helps(_ evidence: Knowledge.Evidence) -> Double { 0.6 * evidence.question }
        for vote in 0..<4000 {
            let evidence = Self.similar(random())
            let id = AnswerID(room: RoomID(1), seq: SequenceNumber(vote))
            confidence.learn(evidence, of: id, helped: random() < helps(evidence))
        }
        for question in [0.4, 0.6, 0.8] {
            let evidence = Self.similar(question)
            let believed = confidence.probability(evidence, of: AnswerID(room: RoomID(9), seq: 1))
            #expect(abs(believed - helps(evidence)) < 0.15, "\(question): \(believed)")
        }
    }
}

struct MemoryTests {
    @Test func `a member's word on an answer counts once`() {
        var memory = Memory()
        let votes: [(SequenceNumber, Int64)] = [(1, 1), (1, 1), (1, 2), (2, 1)]
        let counted = votes.map { memory.noteVote(on: $0, in: RoomID(1), by: MemberID($1)) }
        #expect(counted == [true, false, true, true])
    }
}
