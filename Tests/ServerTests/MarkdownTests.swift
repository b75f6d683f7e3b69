import LyceumProtocol
import Testing

@testable import Server

struct MarkdownTests {
    private func json(_ text: String) -> String {
        let bytes = object { Markdown.writeTree(of: text, to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "plain text", "two\nlines", "", "a - b", "1 + 1 = 2.", "snake_case_name", "2 * 3 * 4", "a | b", "3. ", "**",
        "``",
        "[x]", "[x](y)", "[x](javascript:alert(1))", "[x](data:text/html,x)", "https://", "xhttps://example.org",
        "#tag",
        "时间：10:30。", "* ", "||", "~x~",
    ])
    func `a text without markup has no tree`(text: String) {
        #expect(Markdown.tree(of: text) == nil)
    }

    @Test(arguments: [
        (
            "**b** *i* _i_ __b__ ~~s~~ ||x||",
            #"[["p",["b","b"]," ",["i","i"]," ",["i","i"]," ",["b","b"]," ",["s","s"]," ",["spoiler","x"]]]"#
        ),
        ("**「重点」**文", #"[["p",["b","「重点」"],"文"]]"#),
        ("***x***", #"[["p",["b",["i","x"]]]]"#),
        ("**a *b* c**", #"[["p",["b","a ",["i","b"]," c"]]]"#),
        ("**a *b c**", #"[["p",["b","a *b c"]]]"#),
        ("`a*b*` and `` ` ``", #"[["p",["c","a*b*"]," and ",["c","`"]]]"#),
        (#"\*not\* **b**"#, #"[["p","*not* ",["b","b"]]]"#),
        ("[a **b**](https://x.org/(y))", #"[["p",["a","https://x.org/(y)","a ",["b","b"]]]]"#),
        ("see https://x.org/a_b. ok", #"[["p","see ",["a","https://x.org/a_b","https://x.org/a_b"],". ok"]]"#),
        ("看https://x.org，好", #"[["p","看",["a","https://x.org","https://x.org"],"，好"]]"#),
        ("# T\ntext", #"[["h",1,"T"],["p","text"]]"#),
        ("a\n**b**", #"[["p","a",["br"],["b","b"]]]"#),
        ("```swift\nlet x = **1**\n```\nafter", #"[["pre","swift","let x = **1**"],["p","after"]]"#),
        ("```\nopen", #"[["pre","","open"]]"#),
        ("> a\n> b\n\nc", #"[["quote","a",["br"],"b"],["p","c"]]"#),
        ("- a\n- b\n  - c", #"[["ul",["li","a"],["li",["p","b"],["ul",["li","c"]]]]]"#),
        ("3. a\n4. b", #"[["ol",3,["li","a"],["li","b"]]]"#),
        ("a\n\n---\n\nb", #"[["p","a"],["hr"],["p","b"]]"#),
    ])
    func `markup becomes a tree`(text: String, tree: String) {
        #expect(json(text) == #"{"tree":\#(tree)}"#)
    }

    /// TESTING A18. What is not linear would take hours here; the tree stays shallow enough for every reader of the
    /// record.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "*a ", "**a** ", "[", "[](", "[](a", "`", "``a`", "> ", ">", "- ", "*_", "||a", "~~", "[a](b", "\\", "1. ",
            "# ",
            "***a", "a***", "[*", "**a **b ", "https://", "_a_", "`a``b```c", "(((", "- - ", "\n> - 1. ",
        ])
    func `a bomb of 64 kB leaves a shallow tree`(piece: String) {
        let text = String(repeating: piece, count: 65_536 / piece.utf8.count)
        let bytes = Array(json(text).utf8)
        #expect(bytes.withUnsafeBytes { (try? JSONObject(parsing: $0)) != nil })
    }
}
