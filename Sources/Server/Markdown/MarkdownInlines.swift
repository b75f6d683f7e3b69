/// Reads a paragraph's text into its pieces: CommonMark section 6, as far as ``Markdown`` says.
///
/// One pass with a stack of what has opened. An opener is pushed once and leaves the stack once, and a closer looks only
/// at a count per kind before it pops, so the whole is linear.
struct MarkdownInlines {
    private enum Kind: Int, CaseIterable {
        case bold, boldLow, italic, italicLow, struck, spoiler, link
    }

    /// What has opened and not closed. Its mark stands as text at `start` in ``nodes``, and stays if it never closes.
    private struct Opener {
        let kind: Kind
        let start: Int
    }

    /// Openers that may wait at once. A closer looks at what stands behind its opener, so this bounds how often one
    /// piece is looked at.
    private static let openLimit = 24

    private let bytes: [UInt8]
    /// Levels that pieces may nest.
    private let depth: Int
    private var position = 0
    private var plain: [UInt8] = []
    /// The pieces so far, and how deep each is.
    private var nodes: [(node: MarkdownNode, depth: Int)] = []
    private var openers: [Opener] = []
    private var open = [Int](repeating: 0, count: Kind.allCases.count)
    /// By length of a run of backticks: from where on no run of that length is left.
    private var exhausted: [Int: Int] = [:]
    private(set) var foundMarkup = false

    init(_ bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    mutating func parse() -> [MarkdownNode] {
        while position < bytes.count { step() }
        flush()
        return Self.joined(nodes[...])
    }

    private mutating func step() {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "\\"): escape()
        case UInt8(ascii: "`"): codeSpan()
        case UInt8(ascii: "\n"):
            flush()
            nodes.append((.lineBreak, 0))
            position += 1
        case UInt8(ascii: "["): push(.link, mark: "[")
        case UInt8(ascii: "]"): closeLink()
        case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "|"): emphasis(byte)
        case UInt8(ascii: "h") where bareLink(): break
        default: literal(plainLength)
        }
    }

    /// How many bytes from here on begin nothing.
    private var plainLength: Int {
        var end = position + 1
        while end < bytes.count, !Self.mayBegin(bytes[end]) { end += 1 }
        return end - position
    }

    /// What ``step()`` looks at.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "\n"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "|"), UInt8(ascii: "h"):
            true
        default: false
        }
    }

    private mutating func literal(_ count: Int) {
        plain.append(contentsOf: bytes[position..<position + count])
        position += count
    }

    private mutating func flush() {
        guard !plain.isEmpty else { return }
        nodes.append((.text(String(decoding: plain, as: UTF8.self)), 0))
        plain.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ node: MarkdownNode) {
        flush()
        nodes.append((node, 1))
        foundMarkup = true
    }

    private mutating func escape() {
        let next = position + 1
        guard next < bytes.count, Self.isPunctuation(bytes[next]) else { return literal(1) }
        foundMarkup = true
        position = next
        literal(1)
    }

    // MARK: Code

    private mutating func codeSpan() {
        let length = run(at: position)
        let start = position + length
        guard let end = closingRun(length, after: start) else { return literal(length) }
        var content = bytes[start..<end].map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        let padded = content.first == UInt8(ascii: " ") && content.last == UInt8(ascii: " ")
        if padded, content.count > 2 { content = Array(content.dropFirst().dropLast()) }
        append(.code(String(decoding: content, as: UTF8.self)))
        position = end + length
    }

    private mutating func closingRun(_ length: Int, after start: Int) -> Int? {
        if let limit = exhausted[length], start >= limit { return nil }
        var index = start
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "`") else {
                index += 1
                continue
            }
            let found = run(at: index)
            if found == length { return index }
            index += found
        }
        exhausted[length] = start
        return nil
    }

    /// How often the byte at `index` stands there in a row.
    private func run(at index: Int) -> Int {
        var end = index
        while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
        return end - index
    }

    // MARK: Emphasis

    private mutating func emphasis(_ byte: UInt8) {
        let length = run(at: position)
        guard var kind = Self.kind(byte, length) else { return literal(length) }
        if length == 3, let last = openers.last?.kind, last == .italic || last == .italicLow { kind = last }
        let width = kind == .italic || kind == .italicLow ? 1 : 2
        let before = position > 0 ? bytes[position - 1] : UInt8(ascii: " ")
        let behind = position + length < bytes.count ? bytes[position + length] : UInt8(ascii: " ")
        // `snake_case_name` is a word.
        if byte == UInt8(ascii: "_"), Self.isWord(before), Self.isWord(behind) { return literal(length) }
        if !Self.isWhite(before), open[kind.rawValue] > 0 {
            if close(kind) { position += width } else { literal(width) }
        } else if !Self.isWhite(behind) {
            push(kind, mark: String(decoding: bytes[position..<position + width], as: UTF8.self))
        } else {
            literal(length)
        }
    }

    private static func kind(_ byte: UInt8, _ length: Int) -> Kind? {
        switch (byte, length) {
        case (UInt8(ascii: "*"), 1): .italic
        case (UInt8(ascii: "_"), 1): .italicLow
        case (UInt8(ascii: "*"), 2...3): .bold
        case (UInt8(ascii: "_"), 2...3): .boldLow
        case (UInt8(ascii: "~"), 2): .struck
        case (UInt8(ascii: "|"), 2): .spoiler
        default: nil
        }
    }

    private mutating func push(_ kind: Kind, mark: String) {
        guard openers.count < Self.openLimit else { return literal(mark.utf8.count) }
        flush()
        openers.append(Opener(kind: kind, start: nodes.count))
        open[kind.rawValue] += 1
        nodes.append((.text(mark), 0))
        position += mark.utf8.count
    }

    /// Ends what was last opened of the kind; what opened inside it and did not close was text. False if the pieces
    /// would nest too deep, or there are none.
    private mutating func close(_ kind: Kind, target: String? = nil) -> Bool {
        while let last = openers.last, last.kind != kind { abandon() }
        guard let opener = openers.last else { return false }
        abandon()
        flush()
        guard opener.start + 1 < nodes.count else { return false }
        // No slice of the array may live while it changes: it would be copied whole each time.
        var inner = 0
        for index in (opener.start + 1)..<nodes.count { inner = max(inner, nodes[index].depth) }
        guard inner < depth else { return false }
        let children = Self.joined(nodes[(opener.start + 1)...])
        nodes.removeLast(nodes.count - opener.start)
        nodes.append((Self.node(kind, target, children), inner + 1))
        foundMarkup = true
        return true
    }

    private static func node(_ kind: Kind, _ target: String?, _ children: [MarkdownNode]) -> MarkdownNode {
        switch kind {
        case .bold, .boldLow: .element(.bold, children)
        case .italic, .italicLow: .element(.italic, children)
        case .struck: .element(.struck, children)
        case .spoiler: .element(.spoiler, children)
        case .link: .link(target ?? "", children)
        }
    }

    /// The newest opener's mark stays text.
    private mutating func abandon() {
        if let opener = openers.popLast() { open[opener.kind.rawValue] -= 1 }
    }

    // MARK: Links

    private mutating func closeLink() {
        guard open[Kind.link.rawValue] > 0 else { return literal(1) }
        guard let (target, end) = target(at: position + 1) else {
            while let last = openers.last, last.kind != .link { abandon() }
            abandon()
            return literal(1)
        }
        if close(.link, target: target) { position = end } else { literal(1) }
    }

    /// The address in round brackets at `index`, and where it ends. It may hold one pair of brackets itself; since a
    /// second opening one ends the search, no byte is looked at more than three times.
    private func target(at index: Int) -> (String, end: Int)? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "(") else { return nil }
        var (cursor, nested) = (index + 1, false)
        while cursor < bytes.count {
            switch bytes[cursor] {
            case UInt8(ascii: "("):
                if nested { return nil }
                nested = true
            case UInt8(ascii: ")") where nested: nested = false
            case UInt8(ascii: ")"):
                let target = bytes[(index + 1)..<cursor]
                return Self.isAddress(target) ? (String(decoding: target, as: UTF8.self), cursor + 1) : nil
            case 0...0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x7f: return nil
            default: break
            }
            cursor += 1
        }
        return nil
    }

    /// `https://…` without brackets round it. Han and full-width punctuation end it, as does what ends a sentence.
    private mutating func bareLink() -> Bool {
        let before = position > 0 ? bytes[position - 1] : UInt8(ascii: " ")
        guard !Self.isWord(before), open[Kind.link.rawValue] == 0, Self.isAddress(bytes[position...].prefix(12)) else {
            return false
        }
        var end = position
        while end < bytes.count, Self.isLinkByte(bytes[end]) { end += 1 }
        while end > position, ".,;:!?'*_~)".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end - position > 8 else { return false }
        let target = String(decoding: bytes[position..<end], as: UTF8.self)
        append(.link(target, [.text(target)]))
        position = end
        return true
    }

    /// Only what a browser opens as a page or a letter: never `javascript:` or `data:`.
    private static func isAddress(_ target: ArraySlice<UInt8>) -> Bool {
        begins(target, "http://") || begins(target, "https://") || begins(target, "mailto:")
    }

    private static func begins(_ target: ArraySlice<UInt8>, _ scheme: StaticString) -> Bool {
        scheme.withUTF8Buffer { scheme in
            target.count >= scheme.count && zip(target, scheme).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }

    // MARK: Bytes

    private static func isLinkByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && !"<>\"`|\\^{}[]".utf8.contains(byte)
    }

    private static func isWhite(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f && !isWord(byte) }

    /// Neighbouring texts as one.
    private static func joined(_ nodes: ArraySlice<(node: MarkdownNode, depth: Int)>) -> [MarkdownNode] {
        if nodes.count == 1, let only = nodes.first { return [only.node] }
        var joined: [MarkdownNode] = []
        // Grows in place; adding two strings would copy the longer one for every piece.
        var run = ""
        for (node, _) in nodes {
            if case .text(let text) = node {
                run.append(text)
            } else {
                if !run.isEmpty { joined.append(.text(run)) }
                run = ""
                joined.append(node)
            }
        }
        if !run.isEmpty { joined.append(.text(run)) }
        return joined
    }
}
