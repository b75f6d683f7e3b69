import LyceumClient
import LyceumProtocol

/// An answer with what speaks for it.
struct FoundAnswer {
    /// The most characters of it that are repeated.
    private static let longest = 1500

    let answer: Answer
    let evidence: Knowledge.Evidence
    let probability: Double

    /// The answer and where it stands.
    func reply(to question: String, _ rooms: [RoomID: RoomEntry]) -> String {
        let isChinese = Reading.isChinese(question)
        let text = answer.text.count > Self.longest ? answer.text.prefix(Self.longest) + "…" : answer.text
        let entry = rooms[answer.id.room]
        let room = entry.map { $0.title.isEmpty ? $0.name : $0.title } ?? "\(answer.id.room)"
        let place = "\(room) #\(answer.id.seq) (/#/room/\(answer.id.room)/at/\(answer.id.seq))"
        return isChinese ? "\(text)\n\n—— 出处：\(place)" : "\(text)\n\n— from \(place)"
    }

    /// Whether it helped.
    var buttons: [MessageComponent] {
        [
            .button(id: Vote(helped: true, self).component, label: "This helped", chinese: "有用", style: "primary"),
            .button(id: Vote(helped: false, self).component, label: "It did not", chinese: "没用"),
        ]
    }
}

/// Somebody's word on an answer. What spoke for the answer stands in the button, so that a vote can be learned from
/// whenever it comes.
struct Vote {
    let helped: Bool
    let answer: AnswerID
    let evidence: Knowledge.Evidence

    init(helped: Bool, _ found: FoundAnswer) {
        self.helped = helped
        answer = found.answer.id
        evidence = found.evidence
    }

    init?(_ component: String) {
        let words = component.split(separator: " ")
        guard words.count == 8, let room = Int64(words[2]), let seq = Int64(words[3]) else { return nil }
        let shares = words[4...].compactMap { Int($0) }.filter { (0...1000).contains($0) }.map { Double($0) / 1000 }
        guard shares.count == 4 else { return nil }
        helped = words[1] == "yes"
        answer = AnswerID(room: RoomID(room), seq: seq)
        evidence = Knowledge.Evidence(
            question: shares[0], text: shares[1], agreement: shares[2], mismatch: shares[3])
    }

    var component: String {
        let shares = [evidence.question, evidence.text, evidence.agreement, evidence.mismatch]
        let thousandths = shares.map { String(Int($0 * 1000)) }.joined(separator: " ")
        return "helped \(helped ? "yes" : "no") \(answer.room) \(answer.seq) \(thousandths)"
    }
}
