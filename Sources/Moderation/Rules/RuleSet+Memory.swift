import Locking
import LyceumProtocol

/// What one text comes to beside those before it.
extension RuleSet {
    /// Asks the rules about rates and repeats, and notes the text for them.
    func remember(
        _ text: NormalisedText, _ context: RuleContext, _ scratch: inout RuleScratch, _ memory: Locked<RuleMemory>,
        into spans: inout [Int: [Range<Int>]]
    ) {
        guard hasSpanningWords || !remembering.isEmpty else { return }
        if leastSimilarity != nil { scratch.sample.read(text.units) }
        let sample = scratch.sample
        let before = memory.withLock { memory in
            if let leastSimilarity { memory.texts.look(for: sample, similarity: leastSimilarity) }
            for index in remembering where repeats(index, text, context, &memory) { spans[index] = [] }
            if leastSimilarity != nil { memory.texts.add(sample, context) }
            return hasSpanningWords ? memory.tails.exchange(text, context) : nil
        }
        if let before { findSpanningWords(text, behind: before, &scratch, into: &spans) }
    }

    private func repeats(
        _ index: Int, _ text: NormalisedText, _ context: RuleContext, _ memory: inout RuleMemory
    ) -> Bool {
        switch rules[index].condition {
        case .flood(let condition):
            // Asked only of those whom it concerns: an exempt member's messages are not counted either.
            return rules[index].scope.admits(context, text)
                && memory.times.exceeds(condition, rule: keys[index], context)
        case .repeated(let condition):
            let shape = text.shape
            return shape.letters + shape.digits + shape.han >= condition.minimumCharacters
                && memory.texts.repeats(condition, context)
        default: return false
        }
    }

    /// Words that began in the author's last short message: only what crosses from one into the other counts.
    private func findSpanningWords(
        _ text: NormalisedText, behind before: [UInt8], _ scratch: inout RuleScratch,
        into spans: inout [Int: [Range<Int>]]
    ) {
        (before + text.plain.bytes).withUnsafeBufferPointer {
            normaliser.normalise($0, into: &scratch.joined, dense: denseViews)
        }
        var found: [Int: [Range<Int>]] = [:]
        findKeywords(scratch.joined, in: scratch.hyperscan, into: &found)
        for (index, ranges) in found {
            guard case .keyword(let condition) = rules[index].condition, condition.spansMessages else { continue }
            let crossing = ranges.filter { $0.lowerBound < before.count && $0.upperBound > before.count }
            // The part in this message, as far as it can be masked; the other part is already posted.
            let here = crossing.map { text.span(of: 0..<$0.upperBound - before.count, in: \.plain) }
            if !here.isEmpty { spans[index, default: []] += here }
        }
    }
}
