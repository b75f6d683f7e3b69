import Foundation

/// How much the terms of a question weigh, and which share of their weight another text has.
struct TermWeights {
    /// A small community's few answers say little of how rare a word is; so many others are taken to lack it.
    private static let others = 100.0
    /// A character is about this much of a word.
    private static let character = 0.6
    /// What a character alone counts for, where its neighbours are others.
    private static let single = 0.35
    private static let light = 0.4

    private let count: Double
    private let frequency: (String) -> Int

    /// - Parameter frequency: How many texts of `count` answers have a term.
    init(_ count: Int, frequency: @escaping (String) -> Int) {
        self.count = Double(count) + Self.others
        self.frequency = frequency
    }

    func share(of asked: Reading, in other: Reading) -> Double {
        share(of: asked, in: other, or: Reading(""), countingFor: 0)
    }

    /// - Parameter factor: What counts for a term that only `second` has.
    func share(
        of asked: Reading, in first: Reading, or second: Reading, countingFor factor: Double
    ) -> Double {
        var (all, found) = (0.0, 0.0)
        for word in asked.words {
            let weight = weight(of: word)
            all += weight
            found += weight * (first.words.contains(word) ? 1 : second.words.contains(word) ? factor : 0)
        }
        for run in asked.runs {
            for (place, character) in run.enumerated() {
                let weight = Self.character * weight(of: String(character))
                all += weight
                found += weight * max(match(place, of: run, in: first), factor * match(place, of: run, in: second))
            }
        }
        return all > 0 ? found / all : 0
    }

    private func match(_ place: Int, of run: [Character], in other: Reading) -> Double {
        guard other.characters.contains(run[place]) else { return 0 }
        let stands =
            run.count == 1
            || place > 0 && other.pairs.contains(.init(run[place - 1], run[place]))
            || place + 1 < run.count && other.pairs.contains(.init(run[place], run[place + 1]))
        return stands ? 1 : Self.single
    }

    /// The inverse document frequency that BM25 uses.
    private func weight(of term: String) -> Double {
        let those = Double(frequency(term))
        return max(0, log1p((count - those + 0.5) / (those + 0.5))) * (Wording.light.contains(term) ? Self.light : 1)
    }
}
