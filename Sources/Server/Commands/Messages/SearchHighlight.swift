import Moderation

/// Where a query's words stand in a text that it found.
enum SearchHighlight {
    /// In UTF-16 code units of `text`, as browsers and most clients count, in order and without overlaps.
    static func spans(of query: String, in text: String) -> [Range<Int>] {
        SearchTokeniser.highlights(of: SearchTokeniser.phrases(in: query), in: text).map { span in
            utf16Offset(span.lowerBound, in: text)..<utf16Offset(span.upperBound, in: text)
        }
    }

    private static func utf16Offset(_ bytes: Int, in text: String) -> Int {
        let index = text.utf8.index(text.startIndex, offsetBy: bytes)
        return text.utf16.distance(from: text.startIndex, to: index)
    }
}
