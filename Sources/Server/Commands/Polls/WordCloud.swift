import Moderation

/// The words of a short answer, each once, as the cloud counts them: cut and folded as search does it.
///
/// A run of up to four Han, Kana or Hangul characters stays one word, since that is what people write into a cloud; of a
/// longer one its overlapping pairs count, so that what many of them share still stands out.
enum WordCloud {
    static let longestRun = 4

    static func words(in text: String) -> Set<String> {
        var words: Set<String> = []
        var run: [Term] = []
        for term in SearchTokeniser.terms(in: text) {
            if let last = run.last, term.span.lowerBound < last.span.upperBound {
                run.append(term)
            } else {
                words.formUnion(self.words(of: run))
                run = [term]
            }
        }
        return words.union(self.words(of: run))
    }

    /// - Parameter run: Terms that overlap: pairs, and at the end the last character alone.
    private static func words(of run: [Term]) -> [String] {
        let pairs = run.count > 1 ? run.dropLast() : run[...]
        guard pairs.count < longestRun, let first = pairs.first else { return pairs.map(\.text) }
        return [pairs.dropFirst().reduce(first.text) { $0 + $1.text.suffix(1) }]
    }
}
