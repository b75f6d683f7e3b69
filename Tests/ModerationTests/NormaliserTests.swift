import Testing

@testable import Moderation

private let normaliser = Normaliser()

private func plain(_ text: String) -> String { normaliser.normalised(text).plain.string }
private func folded(_ text: String) -> String { normaliser.normalised(text).folded.string }

@Test(arguments: [
    ("ＦＲＥＥ", "free"), ("𝓯𝓻𝓮𝓮", "free"), ("ⓕⓡⓔⓔ", "free"), ("🅵🆁🅴🅴", "free"), ("ᶠʳᵉᵉ", "free"), ("ꜰʀᴇᴇ", "free"),
    ("fr\u{200B}e\u{200D}e", "free"), ("\u{202E}free\u{202C}", "free"),
    ("f\u{0336}r\u{0336}e\u{0336}e\u{0336}", "free"),
    ("frée", "free"), ("fr\u{0435}\u{0435}", "free"), ("ƒree", "free"), ("Ḟṝëê", "free"),
    ("f r e e", "free"), ("f.r.e.e", "free"), ("f-r-e-e", "free"), ("fr*ee", "free"), ("f_r_e_e", "free"),
    ("vi-ag-ra", "viagra"),
    ("fr3e", "free"), ("v1agra", "viagra"), ("ca$h", "cash"), ("0nline", "online"), ("fuuuuck", "fuck"), ("𝟙𝟚𝟛", "123"),
])
func `an English word is read through its disguise`(written: String, read: String) {
    #expect(plain(written) == read)
}

@Test(arguments: [
    ("加 微 信", "加微信"), ("加.微.信", "加微信"), ("加*微*信", "加微信"), ("加🌟微🌟信", "加微信"), ("加。微。信", "加微信"),
    ("免-费", "免费"), ("私/募", "私募"), ("加薇信", "加微信"), ("加微亻言", "加微信"), ("註冊領紅包", "注册领红包"),
    ("加\u{200B}微\u{FEFF}信", "加微信"), ("加㊙微信", "加秘微信"), ("⼀起", "一起"), ("㈠㈡㈢", "123"),
])
func `a Chinese word is read through its disguise`(written: String, read: String) {
    #expect(plain(written) == read)
}

@Test(arguments: [
    ("①③⑧", "138"), ("❶❸❽", "138"), ("壹叁捌", "138"), ("一三八零零", "13800"), ("ⅠⅢⅧ", "138"), ("１３８", "138"), ("٣٤٥", "345"),
    ("1 3 8 0 0 1", "138001"), ("1-3-8-0-0", "13800"), ("一 三 八", "138"), ("⒈⒊⒏", "138"), ("1️⃣3️⃣8️⃣", "138"),
    ("电话壹38", "电话138"),
])
func `a digit is read in every form`(written: String, read: String) {
    #expect(plain(written) == read)
}

@Test(arguments: [
    "hello, world! how are you?", "see you at 10:30, don't be late", "let x = foo(a, b) + c[3];",
    "covid19 mp3 web3 gpt4 h264",
    "我们一起去吃饭吧,好吗?", "今天三点开会。你来不来?", "привет, как дела? спокойной ночи", "これはペンです。", "안녕하세요 여러분",
    "สวัสดีครับ", "i have 3 apples and 12 pears", "version 1.2.3 costs $5, or 10% more", "【通知】明天放假",
    "nice :) a/b test & c++",
])
func `ordinary text stays as it is`(text: String) {
    let expected = text == "see you at 10:30, don't be late" ? "see you at 10:30, dont be late" : text
    #expect(plain(text) == expected)
}

@Test func `Russian words stay Cyrillic and a spoofed word among English ones becomes Latin`() {
    #expect(plain("сосна и сор во дворе") == "сосна и сор во дворе")
    #expect(plain("send it to my раура1 account") == "send it to my paypa1 account")
    #expect(normaliser.normalised("раураl").count(of: .confusable) == 5)
}

@Test func `the folded view is NFKC case fold without ignorable characters`() {
    #expect(folded("Ｅ\u{200B}ｅ É e\u{0301} ﬁ ㎏ ①") == "ee é é fi kg 1")
    #expect(folded("か\u{3099} 하 Straße") == "が 하 strasse")
}

@Test(arguments: [
    ("go 加-微\u{200B}信 now", "加微信", "加-微\u{200B}信"), ("x ｆr\u{0435}e!", "free", "ｆr\u{0435}e"), ("㎏", "kg", "㎏"),
    ("e\u{0301}t\u{0301}", "et", "e\u{0301}t\u{0301}"),
])
func `a stretch of a view is found in the original`(text: String, found: String, original: String) throws {
    let result = normaliser.normalised(text)
    let bytes = Array(found.utf8)
    let start = try #require(
        result.plain.bytes.indices.first { Array(result.plain.bytes[$0...].prefix(bytes.count)) == bytes })
    let span = result.span(of: start..<start + bytes.count, in: \.plain)
    #expect(String(decoding: Array(text.utf8)[span], as: UTF8.self) == original)
}

@Test func `tokens are Han characters, words and symbols, with insertions marked`() {
    let result = normaliser.normalised("加*微信 abc12!")
    let shown = result.tokens.map { token in
        token.kind == .word
            ? String(decoding: result.plain.bytes[token.range], as: UTF8.self)
            : String(Unicode.Scalar(token.scalar).map(Character.init) ?? "?")
    }
    #expect(shown == ["加", "*", "微", "信", "abc12", "!"])
    #expect(result.tokens.map(\.isInserted) == [false, true, false, false, false, false])
    #expect(
        result.tokens.map { normaliser.syllable($0.syllable) }.map { String(decoding: $0, as: UTF8.self) }.prefix(4)
            == ["jia", "", "wei", "xin"])
}

@Test func `homophones share the pinyin view`() {
    #expect(normaliser.normalised("家威芯").pinyin.string == "jiaweixin")
    #expect(normaliser.normalised("加 vx").pinyin.string == "jiavx")
}

@Test(arguments: [
    ("see https://www.Example.com/a?b=1.", "www.example.com", "example.com", "/a?b=1"),
    ("请看example.co.uk谢谢", "example.co.uk", "example.co.uk", ""), ("t.me/joinchat/abc", "t.me", "t.me", "/joinchat/abc"),
    ("http://пример.com/", "xn--e1afmkfd.com", "xn--e1afmkfd.com", "/"),
    ("hxxp://evil.example.top", "evil.example.top", "example.top", ""),
    ("evil[.]com", "evil.com", "evil.com", ""), ("evil dot com", "evil.com", "evil.com", ""),
    ("evil点com", "evil.com", "evil.com", ""),
    ("evil。com", "evil.com", "evil.com", ""), ("ｅｖｉｌ．ｃｏｍ", "evil.com", "evil.com", ""),
    ("user.github.io:8080/x", "user.github.io", "user.github.io", ":8080/x"),
])
func `a link is found with its registered domain`(text: String, host: String, registered: String, path: String) throws {
    let link = try #require(normaliser.normalised(text).links.first)
    #expect(link.host == host)
    #expect(link.registeredDomain == registered)
    #expect(link.path == path)
}

@Test(arguments: [
    "end.Next", "node.js", "main.py is ok", "1.2.3.4", "a.b.c", "me@example.com", "e.g. this", "...", "3.5亿",
    "do it.in time",
])
func `what only resembles a link is none`(text: String) {
    #expect(normaliser.normalised(text).links.isEmpty)
}

@Test(
    arguments: [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE4, 0xB8], [0x61, 0xE4], [0xF0, 0x9F],
    ] as [[UInt8]])
func `bytes that are not UTF-8 become replacement characters`(bytes: [UInt8]) {
    var result = NormalisedText()
    bytes.withUnsafeBufferPointer { normaliser.normalise($0, into: &result) }
    #expect(result.folded.string.contains("\u{FFFD}"))
    #expect(result.count(of: .invalidBytes) > 0)
}

@Test(arguments: UInt64(0)..<300)
func `any bytes at all are normalised with every view mapped inside the original`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let palette: [UInt8] = Array("a1 .*@$。加微一壹①e\u{0301}\u{200B}\u{FDFA}http://x.com亻言d点".utf8)
    let bytes = (0..<Int(random.next() % 400)).map { _ in
        random.next() % 3 == 0
            ? UInt8(truncatingIfNeeded: random.next()) : palette[Int(random.next() % UInt64(palette.count))]
    }
    var result = NormalisedText()
    bytes.withUnsafeBufferPointer { normaliser.normalise($0, into: &result) }
    for view in [\NormalisedText.folded, \.plain, \.skeleton, \.pinyin] {
        #expect(result[keyPath: view].bytes.count == result[keyPath: view].unitOf.count)
        #expect(String(validating: result[keyPath: view].bytes, as: UTF8.self) != nil)
        let span = result.span(of: 0..<result[keyPath: view].bytes.count, in: view)
        #expect(span.lowerBound >= 0 && span.upperBound <= bytes.count)
    }
    for (before, after) in zip(result.units, result.units.dropFirst()) { #expect(before.start <= after.start) }
}

@Test func `a long run of marks keeps few of them and the whole span`() {
    let text = "a" + String(repeating: "\u{0300}\u{0316}", count: 16_000)
    let result = normaliser.normalised(text)
    #expect(result.folded.bytes.count < 16)
    #expect(result.plain.string == "a")
    #expect(result.shape.longestMarkRun == 32_000)
}

@Test func `a value that is used again gives what a new one gives`() {
    var result = NormalisedText()
    for text in ["fr\u{0435}e http://a.com 加*微信", "", "一二三", "hi"] {
        normaliser.normalise(text, into: &result)
        let fresh = normaliser.normalised(text)
        #expect(result.plain.bytes == fresh.plain.bytes)
        #expect(result.tokens == fresh.tokens)
        #expect(result.links == fresh.links)
        #expect(result.changes == fresh.changes)
        #expect(result.shape == fresh.shape)
    }
}

@Test(arguments: [
    (
        "Alice", ["A1ice", "\u{0410}l\u{0456}c\u{0435}", "ＡＬＩＣＥ", "a l i c e", "Al\u{200B}ice", "Álice", "AIice"],
        ["Alicia", "Alice2", "Allice"]
    ),
    ("管理员", ["管理員", "管 理 员", "管\u{FEFF}理员"], ["管理", "总管理员"]), ("Bob0", ["bobo", "B0bo"], ["Bob", "Bob5"]),
    ("Наташа", ["наташа"], ["Natasha"]), ("m-1-11", ["M.1.11", "m1_11"], ["m-11-1", "m-111"]),
])
func `names that look alike share a key and others do not`(name: String, alike: [String], different: [String]) {
    let key = normaliser.lookAlikeKey(of: name)
    for other in alike { #expect(normaliser.lookAlikeKey(of: other) == key, "\(other)") }
    for other in different { #expect(normaliser.lookAlikeKey(of: other) != key, "\(other)") }
}
