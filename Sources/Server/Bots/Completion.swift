import Moderation

/// What somebody has begun to type, and how well a name answers to it.
struct Completion {
    private let typed: String
    private let letters: [UInt8]

    init(of text: String) {
        var typed = Pinyin.folded(text)[...]
        while let first = typed.first, first == "/" || first == " " { typed.removeFirst() }
        self.typed = String(typed)
        letters = Array(self.typed.utf8).filter { $0 != UInt8(ascii: " ") }
    }

    /// The elements that answer, best first; equal ones stay in order.
    func best<Element>(
        _ elements: [Element], limit: Int, names: (Element) -> [String]
    ) -> [Element] {
        let ranked = elements.enumerated().compactMap { index, element in
            rank(of: names(element)).map { (rank: $0, index: index, element: element) }
        }
        return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.prefix(limit).map(\.element)
    }

    /// The rank of the best name, a later name counting behind an earlier one; `nil` if none answers.
    private func rank(of names: [String]) -> Int? {
        names.enumerated().compactMap { place, name in rank(of: name).map { $0 * 8 + min(place, 7) } }.min()
    }

    private func rank(of name: String) -> Int? {
        guard !name.isEmpty else { return nil }
        let folded = Pinyin.folded(name)
        if folded == typed { return 0 }
        if folded.hasPrefix(typed) { return 1 }
        if let reading = Pinyin(folded) {
            if reading.initials.starts(with: letters) { return 2 }
            if reading.whole.starts(with: letters) { return 3 }
        }
        return folded.contains(typed) ? 4 : nil
    }
}
