import LyceumProtocol
import Transport
import WebClient

/// The web client's files, compressed once and served from memory.
///
/// The page itself is asked for anew each time. Everything else stands below a folder that is named by the hash of all
/// files together, so that what a browser has kept never mixes with a newer version and is never asked for again.
/// Scripts and style sheets go out without what is for those who read the source, the modules that are needed at once
/// as one, and a style sheet with those that it imports.
struct StaticAssets: Sendable {
    static let shared = StaticAssets()

    private struct Asset: Sendable {
        let type: String
        let plain: Chunk
        let gzip: Chunk?
        /// In quotes, as the header carries it.
        let tag: String
    }

    private typealias File = (path: String, bytes: [UInt8])

    private static let page = "index.html"
    /// Imports the others.
    private static let style = "style/app.css"
    /// The text in the page that gives way to the folder of the assets.
    private static let folderMark = "{{assets}}"
    /// Modules below it are fetched when they are needed.
    private static let laterFolder = "later/"

    /// By path, as it stands in a request.
    private let assets: [String: Asset]

    private init() {
        let files = Self.embedded
        let version = Self.hash(files.flatMap { Array($0.path.utf8) + $0.bytes })
        let folder = "/assets/\(version)"
        var assets: [String: Asset] = [:]
        for (path, bytes) in Self.served(files) { assets["\(folder)/\(path)"] = Self.asset(path, bytes) }
        if let page = files.first(where: { $0.path == Self.page }) {
            let text = String(decoding: page.bytes, as: UTF8.self).replacing(Self.folderMark, with: folder)
            assets["/"] = Self.asset(Self.page, Array(text.utf8))
        }
        self.assets = assets
    }

    /// How many bytes the whole client is for a browser that takes gzip.
    var compressedByteCount: Int { assets.values.reduce(0) { $0 + ($1.gzip ?? $1.plain).byteCount } }

    /// The answer to a `GET` or `HEAD`; `nil` for what is no asset.
    func response(to head: RequestHead) -> HTTPResponse? {
        guard let asset = assets[head.path] else { return nil }
        let isPage = head.path == "/"
        var headers: [(name: String, value: String)] = [
            ("cache-control", isPage ? "no-cache" : "public, max-age=31536000, immutable"), ("etag", asset.tag),
            ("vary", "accept-encoding"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ]
        if isPage { headers += Self.pageHeaders }
        if head.headerList("if-none-match").contains(asset.tag) { return HTTPResponse(status: 304, headers: headers) }
        headers.append(("content-type", asset.type))
        guard let gzip = asset.gzip, Self.acceptsGzip(head) else {
            return HTTPResponse(status: 200, headers: headers, body: .shared(asset.plain))
        }
        headers.append(("content-encoding", "gzip"))
        return HTTPResponse(status: 200, headers: headers, body: .shared(gzip))
    }

    /// Only the server's own files run, and nothing that is text can become markup: every such sink is closed.
    private static let pageHeaders: [(name: String, value: String)] = [
        (
            "content-security-policy",
            [
                "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob:",
                "media-src 'self'", "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'",
                "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            ].joined(separator: "; ")
        ),
        ("x-frame-options", "DENY"), ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ]

    private static func acceptsGzip(_ head: RequestHead) -> Bool {
        head.headerList("accept-encoding").contains { member in
            let parts = member.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            return parts.first == "gzip" && !parts.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
        }
    }

    private static var embedded: [File] {
        (0..<lyceum_web_asset_count).map { index in
            // What it points to is constant and lies in the binary.
            let asset = lyceum_web_asset_at(index)
            return (String(cString: asset.path), Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count)))
        }
    }

    /// What stands in the folder of the assets.
    private static func served(_ files: [File]) -> [File] {
        func texts(_ ending: String, _ minify: ([UInt8]) -> [UInt8]) -> [String: String] {
            let found = files.filter { $0.path.hasSuffix(ending) }
            return Dictionary(
                uniqueKeysWithValues: found.map { ($0.path, String(decoding: minify($0.bytes), as: UTF8.self)) })
        }
        let scripts = ModuleLinker(texts(".js", ScriptMinifier.minify)) { $0.hasPrefix(laterFolder) }.linked()
        let styles = texts(".css", StyleMinifier.minify)
        let style = styles[Self.style].map { [Self.style: withImports($0, styles)] } ?? [:]
        let others = files.filter { $0.path != page && !$0.path.hasSuffix(".js") && !$0.path.hasSuffix(".css") }
        return scripts.map { ($0, Array($1.utf8)) } + style.map { ($0, Array($1.utf8)) } + others
    }

    /// A style sheet with those of its own folder in the place of their names.
    private static func withImports(_ style: String, _ styles: [String: String]) -> String {
        let parts = style.split(separator: "@import \"./", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { whole, part in
            let sides = part.split(separator: "\";", maxSplits: 1, omittingEmptySubsequences: false)
            return whole + (styles["style/\(sides[0])"] ?? "") + sides.dropFirst().joined()
        }
    }

    private static func asset(_ path: String, _ bytes: [UInt8]) -> Asset {
        let compressed = gzip(bytes)
        return Asset(
            type: type(of: path), plain: Chunk(framed: bytes),
            gzip: compressed.count < bytes.count ? Chunk(framed: compressed) : nil, tag: "\"\(hash(bytes))\"")
    }

    private static func type(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "webmanifest": "application/manifest+json"
        default: "application/octet-stream"
        }
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        String(Secrets.base64URL(Secrets.digest(bytes)).prefix(16))
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count + 1024) { output, length in
            length = lyceum_web_gzip(bytes, bytes.count, output.baseAddress, output.count)
        }
    }
}
