import Community
import LyceumProtocol
import Moderation

/// A member's query in the language of FTS5. Nothing of it gets there but terms of the tokeniser, in quotes.
struct SearchExpression {
    /// More phrases or terms than these make a search dear and find nothing more.
    static let (maximumPhrases, maximumTerms) = (16, 64)
    /// With more rooms than this, looking at each hit's room is cheaper than reading every room's list.
    static let fewRooms = 16

    /// `nil` if the query has nothing in it to search for.
    let text: String?

    init(_ query: SearchQuery) {
        let phrases = SearchTokeniser.phrases(in: query.text).filter { !$0.terms.isEmpty }.prefix(Self.maximumPhrases)
        // `deplo*` asks for all that begins so.
        let wantsPrefix = query.text.last { !$0.isWhitespace } == "*"
        var parts = phrases.enumerated().map { index, phrase in
            let terms = phrase.terms.prefix(Self.maximumTerms).joined(separator: " ")
            let endsInPrefix = phrase.endsInPrefix || (wantsPrefix && index == phrases.count - 1)
            return "terms : \(Self.quoted(terms))\(endsInPrefix ? " *" : "")"
        }
        guard !parts.isEmpty else {
            text = nil
            return
        }
        if query.rooms.count <= Self.fewRooms {
            parts.append("(\(query.rooms.map { "place : \(Self.quoted("r\($0)"))" }.joined(separator: " OR ")))")
        }
        if let author = query.author { parts.append("place : \(Self.quoted("a\(author)"))") }
        text = parts.joined(separator: " AND ")
    }

    private static func quoted(_ term: String) -> String {
        "\"\(term.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
