/// How letters that stood apart are read: `y o u b i t c h` as the likeliest words that the classifier knows.
///
/// Word by word, the likeliest row of words is that of the highest product of their frequencies (Norvig, "Natural
/// Language Corpus Data", 2009), found by Viterbi's algorithm. Frequencies are those of the count table, so what was
/// learned last is read at once. What is learned are the letters as written, never a reading, which later decisions
/// may change.
struct ChainReader {
    /// Longer words are read only as a whole chain.
    private static let longestWord = 16
    /// Letters of one text that are read; chains behind them keep the features they were written with.
    private static let mostLetters = 1024
    /// Words of a message of a chat, by which the decisions are taken for a number of words. Twice or half as many change
    /// little.
    private static let wordsPerMessage = 8.0
    /// What each letter of an unknown word costs, as Norvig has it.
    private static let costOfStrangeLetter = ExactMath.ln(10)

    let table: CountTable
    /// The cost of a word that came once, in natural logarithms.
    private let costOfOne: Double

    /// - Parameter decisions: How many decisions the table has counted.
    init(_ table: CountTable, decisions: Int64) {
        self.table = table
        costOfOne = ExactMath.ln(Double(max(1, decisions)) * Self.wordsPerMessage)
    }

    /// The same features with what the chains read as in place of what they were written with.
    func read(_ features: Features) -> Features {
        var result = Features()
        result.hanTokens = features.hanTokens
        result.hashes = Array(features.hashes[..<features.outsideChains])
        result.sounds = Array(features.sounds[..<features.outsideChains])
        result.origins = Array(features.origins[..<features.outsideChains])
        var seen = Set(result.hashes)
        var letters = WordLetters()
        var left = Self.mostLetters
        for chain in features.chains {
            left -= chain.letters.count
            guard left >= 0 else { break }
            write(chain, using: &letters) { hash, kind in
                if seen.insert(hash).inserted {
                    result.append(hash, .init(kind, chain.token, chain.token))
                }
            }
        }
        guard left < 0 else { return result }
        for index in features.outsideChains..<features.count where seen.insert(features.hashes[index]).inserted {
            result.append(features.hashes[index], features.origins[index])
        }
        return result
    }

    private func write(
        _ chain: Features.Chain, using letters: inout WordLetters, _ add: (UInt64, Features.Origin.Kind) -> Void
    ) {
        var before = chain.before
        for word in words(in: chain.letters) {
            letters.take(word)
            let hash = letters.hash
            letters.forEachPart(isDrawnOut: chain.isDrawnOut) { add($1, $0) }
            let outline = letters.hash
            add(FeatureHash.of(.word, hash), .word)
            if let before { add(FeatureHash.of(.pair, before, outline), .pair) }
            before = outline
        }
        if let before, let after = chain.after { add(FeatureHash.of(.pair, before, after), .pair) }
    }

    // MARK: Words

    /// The best way to a place in a chain.
    private struct Step {
        var cost = Double.infinity
        var from = 0
        var isKnown = false
    }

    /// The likeliest words of a chain, in their order; the letters between two that are known are one word too.
    func words(in chain: [UInt32]) -> [ArraySlice<UInt32>] {
        let steps = steps(chain)
        var words: [ArraySlice<UInt32>] = []
        var (end, strangeEnd) = (chain.count, chain.count)
        while end > 0 {
            let step = steps[end]
            if step.isKnown {
                if strangeEnd > end { words.append(chain[end..<strangeEnd]) }
                words.append(chain[step.from..<end])
                strangeEnd = step.from
            }
            end = step.from
        }
        if strangeEnd > 0 { words.append(chain[..<strangeEnd]) }
        return words.reversed()
    }

    private func steps(_ chain: [UInt32]) -> [Step] {
        var steps = [Step](repeating: Step(), count: chain.count + 1)
        steps[0].cost = 0
        let beginnings = chain.indices.map { start in
            start + 2 >= chain.count
                ? 0 : table.decisions(on: WordLetters.beginning(chain[start], chain[start + 1], chain[start + 2]))
        }
        let endings = chain.indices.map { last in
            last < 2 ? 0 : table.decisions(on: WordLetters.ending(chain[last - 2], chain[last - 1], chain[last]))
        }
        for start in chain.indices {
            var hash: UInt64 = 1
            for last in start..<chain.count {
                hash = FeatureHash.fold(hash, UInt64(chain[last]))
                let length = last - start + 1
                guard length <= Self.longestWord || length == chain.count else { continue }
                // Many a word that never came shares its slot with something that did: then its ends are strange.
                let most = length < 3 ? .max : min(beginnings[start], endings[last])
                let times = most > 0 ? min(most, table.decisions(on: FeatureHash.of(.word, hash))) : 0
                let saving = times > 0 ? ExactMath.ln(Double(times)) : -Double(length) * Self.costOfStrangeLetter
                let cost = steps[start].cost + costOfOne - saving
                if cost < steps[last + 1].cost { steps[last + 1] = Step(cost: cost, from: start, isKnown: times > 0) }
            }
        }
        return steps
    }
}
