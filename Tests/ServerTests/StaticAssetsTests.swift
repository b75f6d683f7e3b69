import Testing
import WebClient

@testable import Server
@testable import Transport

struct StaticAssetsTests {
    private func answer(_ path: String, _ headers: [(name: String, value: String)] = []) -> HTTPResponse? {
        let head = RequestHead(
            method: "GET", path: path, query: nil, peerAddress: "127.0.0.1", listenerLabel: "main", isTLS: false,
            headers: headers, isVersion11: true)
        return StaticAssets.shared.response(to: head)
    }

    private func text(_ response: HTTPResponse?) -> String {
        guard case .shared(let chunk) = response?.body else { return "" }
        return String(decoding: chunk.bytes, as: UTF8.self)
    }

    @Test func `the page lets nothing run but the server's own files`() throws {
        let page = try #require(answer("/"))
        let policy = try #require(page.headers.first { $0.name == "content-security-policy" }?.value)
        for part in [
            "default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'",
        ] {
            #expect(policy.contains(part))
        }
        #expect(!policy.contains("unsafe"))
        let html = text(page)
        #expect(!html.contains("{{") && !html.contains("<!--") && !html.contains("style=") && !html.contains("onclick"))
    }

    @Test func `every file that the page names is served for good under a name of its contents`() throws {
        let html = text(answer("/"))
        let paths = html.split(separator: "\"").map(String.init).filter { $0.hasPrefix("/assets/") }
        #expect(paths.count > 20)
        for path in paths {
            let asset = try #require(answer(path))
            #expect(asset.headers.contains { $0.name == "cache-control" && $0.value.contains("immutable") })
        }
        #expect(answer("/assets/main.js") == nil)
    }

    @Test func `a browser that takes gzip gets it, and one that has the file gets nothing`() throws {
        let plain = try #require(answer("/"))
        let packed = try #require(answer("/", [("accept-encoding", "br, gzip;q=0.9")]))
        #expect(packed.headers.contains { $0.name == "content-encoding" && $0.value == "gzip" })
        #expect(packed.body.byteCount < plain.body.byteCount)
        let refusing = try #require(answer("/", [("accept-encoding", "gzip;q=0")]))
        #expect(refusing.body.byteCount == plain.body.byteCount)
        let tag = try #require(plain.headers.first { $0.name == "etag" }?.value)
        #expect(answer("/", [("if-none-match", tag)])?.status == 304)
    }

    @Test func `the whole client travels in 120 kB`() throws {
        let html = text(answer("/"))
        let name = try #require(html.split(separator: "\"").first { $0.hasPrefix("/assets/") })
        let folder = name.split(separator: "/").prefix(2).joined(separator: "/")
        var bytes = 0
        for index in 0..<lyceum_web_asset_count {
            let path = String(cString: lyceum_web_asset_at(index).path)
            let address = path == "index.html" ? "/" : "/\(folder)/\(path)"
            bytes += try #require(answer(address, [("accept-encoding", "gzip")])).body.byteCount
        }
        #expect(bytes > 50_000)
        #expect(bytes <= 120_000)
    }

    @Test(arguments: [
        ("/** One. */\nlet a = 1;", "let a = 1;"), ("/**\n * @type {any}\n */\nlet a = 1;", "let a = 1;"),
        ("  // why\n  f(\"//\");", "f(\"//\");"), ("/** @type {any} */ (x).y();", "(x).y();"),
        ("f((/** @type {any} */ x) => x); // */", "f((x) => x); // */"),
        ("let a = /** @type {A} */ ({", "let a = ({"), ("/**\n * A.\n */ let a;", "let a;"),
        ("a = `\n* text */`;", "a = `\n* text */`;"), ("f(\n  a,\n  [\n    b,\n  ],\n);\n\ng();", "f(a,[b]);g();"),
        ("if (a) {\n  b()\n}\nelse c = d\n  ? e\n  : f;", "if (a) {b()}\nelse c = d\n? e\n: f;"),
    ])
    func `a script loses comments, indentation and the line ends that it can do without`(
        script: String, served: String
    ) {
        let bytes = StaticAssets.served(Array(script.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == served)
    }
}
