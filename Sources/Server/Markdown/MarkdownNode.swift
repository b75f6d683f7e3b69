import LyceumProtocol

/// A piece of a formatted text.
///
/// On the wire, text is a string and everything else is an array that begins with its tag:
/// `["p",…]` `["h",level,…]` `["quote",…]` `["ul",["li",…],…]` `["ol",start,["li",…],…]` `["pre",language,text]` `["hr"]`
/// and inside lines `["b",…]` `["i",…]` `["s",…]` `["spoiler",…]` `["c",text]` `["a",href,…]` `["br"]`, where `…` are
/// pieces. A client shows an unknown tag's pieces as if the tag were not there.
indirect enum MarkdownNode: Equatable, Sendable {
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
        json.array(parts) { json, part in
            switch part {
            case .word(let word): json.value(word)
            case .number(let number): json.value(number)
            case .node(let node): node.write(to: &json)
            }
        }
    }

    /// What an array on the wire is made of.
    private enum Part {
        case word(String)
        case number(Int)
        case node(MarkdownNode)
    }

    private var parts: [Part] {
        switch self {
        case .text(let text): [.word(text)]
        case .lineBreak: [.word("br")]
        case .rule: [.word("hr")]
        case .code(let text): [.word("c"), .word(text)]
        case .codeBlock(let language, let text): [.word("pre"), .word(language), .word(text)]
        case .heading(let level, let children): [.word("h"), .number(level)] + children.map(Part.node)
        case .ordered(let start, let items): [.word("ol"), .number(start)] + items.map(Part.node)
        case .link(let target, let children): [.word("a"), .word(target)] + children.map(Part.node)
        case .element(let tag, let children): [.word(tag.rawValue)] + children.map(Part.node)
        }
    }
}
