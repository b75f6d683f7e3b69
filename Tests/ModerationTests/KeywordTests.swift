import Testing

@testable import Moderation

/// Every disguise of issue no. 1, on one English and one Chinese word each.
@Test(arguments: [
    "free viagra now", "VIAGRA", "ｖｉａｇｒａ", "𝐯𝐢𝐚𝐠𝐫𝐚", "ⓥⓘⓐⓖⓡⓐ", "🆅🅸🅰🅶🆁🅰", "vi\u{200B}ag\u{200D}ra",
    "\u{202E}viagra\u{202C}",
    "v\u{0336}i\u{0336}a\u{0336}g\u{0336}r\u{0336}a\u{0336}", "vïágrà", "v\u{0456}\u{0430}gr\u{0430}", "νιαgrα",
    "v1agra", "v!agra", "vi@gra", "v1@gr@!",
    "v i a g r a", "v.i.a.g.r.a", "v-i-a-g-r-a", "v_i_a_g_r_a", "v*i*a*g*r*a", "via-gra", "vi*agra", "via.gra",
    "vi agra", "v  i  a  g  r  a",
    "viaaaagra", "vvviagra", "viagraaaa", "viagraa", "vIagra", "vlagra", "v😀i😀a😀g😀r😀a", "买viagra吗", "V1AGRA!!!",
    "v\u{00AD}iagra", "ᴠɪᴀɢʀᴀ",
])
func `a disguised English word is found`(text: String) throws {
    let box = try RuleBox(words: ["viagra"])
    #expect(box.matches(text))
}

@Test(arguments: [
    "加微信", "加 微 信", "加.微.信", "加*微~信", "加🌹微🌹信", "加。微。信", "加微亻言", "加薇信", "加\u{200B}微\u{2060}信", "请加-微-信哦",
    "加微\u{0336}信\u{0336}",
    "加/微/信", "加　微　信", "加⁠微⁠信", "加【微】信", "加微信13800138000", "加——微——信",
])
func `a disguised Chinese word is found`(text: String) throws {
    let box = try RuleBox(words: ["加微信"])
    #expect(box.matches(text))
}

@Test(arguments: [("领红包", "領紅包"), ("領紅包", "领红包"), ("博彩", "博　彩"), ("代开发票", "代 開 發 票")])
func `traditional, simplified and interrupted Han are one`(word: String, text: String) throws {
    let box = try RuleBox(words: [word])
    #expect(box.matches(text))
}

@Test(arguments: [
    ("13800138000", "①③⑧００①③⑧０００"), ("13800138000", "壹叁捌零零壹叁捌零零零"), ("13800138000", "1 3 8 0 0 1 3 8 0 0 0"),
    ("13800138000", "一三八〇〇一三八〇〇〇"),
    ("13800138000", "138-0013-8000"), ("13800138000", "I38OOl38OOO"), ("13800138000", "❶❸❽⓪⓪❶❸❽⓪⓪⓪"),
])
func `a number is found in every form`(word: String, text: String) throws {
    let box = try RuleBox(words: [word])
    #expect(box.matches(text))
}

/// Words that are near to ordinary text, and text that must not be taken for them.
@Test(arguments: [
    (
        "ass",
        [
            "pass", "assistant", "class", "as string", "grass is green", "has sent", "455", "as s soon", "glass",
            "bass_line", "ass1stant",
        ]
    ),
    ("kill", ["skill", "kil", "killer", "kilo", "ki ll"]), ("cop", ["coop", "copy", "co-op"]),
    ("hell", ["hello", "shell", "he'll", "heal", "heel"]),
    ("lose", ["loose", "closed", "lo se"]), ("free", ["fre", "freedom", "carefree", "fr ee", "of reed"]),
    ("lol", ["101", "l0", "lollipop", "110"]),
    ("heil", ["hell", "hel1o"]), ("sex", ["essex", "sussex exit", "unisex", "5 ex"]),
    ("rapist", ["therapist", "the rapists"]),
    ("加微信", ["我要加。微信里说", "加微波炉", "参加，微信群", "增加\n微信", "微信加"]), ("代开", ["代码开源", "现代，开放"]),
    ("cor", ["сор во дворе", "хор"]), ("vx", ["vxworks", "devx"]), ("138", ["1380", "2138"]),
])
func `an innocent text is not found`(word: String, texts: [String]) throws {
    let box = try RuleBox(words: [word])
    for text in texts { #expect(!box.matches(text), "\(word) in \(text)") }
}

@Test(arguments: [
    ("ass", "a55"), ("ass", "a s s"), ("ass", "ASS!"), ("ass", "a$$"), ("ass", "asssss"),
    ("kill yourself", "kill  yourself"), ("kill yourself", "killyourself"), ("kill yourself", "k!ll-y0urself"),
    ("bad dog", "baddog"), ("bad dog", "b a d d o g"), ("free", "freeee"), ("book", "b o o k"), ("vx", "加vx13800"),
    ("hello", "he11o"),
])
func `a short word is found where it is meant`(word: String, text: String) throws {
    let box = try RuleBox(words: [word])
    #expect(box.matches(text))
}

@Test(arguments: [
    ("word", [true, false, false, false]), ("prefix", [true, true, false, false]),
    ("suffix", [true, false, true, false]), ("substring", [true, true, true, true]),
])
func `how much of a word must match is the author's choice`(mode: String, expected: [Bool]) throws {
    let box = try RuleBox(words: ["cast"], "match: \(mode)")
    #expect(["a cast.", "castle", "broadcast", "broadcasting"].map { box.matches($0) } == expected)
}

@Test(arguments: ["+v", "t.me/", "c++", "🔞", "❤️‍🔥"])
func `a word of symbols is found as written`(word: String) throws {
    let box = try RuleBox(words: [word], "match: substring")
    #expect(box.matches("x \(word)abc"))
    #expect(!box.matches("tme v c +"))
}

@Test(arguments: [
    ("家威芯", true), ("家 威 芯", true), ("jia wei xin", true), ("jiaweixin", true), ("加wei信", true), ("嘉维心哦", true),
    ("加微波", false), ("佳位置", false), ("hijiaweixing", false),
])
func `homophones match a rule that asks for them`(text: String, expected: Bool) throws {
    let box = try RuleBox(words: ["加微信"], "homophones: true")
    #expect(box.matches(text) == expected)
}

@Test func `a rule that does not ask for homophones has none`() throws {
    let box = try RuleBox(words: ["加微信"])
    #expect(!box.matches("家威芯"))
}

@Test(arguments: [
    ("buy v1\u{200B}agra!", "v1\u{200B}agra"), ("你好，加 微-信 吧", "加 微-信"), ("f r е е", "f r е е"), ("ｖｉａｇｒａa", "ｖｉａｇｒａa"),
    ("v\u{0336}iagra\u{0336}", "v\u{0336}iagra\u{0336}"),
])
func `the span of a match is what stands in the original`(text: String, marked: String) throws {
    let box = try RuleBox(words: ["viagra", "加微信", "free"])
    #expect(box.marked(text) == [marked])
}

@Test func `an exception wins over the words inside it`() throws {
    let box = try RuleBox(words: ["微信"], "except: [微信读书, \"微信公众平台\"]")
    #expect(!box.matches("我在用微信读书"))
    #expect(box.matches("我在用微信读书，你加微信"))
    #expect(!box.matches("微 信 读 书"))
}

@Test func `the packs' allow list wins over every rule`() throws {
    let box = try RuleBox(
        "allow: {words: [scunthorpe]}\n" + RuleBox.pack("kind: keyword, words: [cunt], match: substring"))
    #expect(!box.matches("greetings from Scunthorpe"))
    #expect(box.matches("cunt"))
}

@Test func `a word may be split over two messages of one author`() throws {
    let box = try RuleBox(words: ["加微信"], "across_messages: true")
    #expect(!box.matches("快来加微", .by(1)))
    #expect(!box.matches("信不信", .by(2)))
    #expect(box.matches("信 abc", .by(1, at: 5)))
    #expect(!box.matches("快来加微", .by(1, at: 10)))
    #expect(!box.matches("信", .by(1, at: 100)))
}

@Test(
    arguments: [
        (RuleBox.pack("kind: keyword, words: [free prize]"), DenseViews.skeleton, "a f.r.e.e  pr1ze"),
        (RuleBox.pack("kind: keyword, homophones: true, words: [加微信]"), [.skeleton, .pinyin], "家威芯"),
        (RuleBox.pack("kind: regex, patterns: ['fre+ prize']"), [], "a freee prize"),
    ] as [(String, DenseViews, String)])
func `a set finds the same in the views that it asks for as in all of them`(
    yaml: String, most: DenseViews, text: String
) throws {
    let box = try RuleBox(yaml)
    #expect(most.isSuperset(of: box.set.denseViews))
    var sparse = NormalisedText()
    RuleBox.normaliser.normalise(text, into: &sparse, dense: box.set.denseViews)
    let found = box.set.evaluate(sparse, .anybody, &box.state).matches
    #expect(found.map(\.rule) == ["t.w"])
    #expect(found.map(\.spans) == box.outcome(text).matches.map(\.spans))
}
