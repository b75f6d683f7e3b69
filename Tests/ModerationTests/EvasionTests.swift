import Testing

@testable import Moderation

private let latin = [
    "viagra", "casino", "porn", "telegram", "whatsapp", "bitcoin", "free money", "nudes", "kill yourself", "asshole",
    "sexy", "profit", "winner",
]
private let han = ["加微信", "代开发票", "澳门赌场", "约炮", "百家乐", "领红包", "论文代写", "微信号", "刷单", "贷款"]

/// Which of the words a disguised text is taken for.
private func marks(_ words: [String], _ extra: String = "") throws -> (String) -> [String] {
    let box = try RuleBox(words: words, extra)
    return { box.marked($0) }
}

@Test(arguments: Disguise.forLatin)
func `every English word is found in this disguise, alone and in a sentence`(disguise: Disguise) throws {
    let found = try marks(latin)
    var random = SplitMix64(seed: 1)
    for word in latin {
        for _ in 0..<8 {
            let written = disguise.apply(to: word, &random)
            // Spaces between all letters leave a word's own space no wider than the others.
            for text in [written, "hello, \(written) now", "看看\(written)吧", "(\(written))"] {
                #expect(!found(text).isEmpty, "\(disguise): \(text)")
            }
        }
    }
}

@Test(arguments: Disguise.forHan)
func `every Chinese word is found in this disguise, alone and in a sentence`(disguise: Disguise) throws {
    let found = try marks(han)
    var random = SplitMix64(seed: 2)
    // Two characters with a full stop between may as well end and begin a sentence.
    for word in han where disguise != .sentence || word.count > 2 {
        for _ in 0..<8 {
            let written = disguise.apply(to: word, &random)
            for text in [written, "请\(written)吧", "hi \(written)!", "1. \(written)"] {
                #expect(!found(text).isEmpty, "\(disguise): \(text)")
            }
        }
    }
}

@Test(arguments: UInt64(0)..<200)
func `two disguises at once hide no word`(seed: UInt64) throws {
    let found = try marks(["telegram", "加微信"])
    var random = SplitMix64(seed: seed)
    let letters: [Disguise] = [.fullWidth, .homoglyphs, .accents, .leet, .capitals]
    let gaps: [Disguise] = [.zeroWidth, .bidi, .combining, .spaced, .dotted, .dashed, .starred, .emoji]
    let english = gaps.pick(&random).apply(to: letters.pick(&random).apply(to: "telegram", &random), &random)
    let chinese = Disguise.forHan.pick(&random).apply(to: Disguise.traditional.apply(to: "加微信", &random), &random)
    #expect(!found(english).isEmpty, "\(english)")
    #expect(!found(chinese).isEmpty, "\(chinese)")
}

/// Ordinary sentences in several languages and kinds: none shows any of the words.
@Test(arguments: [
    "The pass-through class has assets; see user_assistant.as_string()", "let x = casin(o) + sin(a) # porter.n",
    "Telegraphs, and what apps do",
    "I free the memory, money is no issue", "killing your self-esteem", "sex-linked? no: Essex, Sussex",
    "https://example.com/assets/hole?id=casinos",
    "我们在家里百般乐意，约好一起炮制红烧肉", "现代，开发票务系统。", "加入微服务，信任网络", "领导发红色包裹", "刷新，单击按钮", "贷方，款项", "澳门有赌，场面很大",
    "Сегодня хорошая погода, поехали на дачу", "Η Αθήνα είναι όμορφη πόλη", "今日はいい天気ですね。加賀へ行きました", "오늘 날씨가 좋네요",
    "שלום לכולם", "مرحبا بالجميع",
    "1.2.3-rc4 0x1F4A9 sha256:9f86d081884c7d659a2feaa0c55ad015", "a b testing, p o box 12, i e this",
    "W.H.O. and U.N. at 7 p.m.", "😀 great 🎉 party",
])
func `an ordinary sentence shows none of the words`(text: String) throws {
    #expect(try marks(latin + han)(text) == [])
}

/// An oracle that shares no code with the index: plain search for words of Han, which are always substrings.
@Test(arguments: UInt64(0)..<20)
func `a thousand Han words are found exactly where a plain search finds them`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // Characters without simplified or look-alike forms, so that the plain search needs no knowledge of them.
    let letters = Array("天地人大小上中下山水火木金土日月目耳手足")
    let words = Set(
        (0..<1_000).map { _ in String((0..<Int(2 + random.next() % 3)).map { _ in letters.pick(&random) }) })
    let yaml =
        "pack: t\nrules:\n"
        + words.sorted().enumerated().map { index, word in
            "  - {id: w\(index), kind: keyword, score: 1, reason: {en: a, zh: b}, words: [\(word)]}\n"
        }.joined()
    let box = try RuleBox(yaml)
    for _ in 0..<30 {
        let text = String((0..<25).map { _ in letters.pick(&random) })
        let expected = words.sorted().enumerated().filter { text.contains($1) }.map { "t.w\($0.offset)" }
        #expect(
            box.outcome(text).matches.map(\.rule)
                == expected.sorted { $0.count == $1.count ? $0 < $1 : $0.count < $1.count })
    }
}
