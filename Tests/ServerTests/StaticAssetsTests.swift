import Testing

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
        #expect(paths.count == 4)
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

    @Test func `the whole client travels in 120 kB`() {
        #expect((50_000...120_000).contains(StaticAssets.shared.compressedByteCount))
    }

    @Test func `what the first screen needs travels as one script and one style sheet`() throws {
        let html = text(answer("/"))
        let folder = try #require(html.split(separator: "\"").first { $0.hasPrefix("/assets/") }).split(separator: "/")
            .prefix(2).joined(separator: "/")
        let style = text(answer("/\(folder)/style/app.css"))
        #expect(style.contains("--accent:") && style.contains(".composer") && !style.contains("@import"))
        let script = text(answer("/\(folder)/main.js"))
        #expect(script.contains("ly-room") && !script.contains("import{"))
        #expect(text(answer("/\(folder)/later/queue.js")).hasPrefix("import{"))
        #expect(answer("/\(folder)/lib/dom.js") == nil)
    }
}
