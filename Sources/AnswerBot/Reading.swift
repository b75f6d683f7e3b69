import Foundation

/// What the bot reads of a text before it counts terms, of questions and answers alike, so that two ways to ask the
/// same meet.
///
/// Words that say only that something is asked go; English plurals become singular by the S stemmer (Harman, "How
/// Effective Is Suffixing?", 1991); and beside its pairs of characters each Han character counts by itself, since
/// 重置密码 and 重设密码 share one pair of three but three characters of four.
enum Reading {
    /// What the index is given.
    static func indexed(_ text: String) -> String {
        let plain = withoutAsking(text.lowercased())
        let han = plain.unicodeScalars.filter { $0.properties.isIdeographic }
        return plain + " " + han.map { String($0) }.joined(separator: " ")
    }

    /// Whether a text asks something.
    static func asks(_ text: String) -> Bool {
        text.unicodeScalars.last { !$0.properties.isWhitespace }.map { $0 == "?" || $0 == "？" } ?? false
    }

    static func isChinese(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isIdeographic } }

    private static func withoutAsking(_ text: String) -> String {
        var text = text
        for phrase in chinese { text = text.replacing(phrase, with: " ") }
        let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return words.filter { !english.contains($0) }.map(singular).joined(separator: " ")
    }

    private static func singular(_ word: String) -> String {
        guard word.count > 3, word.hasSuffix("s"), word.allSatisfy(\.isASCII) else { return word }
        if word.hasSuffix("ies"), !word.hasSuffix("eies"), !word.hasSuffix("aies") { return word.dropLast(3) + "y" }
        if word.hasSuffix("es"), !["aes", "ees", "oes"].contains(where: word.hasSuffix) {
            return String(word.dropLast())
        }
        return word.hasSuffix("us") || word.hasSuffix("ss") ? word : String(word.dropLast())
    }

    /// Longer ones first, so that none is broken by a part of it.
    private static let chinese = [
        "有没有人知道", "有人知道", "谁知道", "想问一下", "请问一下", "有没有办法", "有什么办法", "能不能", "可不可以", "是不是",
        "为什么", "怎么样", "怎么办", "有没有", "什么时候", "多长时间", "请问", "怎么", "怎样", "如何", "什么", "哪里", "哪儿", "哪个",
        "可以", "应该", "需要", "我们", "你们", "大家", "一下", "多久", "谢谢", "吗", "呢", "的", "了", "我", "你", "在", "是", "要",
        "能", "会", "吧", "啊",
    ]
    private static let english: Set<String> = [
        "a", "an", "the", "is", "are", "was", "were", "be", "been", "am", "do", "does", "did", "done", "have", "has",
        "had",
        "can", "could", "will", "would", "should", "shall", "may", "might", "must", "i", "you", "we", "they", "he",
        "she",
        "it", "my", "your", "our", "their", "me", "us", "them", "this", "that", "these", "those", "there", "here",
        "what",
        "which", "who", "whom", "where", "when", "why", "how", "to", "of", "in", "on", "at", "for", "from", "by",
        "with",
        "about", "and", "or", "but", "if", "so", "any", "some", "anybody", "anyone", "somebody", "someone", "know",
        "please", "thanks", "thank", "way", "get", "need", "want", "tell", "s", "t", "m", "re", "ve", "d", "ll", "don",
        "does", "long", "much", "many", "possible", "not",
    ]
}
