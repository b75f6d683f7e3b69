/// Takes from a style sheet what only those who read its source need: comments, and spaces that part nothing.
///
/// A space between words, or beside `(`, `:` before a pseudo-class, and the operators of `calc` may mean something and
/// stays; so do texts in quotes.
struct StyleMinifier {
    private let style: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    private var sawSpace = false

    static func minify(_ style: [UInt8]) -> [UInt8] {
        var minifier = StyleMinifier(style: style)
        minifier.run()
        return minifier.output
    }

    private init(style: [UInt8]) { self.style = style }

    private mutating func run() {
        while position < style.count {
            let byte = style[position]
            if byte <= UInt8(ascii: " ") {
                sawSpace = true
                position += 1
            } else if style[position...].starts(with: "/*".utf8) {
                skipComment()
            } else {
                separate(from: byte)
                copyToken(byte)
            }
        }
    }

    private mutating func skipComment() {
        position += 2
        while position < style.count, !style[position...].starts(with: "*/".utf8) { position += 1 }
        position = min(position + 2, style.count)
        sawSpace = true
    }

    private mutating func separate(from next: UInt8) {
        defer { sawSpace = false }
        if next == UInt8(ascii: "}"), output.last == UInt8(ascii: ";") { output.removeLast() }
        guard sawSpace, let last = output.last else { return }
        if !"{};,:(".utf8.contains(last), !"{};,)".utf8.contains(next) { output.append(UInt8(ascii: " ")) }
    }

    private mutating func copyToken(_ byte: UInt8) {
        copy()
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { return }
        while position < style.count {
            let next = style[position]
            if next == UInt8(ascii: "\\") { copy() }
            copy()
            if next == byte { return }
        }
    }

    private mutating func copy() {
        guard position < style.count else { return }
        output.append(style[position])
        position += 1
    }
}
