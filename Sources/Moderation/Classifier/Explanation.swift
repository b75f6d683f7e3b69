/// Why one head scored a text as it did: a sum, taken apart.
public struct Explanation: Sendable, Equatable {
    /// One addend of the raw score.
    public struct Term: Sendable, Equatable {
        public let token: String
        /// Its part of ``Explanation/raw``: positive speaks for the label.
        public let weight: Double
        /// Its place in the original, in UTF-8 bytes; `nil` for the shape of the text.
        public let span: Range<Int>?
    }

    /// Each feature of the text that moves the score, in the order of the text.
    public let terms: [Term]
    /// What the head scores before it has seen any feature.
    public let offset: Double
    /// The raw score: `offset` plus the weight of every term.
    public let raw: Double

    /// The strongest tokens, whose weights are the sums of the features that share their text, strongest first.
    ///
    /// - Parameter isPositive: Whether to list what speaks for the label, or what speaks against it.
    public func strongest(_ count: Int, isPositive: Bool = true) -> [Term] {
        var sums: [String: (weight: Double, span: Range<Int>?)] = [:]
        for term in terms { sums[term.token, default: (0, term.span)].weight += term.weight }
        return sums.filter { isPositive ? $0.value.weight > 0 : $0.value.weight < 0 }
            .map { Term(token: $0.key, weight: $0.value.weight, span: $0.value.span) }
            .sorted { (abs($0.weight), $1.token) > (abs($1.weight), $0.token) }
            .prefix(count).map { $0 }
    }
}

extension Classifier {
    /// Takes apart the score of one head.
    ///
    /// - Parameters:
    ///   - features: What ``FeatureExtractor`` made of `text`.
    ///   - text: The text they were made from, for the words of the answer.
    public func explain(_ features: Features, of text: NormalisedText, head: Int) -> Explanation {
        let features = read(features)
        var terms: [Explanation.Term] = []
        for (origin, weight) in zip(features.origins, weights(of: features, head: head)) where weight != 0 {
            terms.append(.init(token: origin.token(in: text), weight: weight, span: origin.span(in: text)))
        }
        let raw = rawScores(sums(of: features))[head]
        return Explanation(terms: terms, offset: constants(ofHead: head).offset, raw: raw)
    }

    /// ``Explanation/strongest(_:isPositive:)`` of what speaks for the label, without writing out what is not asked for:
    /// every text that is held is explained.
    public func strongest(
        _ count: Int, _ features: Features, of text: NormalisedText, head: Int
    ) -> [Explanation.Term] {
        let features = read(features)
        var places: [(key: UInt64, index: Int, weight: Double)] = []
        for (index, weight) in weights(of: features, head: head).enumerated() where weight != 0 {
            places.append((features.origins[index].place, index, weight))
        }
        places.sort { ($0.key, $0.index) < ($1.key, $1.index) }
        var sums: [(index: Int, weight: Double)] = []
        for (number, place) in places.enumerated() {
            if number > 0, places[number - 1].key == place.key {
                sums[sums.count - 1].weight += place.weight
            } else {
                sums.append((place.index, place.weight))
            }
        }
        return sums.filter { $0.weight > 0 }.sorted { ($0.weight, $1.index) > ($1.weight, $0.index) }.prefix(count)
            .map { sum in
                let origin = features.origins[sum.index]
                return .init(token: origin.token(in: text), weight: sum.weight, span: origin.span(in: text))
            }
    }

    /// The part of each feature in the raw score of a head.
    private func weights(of features: Features, head: Int) -> [Double] {
        let perFeature = constants(ofHead: head).perFeature
        let sums = sums(byFeatureOf: features, head: head)
        let known = sums.reduce(0) { $0 + $1.known }
        let (bayesScale, weightScale) = (bayesScale(known: known), Self.weightScale(known: known))
        return sums.map { sum in
            let bayes = Self.logarithm(sum.logarithms) + Double(sum.known) * perFeature
            return bayesScale * bayes + Double(sum.weights) * weightScale
        }
    }
}

extension Features.Origin {
    /// Equal for features that stand for the same stretch of the text, or for the same shape.
    fileprivate var place: UInt64 {
        switch kind {
        case .length, .digitCount, .capitals, .link: UInt64.max - UInt64(kind.rawValue)
        // A number is shown by its length, other tokens by their letters.
        case .digits: 1 << 63 | UInt64(first) << 32 | UInt64(last)
        case .word, .single, .pair, .skippingPair, .triple, .fragment, .sound: UInt64(first) << 32 | UInt64(last)
        }
    }

    /// The text of the feature, or the name of a shape in parentheses.
    func token(in text: NormalisedText) -> String {
        switch kind {
        case .length: "(length ≥ \(Self.lowest(first)))"
        case .digitCount: "(digits ≥ \(Self.lowest(first)))"
        case .capitals: first == 4 ? "(no letters)" : "(capitals ≥ \(first * 25) %)"
        case .link: "(link)"
        case .digits: "(\(text.tokens[Int(first)].range.count)-digit number)"
        // People read words, so a fragment is shown as the word that it is part of.
        case .word, .single, .pair, .skippingPair, .triple, .fragment, .sound:
            String(
                decoding: text.plain.bytes[
                    Int(text.tokens[Int(first)].start)..<Int(text.tokens[Int(last)].end)], as: UTF8.self)
        }
    }

    /// Where it stands in the original, in UTF-8 bytes; `nil` for a shape.
    func span(in text: NormalisedText) -> Range<Int>? {
        switch kind {
        case .length, .digitCount, .capitals, .link: nil
        case .word, .single, .pair, .skippingPair, .triple, .fragment, .sound, .digits:
            Int(text.tokens[Int(first)].originalStart)..<Int(text.tokens[Int(last)].originalEnd)
        }
    }

    /// The smallest number of that many bits.
    private static func lowest(_ magnitude: UInt32) -> Int { magnitude == 0 ? 0 : 1 << (Int(magnitude) - 1) }
}
