import LyceumProtocol

/// Markdown as chat uses it, read into a tree so that a client builds nodes and never parses markup.
///
/// CommonMark's blocks and emphasis, without HTML, images, reference links and setext headings; with `~~struck~~`,
/// `||spoiler||` and bare links. A line break stays a line break. Emphasis needs no space beside Han text, which
/// CommonMark's flanking rules ask for. Every step is linear in the text (TESTING A18), and the tree is at most
/// ``maximumDepth`` deep whatever the text says.
enum Markdown {
    /// Levels of the tree; with the event round it, less than what the JSON scanner takes.
    static let maximumDepth = 10

    /// The text's blocks; `nil` if it has no markup and can be shown as it stands.
    static func tree(of text: String) -> [MarkdownNode]? {
        var text = text
        guard text.withUTF8(mayHaveMarkup) else { return nil }
        var blocks = MarkdownBlocks(depth: maximumDepth)
        let nodes = blocks.parse(lines(of: Array(text.utf8)))
        return blocks.foundMarkup ? nodes : nil
    }

    /// Writes the field `tree`, if the text has any markup.
    static func writeTree(of text: String, to json: inout JSONWriter) {
        guard let tree = tree(of: text) else { return }
        json.field("tree", array: tree) { $1.write(to: &$0) }
    }

    /// One look at each byte, which spares most texts the rest: true for whatever could begin markup where it stands.
    private static func mayHaveMarkup(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var beginsLine = true
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "`"), UInt8(ascii: "["),
                UInt8(ascii: "|"), UInt8(ascii: "\\"):
                return true
            case UInt8(ascii: ":") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/"):
                return true
            case UInt8(ascii: "#"), UInt8(ascii: ">"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                if beginsLine { return true }
            case UInt8(ascii: "\n"): beginsLine = true
            case UInt8(ascii: " "): break
            default: beginsLine = false
            }
        }
        return false
    }

    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
    }
}
