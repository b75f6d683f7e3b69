import LyceumProtocol
import Testing

@testable import Moderation

@Test func `an expression matches without regard to case and marks the longest stretch`() throws {
    let box = try RuleBox(RuleBox.pack("kind: regex, patterns: ['order-[0-9]+', '第[0-9]+单']"))
    #expect(box.marked("see ORDER-123 and 第４５单") == ["ORDER-123", "第４５单"])
    #expect(!box.matches("order-x"))
}

@Test func `an expression over the plain view sees through disguises`() throws {
    let pattern = "patterns: ['电话1[3-9][0-9]{9}']"
    let plain = try RuleBox(RuleBox.pack("kind: regex, view: plain, \(pattern)"))
    let folded = try RuleBox(RuleBox.pack("kind: regex, \(pattern)"))
    #expect(plain.matches("电 话 ①③⑧⓪⓪①③⑧⓪⓪⓪"))
    #expect(!folded.matches("电 话 ①③⑧⓪⓪①③⑧⓪⓪⓪"))
}

@Test func `a link rule names domains and those above them, and the allow list wins`() throws {
    let box = try RuleBox(
        "allow: {domains: [good.bad.com]}\n" + RuleBox.pack("kind: link, domains: [bad.com], except: [fine.bad.com]"))
    #expect(box.matches("https://x.bad.com/a"))
    #expect(box.marked("go to bad.com/x now") == ["bad.com/x"])
    for text in [
        "https://good.bad.com", "a.good.bad.com", "fine.bad.com", "notbad.com", "bad.com.example.org", "bad com",
    ] {
        #expect(!box.matches(text))
    }
}

@Test func `a flood is more messages than allowed within the window, counted for each author`() throws {
    let box = try RuleBox(RuleBox.pack("kind: flood, more_than: 3, within: 10s"))
    #expect((0...3).map { box.matches("m\($0)", .by(1, at: Int64($0))) } == [false, false, false, true])
    #expect(!box.matches("other", .by(2, at: 3)))
    #expect(!box.matches("later", .by(1, at: 13)))
    #expect(!box.matches("later", .by(1, at: 30)))
}

@Test func `a flood in a room counts all authors there and nobody elsewhere`() throws {
    let box = try RuleBox(RuleBox.pack("kind: flood, more_than: 2, within: 10s, by: room"))
    #expect((1...3).map { box.matches("m", .by(Int64($0), room: 7)) } == [false, false, true])
    #expect(!box.matches("m", .by(4, room: 8)))
}

@Test func `an exempt member's messages do not count towards a room's flood`() throws {
    let box = try RuleBox(RuleBox.pack("kind: flood, more_than: 1, within: 10s, by: room, exempt: {roles: [host]}"))
    var host = RuleContext.by(1)
    host.roles = ["host"]
    for _ in 0..<5 { #expect(!box.matches("m", host)) }
    #expect(!box.matches("m", .by(2)))
    #expect(box.matches("m", .by(2)))
}

@Test func `a repeat is the same text by the same author, however it is disguised`() throws {
    let box = try RuleBox(RuleBox.pack("kind: repeat, times: 3, within: 60s"))
    #expect(!box.matches("领取免费福利请联系", .by(1, at: 0)))
    #expect(!box.matches("领 取 免费福利请联系", .by(1, at: 1)))
    #expect(!box.matches("领取免费福利请联系", .by(2, at: 2)))
    #expect(box.matches("領取免費福利請聯繫", .by(1, at: 3)))
    #expect(!box.matches("领取免费福利请联系", .by(1, at: 300)))
    #expect(!box.matches("ok", .by(3)) && !box.matches("ok", .by(3)) && !box.matches("ok", .by(3)))
}

@Test func `a near-repeat is found across rooms and members`() throws {
    let box = try RuleBox(
        RuleBox.pack("kind: repeat, times: 3, within: 60s, by: community, members: 3, similarity: 0.7"))
    #expect(!box.matches("Limited offer! Join our trading group today and earn 500 a day", .by(1, room: 1)))
    #expect(!box.matches("how do I configure the proxy for websockets in nginx?", .by(9, room: 1)))
    #expect(!box.matches("Limited offer!! join our trading group today, earn 500 a day", .by(2, room: 2)))
    #expect(!box.matches("Limited offer! Join our trading group today and earn 900 a day", .by(2, room: 3)))
    #expect(box.matches("limited offer - join our trading group now and earn 500 a day", .by(3, room: 4)))
}

@Test(arguments: UInt64(0)..<8)
func `texts that share three quarters of their character pairs are found among a thousand others`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let letters = Array("abcdfghjkmnpqruvwxyz的一是了我不人在他有这个上们来到时大地为")
    func text(_ length: Int) -> [Character] {
        (0..<length).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
    }
    let condition = RepeatCondition(
        times: 2, window: .seconds(60), by: .community, similarity: 0.75, minimumCharacters: 1, members: 1)
    var (recent, sample) = (RecentTexts(), TextSample())
    func post(_ text: [Character], by member: Int64) -> Bool {
        sample.read(RuleBox.normaliser.normalised(String(text)).units)
        recent.look(for: sample, similarity: 0.75)
        defer { recent.add(sample, .by(member)) }
        return recent.repeats(condition, .by(member))
    }
    let base = text(60)
    #expect(!post(base, by: 1))
    for _ in 0..<1_000 { #expect(!post(text(60), by: 1)) }
    var near = base
    for _ in 0..<3 { near[Int(random.next() % 60)] = "z" }
    #expect(post(near, by: 2))
    #expect(!post(text(60), by: 2))
}

/// By the definition, counted pair by pair.
@Test(arguments: [20, 60, 100, 1_000, 20_000])
func `the similarity of two texts is that of their pairs of characters`(length: Int) {
    var random = SplitMix64(seed: UInt64(length))
    let letters = Array("abcdfghjkmnpqruvwxyz的一是了我不人在他有这个上们来到时大地为国学生年中子那作里用道行")
    func text() -> [Character] { (0..<length).map { _ in letters[Int(random.next() % UInt64(letters.count))] } }
    func pairs(_ text: [Character]) -> Set<String> { Set(zip(text, text.dropFirst()).map { "\($0)\($1)" }) }
    func sample(_ text: [Character]) -> TextSample {
        var sample = TextSample()
        sample.read(RuleBox.normaliser.normalised(String(text)).units)
        return sample
    }
    let base = text()
    for changes in [0, 1, length / 20, length / 5] {
        var other = base
        for _ in 0..<changes { other[Int(random.next() % UInt64(length))] = "z" }
        let (left, right) = (pairs(base), pairs(other))
        let exact = Double(left.intersection(right).count) / Double(left.union(right).count)
        let theirs = sample(other)
        let found = theirs.hashes.withUnsafeBufferPointer { sample(base).similarity(to: $0, reach: theirs.reach) }
        #expect(abs(found - exact) <= (left.count <= TextSample.most ? 1e-12 : 0.12))
    }
}

@Test func `of thousands of equal texts every further one is found, and the oldest are forgotten`() {
    var (recent, sample) = (RecentTexts(), TextSample())
    let condition = RepeatCondition(
        times: 3, window: .seconds(1_000_000), by: .member, similarity: 0.9, minimumCharacters: 1, members: 1)
    func post(_ text: String, by member: Int64) -> Bool {
        sample.read(RuleBox.normaliser.normalised(text).units)
        recent.look(for: sample, similarity: 0.9)
        defer { recent.add(sample, .by(member)) }
        return recent.repeats(condition, .by(member))
    }
    #expect(!post("the first of all the texts", by: 1))
    #expect(!post("the first of all the texts", by: 1))
    #expect(post("the first of all the texts", by: 1))
    for _ in 0..<RecentTexts.capacity + 100 { _ = post("join our group for daily profits", by: 2) }
    #expect(post("join our group for daily profits", by: 2))
    #expect(!post("the first of all the texts", by: 1))
}

@Test func `a text that nobody posts leaves no trace and is no repeat`() throws {
    let box = try RuleBox(RuleBox.pack("kind: repeat, times: 2, within: 60s", "kind: flood, more_than: 1, within: 60s"))
    var trial = RuleState(remembering: false)
    let text = RuleBox.normaliser.normalised("the very same words")
    for _ in 0..<3 { #expect(box.set.evaluate(text, .anybody, &trial).matches.isEmpty) }
    #expect(!box.matches("the very same words"))
    #expect(box.matches("the very same words"))
}

@Test func `what rules remember stays bounded`() {
    var map = AgingMap<Int, Int>(capacity: 100)
    for key in 0..<10_000 {
        map.set(key, key)
        #expect(map[key] == key)
    }
    #expect((0..<10_000).count { map[$0] != nil } <= 100)
    #expect(map[9_999 - 49] != nil)
}

@Test(arguments: [
    ("kind: mentions, more_than: 2", "hi", "hi"),
    ("kind: capitals, share: 0.7, letters: 8", "READ THIS NOW", "Read This Now"),
    ("kind: emoji, more_than: 2", "😀😀😀", "😀😀 ok"),
    ("kind: marks, more_than: 2", "a\u{0300}\u{0301}\u{0302}", "a\u{0300}\u{0301}"),
    ("kind: scripts, present: [arabic]", "مرحبا", "hello"),
    ("kind: scripts, allowed: [latin, han]", "привет", "hello 你好 123 😀"),
    ("kind: scripts, mixed_in_word: true", "fr\u{0435}e", "free привет"),
    ("kind: length, characters: 5", "123456", "12345"),
    ("kind: length, lines: 2", "a\nb\nc", "a\nb"), ("kind: evasion, of: [invisible]", "fr\u{200B}ee", "free\u{FEFF}"),
    ("kind: evasion, of: [digit-form], more_than: 1", "壹叁", "壹"), ("kind: link, more_than: 1", "a.com b.com", "a.com"),
    ("kind: link, disguised: true", "a[.]com", "a.com"),
    ("kind: link, international: true", "https://ехample.com", "https://example.com"),
])
func `a rule about the form of a text matches it and not its neighbour`(rule: String, match: String, pass: String)
    throws
{
    let box = try RuleBox(RuleBox.pack(rule))
    var crowd = RuleContext.anybody
    if rule.contains("mentions") { crowd.mentions = 3 }
    #expect(box.matches(match, crowd))
    #expect(!box.matches(pass))
}

@Test(arguments: [
    ("scope: {rooms: [lobby]}", true), ("scope: {rooms: [other]}", false), ("exempt: {rooms: [lobby]}", false),
    ("scope: {roles: [member]}", true),
    ("scope: {roles: [host]}", false), ("exempt: {roles: [member]}", false), ("scope: {trust_below: 3}", true),
    ("scope: {trust_below: 2}", false),
    ("exempt: {trust_at_least: 2}", false), ("scope: {languages: [en]}", true), ("scope: {languages: [zh]}", false),
    ("scope: {surfaces: [title]}", true),
    ("scope: {surfaces: [message]}", false), ("scope: {account_age_below: 2h}", true),
    ("scope: {account_age_below: 30m}", false),
    ("scope: {posts_below: 6}", true), ("scope: {posts_below: 5}", false),
    ("scope: {account_age_below: 30m, posts_below: 6}", true),
])
func `a rule applies where its scope says`(scope: String, expected: Bool) throws {
    let box = try RuleBox(words: ["spam"], scope)
    let context = RuleContext(
        member: MemberID(1), room: RoomID(1), roomName: "lobby", roles: ["member"], trust: 2, surface: .title, now: 0,
        accountAge: .seconds(3_600), posts: 5)
    #expect(box.matches("spam", context) == expected)
}

@Test func `composites combine rules by and, or, not and scores`() throws {
    let rules = RuleBox.pack(
        "kind: composite, when: {all: [w1, {not: w2}, {any: [w3, w4]}]}, score: 5", "kind: keyword, words: [aaa1]",
        "kind: keyword, words: [bbb1]",
        "kind: keyword, words: [ccc1]", "kind: composite, when: {score_of: [w1, w5], at_least: 2}",
        "kind: keyword, words: [ddd1]"
    )
    .replacing("score: 1, reason", with: "reason").replacing("kind: keyword", with: "score: 1, kind: keyword")
    let box = try RuleBox(rules)
    for (text, expected) in [
        ("aaa1 ccc1", true), ("aaa1 ddd1", true), ("aaa1", false), ("aaa1 bbb1 ccc1", false), ("ccc1", false),
    ] {
        #expect(box.matches(text) == expected, "\(text)")
    }
    #expect(box.marked("aaa1 ccc1").contains("ccc1"))
}

@Test func `the strictest enforced action wins and observed rules count for nothing`() throws {
    let box = try RuleBox(
        RuleBox.pack(
            "kind: keyword, words: [one1], action: flag", "kind: keyword, words: [two2], action: hold",
            "kind: keyword, words: [three3], action: block, mode: observe"))
    let both = box.outcome("one1 two2 three3")
    #expect(both.action == .hold && both.isFlagged && both.score == 2)
    #expect(both.matches.map(\.isEnforced) == [true, true, false])
    #expect(box.outcome("three3").action == .allow)
    #expect(box.outcome("nothing").matches.isEmpty)
}

@Test func `a time-out blocks and tells how long`() throws {
    let box = try RuleBox(words: ["spam"], "action: timeout, timeout: 10m")
    let outcome = box.outcome("spam")
    #expect(outcome.action == .block && outcome.timeout == .seconds(600))
}

@Test func `equal packs have equal versions and a changed one has another`() throws {
    let yaml = RuleBox.pack("kind: keyword, words: [spam]")
    #expect(try RuleBox(yaml).set.version == RuleBox(yaml).set.version)
    #expect(try RuleBox(yaml).set.version != RuleBox(yaml.replacing("spam", with: "ham")).set.version)
}

@Test func `a reload keeps what rules remember`() throws {
    let rule = "kind: flood, more_than: 1, within: 10s"
    let (before, after) = (
        try RuleBox(RuleBox.pack(rule)), try RuleBox(RuleBox.pack(rule, "kind: keyword, words: [spam]"))
    )
    #expect(!before.matches("a"))
    after.state = before.state
    #expect(after.matches("b"))
    #expect(after.outcome("spam").matches.count == 2)
}

@Test func `one state serves rule sets that come and go`() throws {
    var state = RuleState()
    let text = RuleBox.normaliser.normalised("word7 and aaab7")
    for number in 0..<20 {
        let extra = "kind: regex, patterns: ['a+b\(number)', '(x|y)+z{1,\(number + 2)}']"
        let set = try RuleBox(RuleBox.pack("kind: keyword, words: [word\(number)]", extra)).set
        #expect(set.evaluate(text, .anybody, &state).matches.count == (number == 7 ? 2 : 0))
    }
}
