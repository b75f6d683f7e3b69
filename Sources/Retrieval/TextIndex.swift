import Foundation
import Moderation

/// Finds the texts that say most of what a query says, best first, by BM25.
///
/// Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3, with the
/// inverse document frequency that never falls below zero, `ln(1 + (N − n + ½) / (n + ½))`. Terms are those of
/// ``SearchTokeniser``, so Chinese is found by its pairs of characters and every script as in the search of messages.
///
/// A pure value in memory: who keeps one fills it from the record at start.
public struct TextIndex<ID: Hashable & Sendable>: Sendable {
    private struct Posting: Sendable {
        let slot: Int32
        let count: Int32
    }

    private struct Document: Sendable {
        let id: ID
        /// Each different term once.
        let terms: [Int32]
    }

    public struct Match: Sendable {
        public let id: ID
        /// Greater than 0; comparable within one search.
        public let score: Double
    }

    /// How much the second occurrence of a term adds to the first.
    private static var saturation: Double { 1.2 }
    /// How much a long text has to say to count as much as a short one.
    private static var lengthWeight: Double { 0.75 }
    /// The most different terms of a query that count, the rarest: what a page of text asks for beyond them is common.
    private static var mostTerms: Int { 64 }

    /// How many postings may bring new texts into a search. Once they are spent, the commoner terms only weigh what
    /// the rarer ones have found: the strategy "continue" of Moffat and Zobel, "Self-Indexing Inverted Files for Fast
    /// Text Retrieval" (1996), section 4.
    private let postingLimit: Int
    private var termNumbers: [String: Int32] = [:]
    /// By a term's number, in order of slots.
    private var postings: [[Posting]] = []
    private var documents: [Document?] = []
    /// How many terms each text has, by slot. Apart from ``documents``, because it is read for every posting, and
    /// copying a document there would count references to its terms.
    private var lengths: [Int32] = []
    private var slots: [ID: Int32] = [:]
    private var freeSlots: [Int32] = []
    private var totalLength = 0

    public init(postingLimit: Int = 400_000) { self.postingLimit = postingLimit }

    public var count: Int { slots.count }

    /// Adds a text, or replaces the one of the same name.
    public mutating func add(_ id: ID, _ text: String) {
        remove(id)
        let terms = SearchTokeniser.terms(in: text)
        guard !terms.isEmpty else { return }
        var counts: [Int32: Int32] = [:]
        for term in terms { counts[number(of: term.text), default: 0] += 1 }
        let slot = freeSlots.popLast() ?? Int32(documents.count)
        if Int(slot) == documents.count {
            documents.append(nil)
            lengths.append(0)
        }
        documents[Int(slot)] = Document(id: id, terms: counts.keys.sorted())
        lengths[Int(slot)] = Int32(terms.count)
        slots[id] = slot
        totalLength += terms.count
        for (term, count) in counts {
            let place = Self.place(of: slot, in: postings[Int(term)])
            postings[Int(term)].insert(Posting(slot: slot, count: count), at: place)
        }
    }

    /// Forgets a text; does nothing if there is none of that name.
    public mutating func remove(_ id: ID) {
        guard let slot = slots.removeValue(forKey: id), let document = documents[Int(slot)] else { return }
        documents[Int(slot)] = nil
        freeSlots.append(slot)
        totalLength -= Int(lengths[Int(slot)])
        for term in document.terms {
            let place = Self.place(of: slot, in: postings[Int(term)])
            postings[Int(term)].remove(at: place)
        }
    }

    /// The texts that match best, best first, equal ones in the order they came.
    ///
    /// - Parameter isWanted: Asked only of those that would be among the best; what it refuses takes no place.
    /// - Complexity: O(postings of the query's terms), of which at most ``postingLimit`` find new texts.
    public func search(_ query: String, limit: Int, where isWanted: (ID) -> Bool = { _ in true }) -> [Match] {
        let terms = queryTerms(query)
        guard limit > 0, !terms.isEmpty else { return [] }
        var scores = [Double](repeating: 0, count: documents.count)
        var found: [Int32] = []
        var left = postingLimit
        for term in terms {
            let list = postings[Int(term)]
            let finds = left >= list.count || found.isEmpty
            left -= list.count
            weigh(list, findsNew: finds, &scores, &found)
        }
        return best(of: found, scores, limit, isWanted)
    }

    /// How many texts have a term, as the tokeniser cuts it.
    public func frequency(of term: String) -> Int { termNumbers[term].map { postings[Int($0)].count } ?? 0 }

    // MARK: How

    private mutating func number(of term: String) -> Int32 {
        if let known = termNumbers[term] { return known }
        let number = Int32(postings.count)
        termNumbers[term] = number
        postings.append([])
        return number
    }

    /// The different terms of a query that any text has, rarest first.
    private func queryTerms(_ query: String) -> [Int32] {
        let numbers = Set(SearchTokeniser.phrases(in: query).flatMap(\.terms).compactMap { termNumbers[$0] })
        let rarest = numbers.map { (count: postings[Int($0)].count, number: $0) }.filter { $0.count > 0 }
            .sorted { ($0.count, $0.number) < ($1.count, $1.number) }
        return rarest.prefix(Self.mostTerms).map(\.number)
    }

    private func weight(ofFrequency frequency: Int) -> Double {
        let (all, those) = (Double(count), Double(frequency))
        return log1p((all - those + 0.5) / (those + 0.5))
    }

    private func weigh(_ list: [Posting], findsNew: Bool, _ scores: inout [Double], _ found: inout [Int32]) {
        let weight = weight(ofFrequency: list.count)
        let perTerm = Self.lengthWeight * Double(self.count) / Double(totalLength)
        for posting in list {
            let slot = Int(posting.slot)
            if scores[slot] == 0 {
                guard findsNew else { continue }
                found.append(posting.slot)
            }
            let length = 1 - Self.lengthWeight + perTerm * Double(lengths[slot])
            let count = Double(posting.count)
            scores[slot] += weight * count * (Self.saturation + 1) / (count + Self.saturation * length)
        }
    }

    /// A heap of the best so far would save little: few of the many found ever come into the list.
    private func best(
        of found: [Int32], _ scores: [Double], _ limit: Int, _ isWanted: (ID) -> Bool
    ) -> [Match] {
        var best: [(slot: Int32, match: Match)] = []
        for slot in found {
            let score = scores[Int(slot)]
            if best.count == limit, let last = best.last, score < last.match.score { continue }
            guard let document = documents[Int(slot)], isWanted(document.id) else { continue }
            let place = best.firstIndex { $0.match.score < score || $0.match.score == score && $0.slot > slot }
            best.insert((slot, Match(id: document.id, score: score)), at: place ?? best.count)
            if best.count > limit { best.removeLast() }
        }
        return best.map(\.match)
    }

    /// Where the posting of a slot stands, or would stand.
    private static func place(of slot: Int32, in list: [Posting]) -> Int {
        var (low, high) = (0, list.count)
        // What is added last has the highest slot, unless one was free.
        if let last = list.last, last.slot < slot { return high }
        while low < high {
            let middle = (low + high) / 2
            if list[middle].slot < slot { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
