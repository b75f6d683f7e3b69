/// Reads lines into blocks: CommonMark section 4 and 5, as far as ``Markdown`` says.
struct MarkdownBlocks {
    typealias Line = ArraySlice<UInt8>

    /// Levels that may still open. What would go deeper stays text.
    private let depth: Int
    private(set) var foundMarkup = false

    init(depth: Int) { self.depth = depth }

    mutating func parse(_ lines: [Line]) -> [MarkdownNode] {
        var blocks: [MarkdownNode] = []
        var paragraph: [Line] = []
        var index = 0
        while index < lines.count {
            let start = index
            if let block = block(lines, &index) {
                finish(&paragraph, into: &blocks)
                blocks.append(block)
                foundMarkup = true
            } else {
                index = start + 1
                if Self.isBlank(lines[start]) {
                    finish(&paragraph, into: &blocks)
                } else {
                    paragraph.append(lines[start])
                }
            }
        }
        finish(&paragraph, into: &blocks)
        return blocks
    }

    /// The block that begins at `index`, which moves behind it; `nil` if the line is a paragraph's.
    private mutating func block(_ lines: [Line], _ index: inout Int) -> MarkdownNode? {
        let line = Self.unindented(lines[index])
        if let fence = Fence(line) { return codeBlock(fence, lines, &index) }
        if let heading = heading(line) {
            index += 1
            return heading
        }
        if Self.isRule(line) {
            index += 1
            return .rule
        }
        if depth >= 3, line.first == UInt8(ascii: ">") { return quote(lines, &index) }
        if depth >= 4, let marker = ListMarker(lines[index]) { return list(marker, lines, &index) }
        return nil
    }

    private mutating func finish(_ paragraph: inout [Line], into blocks: inout [MarkdownNode]) {
        guard !paragraph.isEmpty else { return }
        blocks.append(.element(.paragraph, inlines(paragraph, depth: depth - 1)))
        paragraph = []
    }

    private mutating func inlines(_ lines: [Line], depth: Int) -> [MarkdownNode] {
        var parser = MarkdownInlines(Self.joined(lines), depth: min(depth, 5))
        let nodes = parser.parse()
        if parser.foundMarkup { foundMarkup = true }
        return nodes
    }

    // MARK: Kinds of block

    private mutating func heading(_ line: Line) -> MarkdownNode? {
        let level = line.prefix { $0 == UInt8(ascii: "#") }.count
        let rest = line.dropFirst(level)
        guard (1...6).contains(level), rest.first == UInt8(ascii: " ") else { return nil }
        let text = Self.trimmed(rest)
        return text.isEmpty ? nil : .heading(level, inlines([text], depth: depth - 1))
    }

    /// A fence that nothing closes runs to the end.
    private func codeBlock(_ fence: Fence, _ lines: [Line], _ index: inout Int) -> MarkdownNode {
        var content: [Line] = []
        index += 1
        while index < lines.count {
            let line = lines[index]
            index += 1
            if fence.isClosed(by: Self.unindented(line)) { break }
            content.append(line)
        }
        return .codeBlock(language: fence.language, String(decoding: Self.joined(content), as: UTF8.self))
    }

    private mutating func quote(_ lines: [Line], _ index: inout Int) -> MarkdownNode {
        var content: [Line] = []
        while index < lines.count {
            let line = Self.unindented(lines[index])
            guard line.first == UInt8(ascii: ">") else { break }
            let rest = line.dropFirst()
            content.append(rest.first == UInt8(ascii: " ") ? rest.dropFirst() : rest)
            index += 1
        }
        return .element(.quote, nested(content, levels: 1))
    }

    private mutating func list(_ first: ListMarker, _ lines: [Line], _ index: inout Int) -> MarkdownNode {
        var items: [MarkdownNode] = []
        while index < lines.count, let marker = ListMarker(lines[index]), marker.continues(first) {
            var content = [lines[index].dropFirst(marker.width)]
            index += 1
            while index < lines.count, let line = marker.content(of: lines, at: index) {
                content.append(line)
                index += 1
            }
            items.append(.element(.li, nested(content, levels: 2)))
        }
        return first.number.map { .ordered(start: $0, items) } ?? .element(.ul, items)
    }

    /// Blocks inside a block; an item of one paragraph is that paragraph's text.
    private func nested(_ lines: [Line], levels: Int) -> [MarkdownNode] {
        var parser = MarkdownBlocks(depth: depth - levels)
        let blocks = parser.parse(lines)
        if blocks.count == 1, case .element(.paragraph, let children) = blocks[0] { return children }
        return blocks
    }

    // MARK: Lines

    private static func joined(_ lines: [Line]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, line) in lines.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\n")) }
            bytes.append(contentsOf: line)
        }
        return bytes
    }

    static func isBlank(_ line: Line) -> Bool { line.allSatisfy(isSpace) }

    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Without up to three leading spaces; more would make it code in CommonMark, and text here.
    static func unindented(_ line: Line) -> Line {
        line.dropFirst(min(line.prefix { $0 == UInt8(ascii: " ") }.count, 3))
    }

    static func trimmed(_ line: Line) -> Line {
        let start = line.drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return start.prefix(0) }
        return start[...last]
    }

    private static func isRule(_ line: Line) -> Bool {
        guard let mark = line.first, mark == UInt8(ascii: "-") || mark == UInt8(ascii: "*") || mark == UInt8(ascii: "_")
        else { return false }
        return line.allSatisfy { $0 == mark || isSpace($0) } && line.count { $0 == mark } >= 3
    }
}

/// The line that opens a fenced code block.
private struct Fence {
    private let mark: UInt8
    private let length: Int
    let language: String

    init?(_ line: ArraySlice<UInt8>) {
        guard let mark = line.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        length = line.prefix { $0 == mark }.count
        let info = MarkdownBlocks.trimmed(line.dropFirst(length))
        guard length >= 3, !info.contains(UInt8(ascii: "`")) else { return nil }
        self.mark = mark
        let word = info.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "#"):
                true
            default: false
            }
        }
        language = String(decoding: word.prefix(32), as: UTF8.self)
    }

    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
        let count = line.prefix { $0 == mark }.count
        return count >= length && MarkdownBlocks.isBlank(line.dropFirst(count))
    }
}

/// What stands before a list item's text.
private struct ListMarker {
    /// The bytes before the item's text.
    let width: Int
    /// An ordered item's; `nil` for a bullet.
    let number: Int?
    private let mark: UInt8

    init?(_ line: ArraySlice<UInt8>) {
        let indent = line.prefix { $0 == UInt8(ascii: " ") }.count
        let rest = line.dropFirst(indent)
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.prefix(10)
        let afterDigits = rest.dropFirst(digits.count)
        guard indent <= 3, let mark = afterDigits.first,
            digits.isEmpty
                ? mark == UInt8(ascii: "-") || mark == UInt8(ascii: "*") || mark == UInt8(ascii: "+")
                : digits.count <= 9 && (mark == UInt8(ascii: ".") || mark == UInt8(ascii: ")")),
            let space = afterDigits.dropFirst().first, MarkdownBlocks.isSpace(space),
            !MarkdownBlocks.isBlank(afterDigits.dropFirst())
        else { return nil }
        self.mark = mark
        number = digits.isEmpty ? nil : digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        width = indent + digits.count + 2
    }

    func continues(_ first: ListMarker) -> Bool { mark == first.mark && (number == nil) == (first.number == nil) }

    /// The line at `index` as part of the item: indented as its text is, or blank with such a line behind it.
    func content(of lines: [ArraySlice<UInt8>], at index: Int) -> ArraySlice<UInt8>? {
        let line = lines[index]
        if MarkdownBlocks.isBlank(line) {
            let next = index + 1
            return next < lines.count && isIndented(lines[next]) ? line.prefix(0) : nil
        }
        return isIndented(line) ? line.dropFirst(min(width, line.prefix(while: MarkdownBlocks.isSpace).count)) : nil
    }

    private func isIndented(_ line: ArraySlice<UInt8>) -> Bool {
        line.prefix { $0 == UInt8(ascii: " ") }.count >= min(width, 2) && !MarkdownBlocks.isBlank(line)
    }
}
