import LyceumProtocol

/// A piece of a formatted text.
///
/// On the wire, text is a string and everything else is an array that begins with its tag:
/// `["p",…]` `["h",level,…]` `["quote",…]` `["ul",["li",…],…]` `["ol",start,["li",…],…]` `["pre",language,text]` `["hr"]`
/// and inside lines `["b",…]` `["i",…]` `["s",…]` `["spoiler",…]` `["c",text]` `["a",href,…]` `["br"]`, where `…` are
/// pieces. A client shows an unknown tag's pieces as if the tag were not there.
enum MarkdownNode: Equatable, Sendable {
    enum Tag: String, Sendable {
        case paragraph = "p"
        case quote, li, ul
        case bold = "b"
        case italic = "i"
        case struck = "s"
        case spoiler
    }

    case text(String)
    case lineBreak
    case rule
    case code(String)
    case codeBlock(language: String, String)
    case heading(Int, [MarkdownNode])
    case ordered(start: Int, [MarkdownNode])
    case link(String, [MarkdownNode])
    case element(Tag, [MarkdownNode])

    func write(to json: inout JSONWriter) {
        if case .text(let text) = self { return json.value(text) }
        json.array { json in
            switch self {
            case .text(let text): json.value(text)
            case .lineBreak: json.value("br")
            case .rule: json.value("hr")
            case .code(let text):
                json.value("c")
                json.value(text)
            case .codeBlock(let language, let text):
                json.value("pre")
                json.value(language)
                json.value(text)
            case .heading(let level, let children):
                json.value("h")
                json.value(level)
                Self.write(children, to: &json)
            case .ordered(let start, let items):
                json.value("ol")
                json.value(start)
                Self.write(items, to: &json)
            case .link(let target, let children):
                json.value("a")
                json.value(target)
                Self.write(children, to: &json)
            case .element(let tag, let children):
                json.value(tag.rawValue)
                Self.write(children, to: &json)
            }
        }
    }

    private static func write(_ nodes: [MarkdownNode], to json: inout JSONWriter) {
        for node in nodes { node.write(to: &json) }
    }
}
