import LyceumProtocol

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Several words or characters that belong together.
public struct Phrase: Sendable, Equatable {
    public let text: String
    public let count: Int
    /// Normalised pointwise mutual information for English (−1...1), the weakest split's bits for Chinese.
    public let association: Double
    public let isChinese: Bool
}

extension Phrases {
    /// Phrases that pass the thresholds, most frequent first.
    ///
    /// English by normalised mutual information (Bouma, 2009); Chinese by the weakest split's mutual information and the
    /// entropy of both neighbours, a text's end counting as a neighbour of its own.
    func phrases(minimumCount: Int = 5, npmi: Double = 0.3, bits: Double = 5, entropy: Double = 1.5) -> [Phrase] {
        var words = 0.0
        var characters = 0.0
        var right = [Double](repeating: 0, count: grams.count)
        var left = right
        var rightSeen = right
        var leftSeen = right
        for number in grams.indices where grams[number].count > 0 {
            let gram = grams[number]
            if gram.kind == .word { words += Double(gram.count) }
            guard gram.kind == .characters else { continue }
            if gram.length == 1 { characters += Double(gram.count) }
            guard gram.length > 1 else { continue }
            let count = Double(gram.count)
            let head = Int(gram.head)
            right[head] -= count * log2(count)
            rightSeen[head] += count
            if let tail = numbers.find(TermScanner.wordHash(String(name(number).dropFirst()))).map(Int.init) {
                left[tail] -= count * log2(count)
                leftSeen[tail] += count
            }
        }
        var found: [Phrase] = []
        for number in grams.indices where grams[number].count >= UInt32(minimumCount) && grams[number].length > 1 {
            let gram = grams[number]
            let count = Double(gram.count)
            if gram.kind == .words {
                guard let value = self.npmi(gram, of: words), value >= npmi else { continue }
                found.append(Phrase(text: name(number), count: Int(count), association: value, isChinese: false))
            } else if gram.length <= Self.longest {
                // Σ −p·log p over neighbours, with p = c/count; ends of texts are neighbours seen once each.
                let index = Int(number)
                guard (right[index] / count + log2(count)) >= entropy, (left[index] / count + log2(count)) >= entropy,
                    rightSeen[index] <= count, leftSeen[index] <= count
                else { continue }
                let weakest = weakestSplit(number, of: characters)
                guard weakest >= bits else { continue }
                found.append(Phrase(text: name(number), count: Int(count), association: weakest, isChinese: true))
            }
        }
        return found.sorted { $0.count != $1.count ? $0.count > $1.count : $0.text < $1.text }
    }

    /// Whether two characters stand together far more often than chance: a quick test for showing a topic.
    func isFirm(_ pair: String) -> Bool {
        guard let number = numbers.find(TermScanner.wordHash(pair)), grams[number].count >= 5 else { return false }
        let parts = pair.map(String.init)
        guard parts.count == 2 else { return false }
        let (first, second) = (Double(count(of: parts[0])), Double(count(of: parts[1])))
        // A pair that makes up much of what either character is ever used for.
        return Double(grams[number].count) * Double(grams[number].count) >= 0.02 * first * second
    }

    private func npmi(_ gram: Gram, of total: Double) -> Double? {
        guard total > 0 else { return nil }
        let joint = Double(gram.count)
        let product = Double(grams[gram.head].count) * Double(grams[gram.tail].count)
        guard product > 0, joint < total else { return nil }
        return log(joint * total / product) / -log(joint / total)
    }

    private func weakestSplit(_ number: UInt32, of total: Double) -> Double {
        let gram = grams[number]
        let scalars = Array(name(number))
        var weakest = Double.infinity
        for cut in 1..<max(2, scalars.count) {
            let product = Double(count(of: String(scalars[..<cut]))) * Double(count(of: String(scalars[cut...])))
            guard product > 0 else { return -.infinity }
            weakest = min(weakest, log2(Double(gram.count) * total / product))
        }
        return weakest
    }
}
