import Foundation
import Testing

@testable import Moderation

private let good = RuleBox.pack("kind: keyword, words: [spam]")

@Test(
    arguments: [
        ("", "bad.yaml:0: the file is empty"), ("pack: t\nrules: [", "bad.yaml:3: not YAML"),
        ("- a\n- b", "bad.yaml:1: a pack must be a mapping"),
        ("pack: t", "bad.yaml:1: \"rules\" is missing"), ("pack: T\nrules: []", "\"pack\" must be made of a-z"),
        (good + "extra: 1\n", "bad.yaml:4: unknown key \"extra\""),
        (good.replacing("words: [spam]", with: "words: [spam], wrods: [x]"), "bad.yaml:3: unknown key \"wrods\""),
        (good.replacing("kind: keyword", with: "kind: keywrod"), "bad.yaml:3: unknown kind \"keywrod\""),
        (good.replacing("words: [spam]", with: "words: []"), "\"words\" is missing or empty"),
        (good.replacing("score: 1", with: "score: lots"), "\"score\" must be a number"),
        (good.replacing("reason: {en: a, zh: b}", with: "reason: {en: a}"), "\"zh\" is missing"),
        (good.replacing("words: [spam]", with: "words: [spam], action: explode"), "\"action\" must be one of"),
        (good.replacing("words: [spam]", with: "words: [spam], action: timeout"), "go together"),
        (RuleBox.pack("kind: flood, more_than: 3"), "\"within\" is missing"),
        (RuleBox.pack("kind: flood, more_than: 3, within: soon"), "must be a duration"),
        (RuleBox.pack("kind: composite, when: {all: [nobody]}"), "unknown rule \"nobody\""),
        (RuleBox.pack("kind: composite, when: w1", "kind: composite, when: w"), "in a circle"),
        (RuleBox.pack("kind: composite, when: {xor: [w]}"), "unknown key \"xor\""),
        (RuleBox.pack("kind: scripts, present: [klingon]"), "unknown script \"klingon\""),
        (RuleBox.pack("kind: newcomer"), "needs account_age_below"),
        (RuleBox.pack("kind: keyword, words: [\"!\"]"), "too short"),
        (RuleBox.pack("kind: keyword, homophones: true, words: [abc]"), "too little Han"),
        (RuleBox.pack("kind: regex, patterns: ['(a']"), "bad.yaml:3: Missing close parenthesis"),
        (RuleBox.pack("kind: regex, patterns: ['(a)\\1']"), "bad.yaml:3: "),
        (RuleBox.pack("kind: regex, patterns: ['(?<=a)b']"), "bad.yaml:3: "),
        (RuleBox.pack("kind: regex, patterns: ['a*']"), "matches the empty text"),
        (RuleBox.pack("kind: regex, patterns: ['((a{1,100}){1,100}){1,100}']"), "counted repeats"),
        (RuleBox.pack("kind: regex, patterns: ['a{5000}']"), "counted repeats"),
        (RuleBox.pack("kind: regex, patterns: ['\(String(repeating: "ab|", count: 900))x']"), "longer than"),
        (
            good + "  - {id: w, score: 1, reason: {en: a, zh: b}, kind: keyword, words: [x1]}\n",
            "bad.yaml:4: a second rule \"t.w\""
        ), ("a: &a [1]\nb: *a", "bad.yaml:1: anchors and aliases"),
        ("pack: t\npack: u\nrules: []", "the same key twice"),
    ] as [(String, String)])
func `a bad pack is refused with file, line and reason`(yaml: String, reason: String) {
    #expect(RuleBox.refusal(yaml).contains(reason), "\(RuleBox.refusal(yaml))")
}

@Test func `all mistakes of a pack are named at once`() {
    let yaml =
        "pack: t\nrules:\n  - {id: a, kind: nothing}\n  - {id: b, kind: keyword, words: [spam], what: 1, reason: {en: a, zh: b}}\n"
    #expect(RuleBox.refusal(yaml).split(separator: "\n").count == 3)
}

@Test(arguments: ["(a+)+$", "(a|aa)+b", "(.*a){10}b", "([a-z]+)*@x"])
func `an expression that explodes elsewhere takes linear time here`(pattern: String) throws {
    let box = try RuleBox(RuleBox.pack("kind: regex, patterns: ['\(pattern)']"))
    #expect(!box.matches(String(repeating: "a", count: 60_000) + "!"))
}

@Test func `a pack with too many rules, too deep or too large is refused`() {
    let many = "pack: t\nrules:\n" + String(repeating: "  - {id: a}\n", count: 100_000)
    #expect(RuleBox.refusal(many).contains("100000 rules"))
    #expect(RuleBox.refusal(String(repeating: "[", count: 100_000)).contains("bad.yaml:"))
    let deep = String(repeating: "{not: ", count: 40) + "w" + String(repeating: "}", count: 40)
    #expect(RuleBox.refusal(RuleBox.pack("kind: composite, when: \(deep)")).contains("deeper than 16"))
    #expect(
        RuleBox.refusal("pack: t\nrules: []\n#" + String(repeating: "x", count: RulePack.maximumBytes)).contains(
            "larger than"))
}

@Test(arguments: UInt64(0)..<200)
func `a damaged pack is read or refused and nothing else`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var bytes = Array(
        RuleBox.pack(
            "kind: composite, when: {any: [w1]}", "kind: regex, patterns: ['a[bc]+']",
            "kind: repeat, times: 3, within: 2m"
        ).utf8)
    for _ in 0..<(1 + random.next() % 4) {
        let at = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes.remove(at: at)
        case 1: bytes.insert(UInt8(random.next() % 128), at: at)
        default: bytes[at] = UInt8(random.next() % 128)
        }
    }
    let refusal = RuleBox.refusal(String(decoding: bytes, as: UTF8.self))
    #expect(refusal == "accepted" || refusal.contains("bad.yaml:") || refusal.contains(":0: "))
}

@Test func `two packs of one name are refused`() {
    #expect(throws: RuleErrors.self) {
        try RuleSet(sources: [("a.yaml", good), ("b.yaml", good)], normaliser: RuleBox.normaliser)
    }
}

@Test func `an example that does not hold is named with its line`() throws {
    let box = try RuleBox(
        "pack: t\nrules:\n  - id: w\n    kind: keyword\n    words: [spam]\n    reason: {en: a, zh: b}\n    examples:\n      match:\n        - spam\n        - eggs\n      pass: [ham]\n"
    )
    let (count, failures) = box.set.runExamples()
    #expect(count == 3)
    #expect(failures.map(\.description) == ["test.yaml:10: t.w does not match its example \"eggs\""])
}

@Test func `compiled databases are taken from the cache, and a damaged one is compiled again`() throws {
    let store = Store()
    let cache = RuleCache(load: { store[$0] }, store: { store[$0] = $1 })
    let yaml = RuleBox.pack("kind: keyword, words: [spam]", "kind: regex, patterns: ['eg+s']")
    for _ in 0..<2 {
        let set = try RuleSet(sources: [("t.yaml", yaml)], normaliser: RuleBox.normaliser, cache: cache)
        var state = RuleState()
        #expect(set.evaluate(RuleBox.normaliser.normalised("spam eggs"), .anybody, &state).matches.count == 2)
        store.damage()
    }
    #expect(store.count == 4)
}

/// A cache in memory; the lock makes the shared dictionary safe.
private final class Store: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [String: [UInt8]] = [:]
    var count: Int { lock.withLock { values.count } }

    subscript(key: String) -> [UInt8]? {
        get { lock.withLock { values[key] } }
        set { lock.withLock { values[key] = newValue } }
    }

    func damage() { lock.withLock { values = values.mapValues { [1, 2, 3] + $0.dropFirst(3) } } }
}

private let packFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("moderation-rules")

@Test func `the pack in the README of the packs loads and its examples hold`() throws {
    let text = try String(contentsOf: packFolder.appendingPathComponent("README.md"), encoding: .utf8)
    let yaml = try #require(text.split(separator: "```yaml\n").last?.split(separator: "```").first)
    let (count, failures) = try RuleBox(String(yaml)).set.runExamples()
    #expect(failures.map(\.description) == [])
    #expect(count == 4)
}

/// Every example of every shipped pack.
@Test func `the shipped packs load and keep their promises`() throws {
    let files = try FileManager.default.contentsOfDirectory(at: packFolder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "yaml" }
    let sources = try files.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    let set = try RuleSet(sources: sources, normaliser: RuleBox.normaliser)
    let (count, failures) = set.runExamples()
    #expect(failures.map(\.description) == [])
    #expect(count > 200 && files.count >= 7)
}
