import Community
import Foundation
import LyceumProtocol
import Moderation

/// What commands do with the stage's word on their texts.
extension WriteContext {
    /// The judgement of the text that the running command submitted as `kind`.
    func judgement(on kind: SubmittedText.Kind) -> Judged {
        guard let judged = judgements.first(where: { $0.kind == kind }) else {
            preconditionFailure("a text came to the writer without a verdict")
        }
        return judged
    }

    /// What the author of a judged text is answered; whoever sends its nonce again is answered the same.
    func reply(
        _ judged: Judged, to nonce: String?, in room: RoomID, _ fields: (inout JSONWriter) -> Void
    ) throws -> [UInt8] {
        let reply = object { json in
            fields(&json)
            json.field("at", now)
            json.field("verdict", judged.verdict.action.rawValue)
        }
        if let nonce, let author = actor.member {
            try transaction.remember(PostOutcome(room: room, reply: reply), nonce: nonce, by: author, at: now)
        }
        return reply
    }

    /// For titles and topics, which cannot wait: refuses what would be held, masks what is to be masked.
    func admit(_ text: String, as kind: SubmittedText.Kind) throws(Refusal) -> String {
        let verdict = judgement(on: kind).verdict
        switch verdict.action {
        case .allow: return text
        case .redact: return verdict.masked(text)
        case .hold, .block: throw rejection(of: verdict)
        }
    }

    /// For names of members, of which no two may be taken for one another.
    func claimName(_ name: String) throws(Refusal) {
        guard community.member(named: name) == nil else { throw Refusal(.conflict, "This name is taken.") }
        guard community.member(lookingLike: name) == nil else {
            throw Refusal(.conflict, "This name looks like that of another member.")
        }
        try admitName()
    }

    /// For names: one with a mask in it would be none.
    func admitName() throws(Refusal) {
        let verdict = judgement(on: .name).verdict
        guard verdict.action == .allow else { throw rejection(of: verdict) }
    }

    /// For what a bot declares, or is given, which is stored as it is or not at all.
    func admitBotTexts() throws(Refusal) {
        for judged in judgements where judged.kind == .bot && judged.verdict.action != .allow {
            throw rejection(of: judged.verdict)
        }
    }

    func rejection(of verdict: Verdict) -> Refusal {
        stage?.rulesInForce.rejection(of: verdict) ?? Refusal(.rejected, "This text was rejected by moderation.")
    }

    /// What the author is told of a text that waits.
    func reasonsForAuthor(_ verdict: Verdict, to json: inout JSONWriter) {
        let reasons = stage?.rulesInForce.reasons(of: verdict) ?? []
        json.field("reasons", array: reasons) { json, reason in
            json.object { json in
                json.field("rule", reason.name)
                json.field("en", reason.english)
                json.field("zh", reason.chinese)
            }
        }
    }
}

extension Verdict {
    /// As moderators get it of an author under seal.
    var withoutStanding: Verdict {
        var verdict = self
        verdict.reasons.removeAll { if case .standing = $0 { true } else { false } }
        return verdict
    }

    /// `text` with each character of the verdict's spans replaced, so that what stands there has the same length and
    /// says nothing.
    func masked(_ text: String) -> String { Mask.apply(to: text, spans: spans) }

    /// As the wire tells it.
    var encoded: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in a verdict lacks a JSON form but a score that is no number, and scores are sums of bounded ones.
        guard let data = try? encoder.encode(self) else { preconditionFailure("a verdict is always JSON") }
        return Array(data)
    }
}

/// Masks parts of a text.
enum Mask {
    static let character: Character = "█"

    /// - Parameter spans: UTF-8 byte offsets; a character that a span touches is masked whole.
    static func apply(to text: String, spans: [Range<Int>]) -> String {
        var (masked, offset) = ("", 0)
        for character in text {
            let range = offset..<offset + character.utf8.count
            masked.append(spans.contains { $0.overlaps(range) } && !character.isWhitespace ? self.character : character)
            offset = range.upperBound
        }
        return masked
    }

    /// Everything but white space, where no spans say what offends.
    static func all(_ text: String) -> String { apply(to: text, spans: [0..<text.utf8.count]) }
}
