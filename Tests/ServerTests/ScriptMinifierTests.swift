import Testing

@testable import Server

/// What of a script travels.
struct ScriptMinifierTests {
    @Test(arguments: [
        ("/** One. */\nlet a = 1;", "let a=1;"), ("  // why\n  f(\"// no\");", "f(\"// no\");"),
        ("let a = 1; // why, then;\nlet b = 2;", "let a=1;let b=2;"), ("/** @type {any} */ (x).y();", "(x).y();"),
        ("f((/** @type {any} */ x) => x);", "f((x)=>x);"), ("f(\n  a,\n  [\n    b,\n  ],\n);\n\ng();", "f(a,[b]);g();"),
        ("a = \"x  ,\"\n", "a=\"x  ,\""), ("a = 'it\\'s  so' + b", "a='it\\'s  so'+b"),
    ])
    func `it loses comments, spaces, and commas before closing brackets`(script: String, served: String) {
        #expect(minified(script) == served)
    }

    @Test(arguments: [
        ("a = b\nc = d", "a=b\nc=d"), ("a()\n(b)", "a()\n(b)"), ("return\nx", "return\nx"),
        ("if (a) {\n  b()\n}\nelse c = d\n  ? e\n  : f;", "if(a){b()}\nelse c=d?e:f;"),
        ("class A {\n  #a = 1;\n  #b\n  c() {}\n  #d() {}\n}", "class A{#a=1;#b\nc(){}\n#d(){}}"),
        ("a + +b - -c / /d/.e", "a+ +b- -c/ /d/.e"), ("a\n++b", "a\n++b"), ("x\n  .y()\n  .z()", "x.y().z()"),
        ("x in y; x of #z", "x in y;x of #z"),
    ])
    func `it keeps what a statement's end may hang on`(script: String, served: String) {
        #expect(minified(script) == served)
    }

    @Test(arguments: [
        ("a = `  x\n  // y ${ b ? `  ${ c }  ` : { d: 1 } }  `;  e", "a=`  x\n  // y ${b?`  ${c}  `:{d:1}}  `;e"),
        ("a = `\\`  ${ \"}  `\" }  `", "a=`\\`  ${\"}  `\"}  `"), ("a = /[/\" ]  \\/ /g; b", "a=/[/\" ]  \\/ /g;b"),
        ("return /  '/.test(a)", "return/  '/.test(a)"), ("a = (b) / c / d", "a=(b)/c/d"), ("a => /  x/", "a=>/  x/"),
    ])
    func `it leaves texts, templates and expressions as they are`(script: String, served: String) {
        #expect(minified(script) == served)
    }

    @Test(arguments: ["`a", "`a ${", "\"a", "/* a", "/a", "a = /[", "}", "\\", "`${`${"])
    func `it comes to an end where a script does not`(script: String) {
        #expect(minified(script).utf8.count <= script.utf8.count)
    }

    private func minified(_ script: String) -> String {
        String(decoding: ScriptMinifier.minify(Array(script.utf8)), as: UTF8.self)
    }
}
