import LyceumProtocol

@testable import Moderation

/// Builds rule sets from YAML and runs texts through them.
final class RuleBox {
    static let normaliser = Normaliser()
    let set: RuleSet
    var state = RuleState()

    init(_ yaml: String) throws { set = try RuleSet(sources: [("test.yaml", yaml)], normaliser: Self.normaliser) }

    /// One keyword rule `t.w`.
    convenience init(words: [String], _ extra: String = "") throws {
        let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
        try self.init(Self.pack("kind: keyword, words: [\(list)], \(extra)"))
    }

    static func pack(_ rules: String...) -> String {
        "pack: t\nrules:\n"
            + rules.enumerated().map { index, rule in
                "  - {id: \(index == 0 ? "w" : "w\(index)"), score: 1, reason: {en: a, zh: b}, \(rule)}\n"
            }.joined()
    }

    func outcome(_ text: String, _ context: RuleContext = .anybody) -> RuleOutcome {
        set.evaluate(Self.normaliser.normalised(text), context, &state)
    }

    func matches(_ text: String, _ context: RuleContext = .anybody) -> Bool {
        outcome(text, context).matches.contains { $0.rule == "t.w" }
    }

    /// The stretches of the text that matched.
    func marked(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return outcome(text).matches.flatMap(\.spans).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// What a bad pack is refused for.
    static func refusal(_ yaml: String) -> String {
        do {
            _ = try RuleSet(sources: [("bad.yaml", yaml)], normaliser: normaliser)
            return "accepted"
        } catch {
            return error.description
        }
    }
}

extension RuleContext {
    static let anybody = RuleContext(member: MemberID(1), room: RoomID(1), now: 0)

    static func by(_ member: Int64, room: Int64 = 1, at seconds: Int64 = 0) -> RuleContext {
        RuleContext(member: MemberID(member), room: RoomID(room), now: seconds * 1_000)
    }
}
