import LyceumClient
import LyceumProtocol

/// Learns from rooms what has been answered there: accepted answers of Q&A questions, and pinned messages.
///
/// A pinned reply to a question answers it; any other pinned message stands for itself.
struct Librarian {
    /// Questions and answers of Q&A sessions, as events bring them piece by piece.
    private struct Asked {
        var text = ""
        var answers: [SequenceNumber: String] = [:]
        var accepted: SequenceNumber?
    }

    private(set) var knowledge: Knowledge
    private var asked: [RoomID: [SequenceNumber: Asked]] = [:]
    private var pinned: [RoomID: Set<SequenceNumber>] = [:]
    /// Messages that answer questions, with the question and the number of the answer.
    private var quoted: [RoomID: [SequenceNumber: (question: SequenceNumber, answer: SequenceNumber)]] = [:]

    init(_ knowledge: Knowledge) { self.knowledge = knowledge }

    // MARK: From the start

    /// What a room has pinned, with the messages that pinned ones reply to.
    mutating func take(pins: [JSONText], questions: [SequenceNumber: JSONText], in room: RoomID) {
        for pin in pins {
            guard let seq = pin.integer("seq") else { continue }
            pinned[room, default: []].insert(seq)
            learn(pin, repliesTo: Self.question(of: pin).flatMap { questions[$0] }, in: room)
        }
    }

    /// A question as `qa.list` tells it, and what its answers say.
    mutating func take(question: JSONText, _ texts: [SequenceNumber: String], in room: RoomID) {
        guard let seq = question.integer("seq") else { return }
        var entry = Asked(text: question.string("text") ?? "")
        entry.answers = texts
        for answer in question.objects("answers") { note(answer, to: seq, in: room) }
        entry.accepted = question.integer("accepted")
        settle(seq, entry, in: room)
    }

    // MARK: From events

    /// The message whose text has to be looked up for an event to be learned from.
    func wanted(by event: Event) -> SequenceNumber? {
        guard let room = event.room, let message = event.json.integer("message") else { return nil }
        switch event.name {
        case "message.pinned": return message
        case "message.edited", "message.restored": return pinned[room]?.contains(message) ?? false ? message : nil
        default: return nil
        }
    }

    /// What a message replies to, if it is looked up as well.
    static func question(of message: JSONText) -> SequenceNumber? {
        message.integer("reply_to") ?? message.integer("thread")
    }

    /// - Parameters:
    ///   - message: What ``wanted(by:)`` asked for, and `question` what that replies to.
    ///   - texts: What the answers say that the event tells of.
    mutating func take(
        _ event: Event, message: JSONText?, repliesTo question: JSONText?, _ texts: [SequenceNumber: String]
    ) {
        guard let room = event.room else { return }
        if let changed = event.json.integer("message"), let place = quoted[room]?[changed] {
            takeQuoted(place.question, place.answer, event, in: room)
        }
        switch event.name {
        case "message.pinned", "message.edited", "message.restored":
            guard let message, let seq = message.integer("seq") else { return }
            pinned[room, default: []].insert(seq)
            learn(message, repliesTo: question, in: room)
        case "message.unpinned", "message.deleted":
            guard let seq = event.json.integer("message"), pinned[room]?.remove(seq) != nil else { return }
            knowledge.forget(AnswerID(room: room, seq: seq))
        case "question.asked", "question.updated": takeQuestion(event.json, event.seq ?? 0, texts, in: room)
        default: break
        }
    }

    /// The bot has left the room.
    mutating func leave(_ room: RoomID) {
        knowledge.forget(room)
        asked[room] = nil
        pinned[room] = nil
        quoted[room] = nil
    }

    private mutating func takeQuestion(
        _ json: JSONText, _ seq: SequenceNumber, _ texts: [SequenceNumber: String], in room: RoomID
    ) {
        let seq = json.integer("question") ?? seq
        var entry = asked[room]?[seq] ?? Asked()
        if let text = json.string("text") {
            entry.text = text
        } else if json.string("state") == "held" {
            // A moderator took its text away.
            entry.text = ""
        }
        if let answer = json.object("answer") { note(answer, to: seq, in: room) }
        entry.answers.merge(texts) { $1 }
        if json.integer("question") != nil { entry.accepted = json.integer("accepted") }
        if json.bool("removed") == true || ["dismissed", "merged"].contains(json.string("state")) {
            entry.accepted = nil
        }
        settle(seq, entry, in: room)
    }

    private mutating func note(_ answer: JSONText, to question: SequenceNumber, in room: RoomID) {
        guard let message = answer.integer("message"), let seq = answer.integer("seq") else { return }
        quoted[room, default: [:]][message] = (question, seq)
    }

    /// A message was edited or deleted that answers a question.
    private mutating func takeQuoted(
        _ question: SequenceNumber, _ answer: SequenceNumber, _ event: Event, in room: RoomID
    ) {
        guard var entry = asked[room]?[question] else { return }
        switch event.name {
        case "message.edited", "message.restored": entry.answers[answer] = event.json.string("text")
        case "message.deleted": entry.answers[answer] = ""
        default: return
        }
        settle(question, entry, in: room)
    }

    /// Keeps a question, and knows its accepted answer and no other.
    private mutating func settle(_ seq: SequenceNumber, _ entry: Asked, in room: RoomID) {
        if let old = asked[room]?[seq]?.accepted, old != entry.accepted {
            knowledge.forget(AnswerID(room: room, seq: old))
        }
        asked[room, default: [:]][seq] = entry
        guard let accepted = entry.accepted else { return }
        let id = AnswerID(room: room, seq: accepted)
        if let text = entry.answers[accepted], !text.isEmpty, !entry.text.isEmpty {
            knowledge.learn(Answer(id: id, question: entry.text, text: text))
        } else {
            knowledge.forget(id)
        }
    }

    private mutating func learn(_ message: JSONText, repliesTo question: JSONText?, in room: RoomID) {
        guard let seq = message.integer("seq"), let text = message.string("text"), message.object("bot") == nil,
            message.bool("deleted") != true
        else { return }
        let asked = question?.string("text").flatMap { Reading.asks($0) ? $0 : nil }
        knowledge.learn(Answer(id: AnswerID(room: room, seq: seq), question: asked, text: text))
    }
}
