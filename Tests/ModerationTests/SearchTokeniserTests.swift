import Testing

@testable import Moderation

@Test func `Han becomes pairs and a last single, words stay whole`() {
    let terms = SearchTokeniser.terms(in: "我爱北京 Café-Bar №１2")
    #expect(terms.map(\.text) == ["我爱", "爱北", "北京", "京", "cafe", "bar", "no12"])
    #expect(terms[1].span == 3..<9)
    #expect(terms[4].span == 13..<18)
}

@Test(arguments: [
    ("我們的網絡", "网络", "網絡"), ("北京大学", "京", "京"), ("用Python写代码", "python", "Python"), ("用Python写代码", "python写", "Python写"),
    ("東京タワーに行く", "タワー", "タワー"), ("서울에서 만나요", "서울", "서울"), ("Read the ＤＯＣＳ", "docs", "ＤＯＣＳ"),
    ("用户login失败", "用户login", "用户login"),
    ("foo-bar baz", "foo-bar", "foo-bar"), ("naïve café", "cafe", "café"), ("найди ёлку", "найди", "найди"),
])
func `a query finds and highlights what it names`(text: String, query: String, marked: String) {
    let spans = SearchTokeniser.highlights(of: SearchTokeniser.phrases(in: query), in: text)
    #expect(spans.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) } == [marked])
}

@Test(arguments: [("北京大学", "京北"), ("用户 login", "户用"), ("cafeteria", "cafe"), ("北 京", "北京")])
func `a query does not find what is not there`(text: String, query: String) {
    #expect(SearchTokeniser.highlights(of: SearchTokeniser.phrases(in: query), in: text).isEmpty)
}

@Test(arguments: ["", "!!!", "\u{200B}", "😀😀"])
func `a text without words has no terms`(text: String) {
    #expect(SearchTokeniser.terms(in: text).isEmpty)
    #expect(SearchTokeniser.phrases(in: text).isEmpty)
}

/// The index is written from the line and highlights are found by the terms; ASCII takes a way of its own to the line.
@Test func `a line holds the terms of its text`() {
    let ascii = String(decoding: (0..<UInt8(128)).flatMap { [$0, UInt8(ascii: "x"), $0] }, as: UTF8.self)
    let long = String(repeating: "w", count: 70)
    for text in ["", "  ", "Read the DOCS, v1.2!", "a-b_c d", "\(long) \(long)", ascii, "Café №１2", "我爱 Python"] {
        #expect(SearchTokeniser.line(of: text) == SearchTokeniser.terms(in: text).map(\.text).joined(separator: " "))
    }
}
