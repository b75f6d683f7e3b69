extension Classifier {
    /// This classifier with only the `count` slots that move scores most, to be shipped as a small file.
    ///
    /// A pruned model is one to start from: decisions learned before are no longer to be un-learned from it.
    public func pruned(keeping count: Int) -> Classifier {
        let ranked = (0..<table.slotCount).lazy
            .map { (slot: $0, influence: influence(ofSlot: $0)) }.filter { $0.influence > 0 }
            .sorted { ($0.influence, $1.slot) > ($1.influence, $0.slot) }
        var smaller = CountTable(slotBits: table.slotBits, headCount: labels.count)
        for (slot, _) in ranked.prefix(count) {
            for (word, value) in table.words(ofSlot: slot).enumerated() {
                smaller.set(slot: slot, word: word, to: value)
            }
        }
        let heads = heads.enumerated().map { index, head in
            var head = head
            head.vocabulary = smaller.vocabulary(ofHead: index)
            return head
        }
        return Classifier(labels: labels, tuning: tuning, table: smaller, heads: heads)
    }

    /// The largest part that a slot has in any head's score, by how often it is met.
    private func influence(ofSlot slot: Int) -> Double {
        let words = Array(table.words(ofSlot: slot))
        return labels.indices.reduce(0) { largest, head in
            let word = head * CountTable.wordsPerHead
            let (negative, positive) = (Double(words[word]), Double(words[word + 1]))
            guard negative + positive > 0 else { return largest }
            let bayes =
                ExactMath.ln((positive + tuning.smoothing) / (negative + tuning.smoothing))
                + constants(ofHead: head).perFeature
            let weight = Double(words[word + 2]) / Double(1 << CountTable.weightFractionBits)
            let influence = abs(tuning.damping * bayes + weight) * (negative + positive).squareRoot()
            return max(largest, influence)
        }
    }
}
