import Foundation
import LyceumProtocol
import Moderation

/// The rows of `lyceum bench moderate` for the normaliser and the rules.
enum RuleBench {
    static func rows(_ material: ModerateBench.Material) throws -> [ModerateBench.Row] {
        let normaliser = Normaliser()
        let texts = material.messages.prefix(1000).map { normaliser.normalised($0) }
        var rows = [normalise(normaliser, material)]
        for count in [100, 10_000, 100_000] {
            // Three that the messages show, so that finding and verifying are measured too.
            let words = ["加微信", "bonus", "debian"] + randomWords(count - 3, seed: UInt64(count))
            rows.append(try evaluate("scan \(count) keywords", keywordPack(words), texts, normaliser))
        }
        if let words = material.keywords {
            rows.append(try evaluate("scan \(words.count) keywords given", keywordPack(words), texts, normaliser))
        }
        rows.append(
            try evaluate("scan 10000 keywords and 500 expressions", mixedPack(material), texts, normaliser))
        return rows
    }

    private static func normalise(_ normaliser: Normaliser, _ material: ModerateBench.Material) -> ModerateBench.Row {
        var text = NormalisedText()
        let messages = material.messages.map { Array($0.utf8) }
        let bytes = messages.map(\.count).reduce(0, +) / messages.count
        return ModerateBench.rate("normalise", note: "\(bytes) bytes a message on average, one core") { index in
            messages[index % messages.count].withUnsafeBufferPointer { normaliser.normalise($0, into: &text) }
        }
    }

    private static func evaluate(
        _ name: String, _ yaml: String, _ texts: [NormalisedText], _ normaliser: Normaliser
    ) throws -> ModerateBench.Row {
        let clock = ContinuousClock()
        let start = clock.now
        let set = try RuleSet(sources: [("bench.yaml", yaml)], normaliser: normaliser)
        let seconds = (clock.now - start) / .seconds(1)
        var state = RuleState()
        let context = RuleContext(member: MemberID(1), room: RoomID(1), now: 0)
        var matches = 0
        // Through the buffer a text is lent and not copied, as in the stage, which has only one.
        let row = texts.withUnsafeBufferPointer { texts in
            ModerateBench.rate(name) { index in
                matches += set.evaluate(texts[index % texts.count], context, &state).matches.count
            }
        }
        return ModerateBench.Row(
            name: row.name, perSecond: row.perSecond,
            note:
                "normalised texts, one core; compiled in \(String(format: "%.2f", seconds)) s; \(matches > 0 ? "some" : "no") matches"
        )
    }

    // MARK: Packs

    private static func keywordPack(_ words: [String]) -> String {
        "pack: bench\nrules:\n" + keywordRule(words)
    }

    private static func keywordRule(_ words: [String]) -> String {
        "- id: words\n  kind: keyword\n  score: 1\n  reason: {en: words, zh: 词}\n  words:\n"
            + words.map { "  - '\($0.replacingOccurrences(of: "'", with: "''"))'\n" }.joined()
    }

    /// 10,000 keywords and 500 expressions.
    static func mixedPack(_ material: ModerateBench.Material) -> String {
        let patterns = randomWords(500, seed: 7).enumerated().map { index, word in
            ["\(word)\\d{3,8}", "\\b\(word)[a-z]{2,6}\\b", "(buy|sell) .{0,12}\(word)", "\(word)\\s?[:=]\\s?\\w+"][
                index % 4]
        }
        let words = material.keywords ?? ["加微信", "bonus", "debian"] + randomWords(9_997, seed: 10_000)
        return keywordPack(words)
            + "- id: patterns\n  kind: regex\n  score: 1\n  reason: {en: patterns, zh: 式}\n  patterns:\n"
            + patterns.map { "  - '\($0)'\n" }.joined()
    }

    /// Half pseudo-English words of 5 to 12 letters and pairs of them, half Han of 2 to 5 characters, as block lists have.
    private static func randomWords(_ count: Int, seed: UInt64) -> [String] {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let syllables = [
            "ba", "con", "der", "fi", "gam", "ho", "ing", "ket", "lo", "mer", "nut", "or", "pra", "qui", "ros", "sta",
            "ter", "vin",
        ]
        func english() -> String { (0..<(2 + next(3))).map { _ in syllables[next(syllables.count)] }.joined() }
        return (0..<count).map { index in
            if index.isMultiple(of: 2) { return next(3) == 0 ? english() + " " + english() : english() + "x" }
            return String(
                String.UnicodeScalarView(
                    (0..<(2 + next(4))).compactMap { _ in Unicode.Scalar(UInt32(0x4E00 + next(3_500))) }))
        }
    }
}
