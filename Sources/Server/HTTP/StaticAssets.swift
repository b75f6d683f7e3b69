import LyceumProtocol
import Transport
import WebClient

/// The web client's files, compressed once and served from memory.
///
/// The page itself is asked for anew each time. Everything else stands below a folder that is named by the hash of all
/// files together, so that what a browser has kept never mixes with a newer version and is never asked for again.
/// Scripts go out without their comments and indentation, which are for those who read the source and a fifth of what
/// would travel.
struct StaticAssets: Sendable {
    static let shared = StaticAssets()

    private struct Asset: Sendable {
        let type: String
        let plain: Chunk
        let gzip: Chunk?
        /// In quotes, as the header carries it.
        let tag: String
    }

    private static let page = "index.html"
    /// The text in the page that gives way to the folder of the assets.
    private static let folderMark = "{{assets}}"
    /// The line in the page that gives way to the modules that are needed at once, so that they are fetched together
    /// and not one import after the other.
    private static let modulesMark = "<!-- modules -->"
    /// Modules below it are fetched when they are needed.
    private static let laterFolder = "later/"

    /// By path, as it stands in a request.
    private let assets: [String: Asset]

    private init() {
        let files = Self.embedded
        let version = Self.hash(files.flatMap { Array($0.path.utf8) + $0.bytes })
        let folder = "/assets/\(version)"
        var assets: [String: Asset] = [:]
        for file in files where file.path != Self.page {
            let isScript = file.path.hasSuffix(".js")
            let bytes = isScript ? Self.served(file.bytes) : file.bytes
            assets["\(folder)/\(file.path)"] = Self.asset(file.path, bytes)
        }
        if let page = files.first(where: { $0.path == Self.page }) {
            let modules = files.map(\.path).filter { $0.hasSuffix(".js") && !$0.hasPrefix(Self.laterFolder) }
            assets["/"] = Self.asset(Self.page, Self.fill(page.bytes, folder, modules))
        }
        self.assets = assets
    }

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
                "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'",
                "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
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

    private static var embedded: [(path: String, bytes: [UInt8])] {
        (0..<lyceum_web_asset_count).map { index in
            // What it points to is constant and lies in the binary.
            let asset = lyceum_web_asset_at(index)
            return (String(cString: asset.path), Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count)))
        }
    }

    private static func fill(_ page: [UInt8], _ folder: String, _ modules: [String]) -> [UInt8] {
        let links = modules.map { #"<link rel="modulepreload" href="\#(folder)/\#($0)">"# }.joined(separator: "\n")
        let text = String(decoding: page, as: UTF8.self)
            .replacing(folderMark, with: folder).replacing(modulesMark, with: links)
        return Array(text.utf8)
    }

    /// A script without indentation, its `/** … */` comments, those that fill whole lines, and the line ends inside of
    /// brackets and after semicolons. The client's tests hold what this relies on: no text in a script has such a comment
    /// in it or spans lines that this would change, and no comment stands behind code.
    static func served(_ script: [UInt8]) -> [UInt8] {
        var isInside = false
        var served: [UInt8] = []
        for line in script.split(separator: UInt8(ascii: "\n")) {
            append(withoutComments(line, &isInside), to: &served)
        }
        return served
    }

    private static func withoutComments(_ line: ArraySlice<UInt8>, _ isInside: inout Bool) -> [UInt8] {
        var rest = line.drop { $0 == UInt8(ascii: " ") }
        var kept: [UInt8] = []
        while !rest.isEmpty {
            if isInside {
                guard let end = rest.firstRange(of: "*/".utf8) else { return kept }
                rest = rest[end.upperBound...].drop { $0 == UInt8(ascii: " ") }
                isInside = false
            } else if kept.isEmpty, rest.starts(with: "//".utf8) {
                return kept
            } else {
                let comment = rest.firstRange(of: "/**".utf8)
                kept += rest[..<(comment?.lowerBound ?? rest.endIndex)]
                rest = rest[(comment?.upperBound ?? rest.endIndex)...]
                isInside = comment != nil
            }
        }
        return kept
    }

    /// Adds a line to a script, on a line of its own only where the language may need it.
    private static func append(_ line: [UInt8], to script: inout [UInt8]) {
        guard let first = line.first else { return }
        if let last = script.last {
            let closes = ")]}".utf8.contains(first)
            if closes, last == UInt8(ascii: ",") { script.removeLast() }
            if !closes, !"([{,;".utf8.contains(last) { script.append(UInt8(ascii: "\n")) }
        }
        script += line
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
