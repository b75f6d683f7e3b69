import Transport

/// What of a file is asked for: the whole, a part, or a part that is not there (RFC 9110 section 14).
///
/// One range is answered, which is what seeking in films and taking a download up again needs. A request for several
/// gets the whole, as the RFC lets a server do: many small ranges would cost more than they bring.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    case unsatisfiable

    /// - Parameters:
    ///   - byteCount: The file's length.
    ///   - tag: The file's strong entity tag. An `If-Range` that names another one, or a date, asks for the whole.
    init(of head: RequestHead, byteCount: Int, tag: String) {
        let fields = head.headerValues("range")
        guard head.method == "GET", fields.count == 1, let field = fields.first,
            head.header("if-range").map({ $0 == tag }) ?? true
        else {
            self = .whole
            return
        }
        self = Self.parse(field, byteCount: byteCount)
    }

    /// A field that the grammar does not know, such as another unit, is passed over.
    static func parse(_ field: String, byteCount: Int) -> ByteRange {
        let sides = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2, sides[0].lowercased() == "bytes" else { return .whole }
        let ends = sides[1].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = position(ends[0]), let last = position(ends[1]) else { return .whole }
        switch (first, last) {
        case (nil, nil): return .whole
        case (nil, let suffix?): return suffix > 0 ? within(max(0, byteCount - suffix), byteCount) : .unsatisfiable
        case (let first?, nil): return within(first, byteCount)
        case (let first?, let last?): return last < first ? .whole : within(first, min(last, byteCount - 1) + 1)
        }
    }

    private static func within(_ start: Int, _ end: Int) -> ByteRange {
        start < end ? .part(start..<end) : .unsatisfiable
    }

    /// - Returns: An inner `nil` for no digits, an outer one for what is no number; numbers past any file are clamped.
    private static func position(_ text: Substring) -> Int?? {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return .none }
        return .some(text.isEmpty ? nil : Int(text) ?? Int.max - 1)
    }
}
