import Testing

@testable import Server

/// What of a style sheet travels.
struct StyleMinifierTests {
    @Test(arguments: [
        ("/* Colours. */\na { color: red; }\n", "a{color:red}"),
        ("a,\nb > c { inset: 0 auto;\n  top: 1px }", "a,b > c{inset:0 auto;top:1px}"),
        ("@media (max-width: 720px) {\n  a { b: c; }\n}", "@media (max-width:720px){a{b:c}}"),
        (":root { --a: light-dark(#fff, #000); }", ":root{--a:light-dark(#fff,#000)}"),
    ])
    func `it loses comments and spaces that part nothing`(style: String, served: String) {
        #expect(minified(style) == served)
    }

    @Test(arguments: [
        (".a :is(b, c) .d { e: f }", ".a :is(b,c) .d{e:f}"), ("a{b:calc(100% - 2px)}", "a{b:calc(100% - 2px)}"),
        ("a::before { content: \" ; /* } \\\" \"; }", "a::before{content:\" ; /* } \\\" \"}"),
        ("a{b:c !important}", "a{b:c !important}"),
    ])
    func `it keeps spaces that mean something, and texts`(style: String, served: String) {
        #expect(minified(style) == served)
    }

    @Test(arguments: ["a{", "/* a", "a{b:\"c", "\"\\", "}"])
    func `it comes to an end where a style sheet does not`(style: String) {
        #expect(minified(style).utf8.count <= style.utf8.count)
    }

    private func minified(_ style: String) -> String {
        String(decoding: StyleMinifier.minify(Array(style.utf8)), as: UTF8.self)
    }
}
