import ArgumentParser
import Foundation

/// One line of a corpus: `{"label": …, "text": …}`, where the label is 0 or 1, a name, or a list of names.
struct LabelledText: Decodable {
    var labels: Set<String>
    var text: String

    /// What corpora call text that nothing is wrong with.
    private static let cleanNames: Set<String> = ["", "0", "clean", "ham", "normal", "ok", "none", "neither", "false"]

    private enum CodingKeys: String, CodingKey { case label, text }

    init(labels: Set<String>, text: String) {
        self.labels = labels
        self.text = text
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        text = try container.decode(String.self, forKey: .text)
        labels = Set(try Self.names(in: container)).subtracting(Self.cleanNames)
    }

    private static func names(in container: KeyedDecodingContainer<CodingKeys>) throws -> [String] {
        if let number = try? container.decode(Int.self, forKey: .label) { return [String(number)] }
        if let flag = try? container.decode(Bool.self, forKey: .label) { return [flag ? "1" : "0"] }
        if let name = try? container.decode(String.self, forKey: .label) { return [name] }
        if let numbers = try? container.decode([Int].self, forKey: .label) { return numbers.map(String.init) }
        return try container.decode([String].self, forKey: .label)
    }

    /// Reads a corpus, refusing a bad line by its number. Empty lines are skipped.
    static func read(_ path: String) throws -> [LabelledText] {
        let decoder = JSONDecoder()
        let lines = try readInput(path).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { index, line in
            guard line.contains(where: { $0 > 0x20 }) else { return nil }
            do {
                return try decoder.decode(LabelledText.self, from: line)
            } catch {
                throw failure(.badData, "\(path):\(index + 1): not a line with \"label\" and \"text\"")
            }
        }
    }
}
