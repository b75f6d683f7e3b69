/// Takes from a script what only those who read its source need: comments, and spaces and line ends between tokens.
///
/// After Crockford's JSMin, which keeps a line end wherever the language might end a statement there, with two
/// differences: it knows template literals, with code nested in them, and drops a comma before a closing bracket.
struct ScriptMinifier {
    private let script: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    /// White space or a comment stood before the token that comes, and a line end was in it.
    private var sawSpace = false
    private var sawLineEnd = false
    /// Open braces, and how many there were where each template that is open went over into code.
    private var depth = 0
    private var templates: [Int] = []

    static func minify(_ script: [UInt8]) -> [UInt8] {
        var minifier = ScriptMinifier(script: script)
        minifier.run()
        return minifier.output
    }

    private init(script: [UInt8]) { self.script = script }

    private mutating func run() {
        while let byte = peek() {
            if byte <= UInt8(ascii: " ") {
                skipSpace(byte)
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while let next = peek(), next != UInt8(ascii: "\n") { position += 1 }
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                skipBlockComment()
            } else {
                separate(from: byte)
                copyToken(byte)
            }
        }
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < script.count ? script[position + ahead] : nil
    }

    // MARK: Between tokens

    private mutating func skipSpace(_ byte: UInt8) {
        sawSpace = true
        if byte == UInt8(ascii: "\n") { sawLineEnd = true }
        position += 1
    }

    private mutating func skipBlockComment() {
        position += 2
        while let byte = peek(), !(byte == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) { skipSpace(byte) }
        position = min(position + 2, script.count)
        sawSpace = true
    }

    private mutating func separate(from next: UInt8) {
        defer { (sawSpace, sawLineEnd) = (false, false) }
        guard sawSpace, let last = output.last else { return }
        if last == UInt8(ascii: ","), ")]}".utf8.contains(next) {
            output.removeLast()
        } else if sawLineEnd, Self.mayEndStatement(last), Self.mayBeginStatement(next) {
            output.append(UInt8(ascii: "\n"))
        } else if Self.isWord(last) && Self.isWord(next) || last == next && "+-/".utf8.contains(next) {
            output.append(UInt8(ascii: " "))
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "#"), 128...:
            true
        default: false
        }
    }

    private static func mayEndStatement(_ byte: UInt8) -> Bool { isWord(byte) || "}])+-\"'`/".utf8.contains(byte) }
    private static func mayBeginStatement(_ byte: UInt8) -> Bool { isWord(byte) || "{[(+-!~\"'`/*".utf8.contains(byte) }

    // MARK: Tokens

    private mutating func copyToken(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): copyText(endingWith: byte)
        case UInt8(ascii: "`"):
            copy()
            copyTemplate()
        case UInt8(ascii: "/") where beginsExpression: copyExpression()
        case UInt8(ascii: "{"):
            depth += 1
            copy()
        case UInt8(ascii: "}"):
            depth -= 1
            copy()
            if templates.last == depth {
                templates.removeLast()
                copyTemplate()
            }
        default: copy()
        }
    }

    private mutating func copy() {
        guard let byte = peek() else { return }
        output.append(byte)
        position += 1
    }

    private mutating func copyText(endingWith quote: UInt8) {
        copy()
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") { copy() }
            copy()
            if byte == quote { return }
        }
    }

    /// To the end of the template, or to the code that is nested in it.
    private mutating func copyTemplate() {
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") { copy() }
            copy()
            if byte == UInt8(ascii: "`") { return }
            if byte == UInt8(ascii: "$"), peek() == UInt8(ascii: "{") {
                templates.append(depth)
                depth += 1
                return copy()
            }
        }
    }

    /// A regular expression, in whose classes a slash is no end.
    private mutating func copyExpression() {
        var isInClass = false
        copy()
        while let byte = peek(), byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\\") { copy() }
            copy()
            if byte == UInt8(ascii: "[") { isInClass = true }
            if byte == UInt8(ascii: "]") { isInClass = false }
            if byte == UInt8(ascii: "/"), !isInClass { return }
        }
    }

    /// Whether a slash here divides nothing: no value stands before it.
    private var beginsExpression: Bool {
        guard let last = output.last else { return true }
        if "(,=:[!&|?{;+-*%<>~^\n".utf8.contains(last) { return true }
        let word = output.reversed().prefix { Self.isWord($0) }.reversed()
        return ["return", "typeof", "case", "in", "of", "await", "void"].contains(String(decoding: word, as: UTF8.self))
    }
}
