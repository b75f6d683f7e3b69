import Community
import Locking
import LyceumProtocol
import Retrieval

/// Finds questions that read like one that is being asked, among those that are open or answered.
///
/// Derived from the record: filled from it at start, and kept up to it by what commits change. Whoever searches applies
/// the changes that wait, so the writer only notes them.
final class SimilarQuestions: Sendable {
    struct Place: Hashable, Sendable {
        let room: RoomID
        let seq: SequenceNumber
    }

    private struct Shelf: Sendable {
        var index = TextIndex<Place>()
        var isFilled = false
    }

    /// Questions read from the record at a time.
    private static let pageLength = 2000
    private let shelf = Locked(Shelf())
    /// What has changed since the last search: the newest text of each question, `nil` of one that is not to be found any
    /// more. By question, so that it never holds more than there are of them.
    private let waiting = Locked<[Place: String?]>([:])

    /// Notes how questions stand after a commit.
    func note(_ questions: [Question]) {
        guard !questions.isEmpty else { return }
        waiting.withLock { waiting in
            for question in questions {
                let text = question.isWorthShowing ? question.text : nil
                waiting.updateValue(text, forKey: Place(room: question.room, seq: question.seq))
            }
        }
    }

    /// Has everything that the record has read on a pool's thread; before the first command.
    func start(on server: ServerState) throws {
        try server.slowPool.submit { [self] in
            do {
                try fill(from: server.store)
            } catch {
                server.log.error("similar questions cannot be read", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Reads everything there is; until it is done searches find what has been read.
    private func fill(from store: any CommunityStore) throws {
        var place = (room: RoomID(0), seq: SequenceNumber(0))
        try store.read { reader in
            while case let page = try reader.shownQuestions(after: place, limit: Self.pageLength), let last = page.last
            {
                shelf.withLock { shelf in
                    for question in page {
                        shelf.index.add(Place(room: question.room, seq: question.seq), question.text)
                    }
                }
                place = (last.room, last.seq)
            }
        }
        shelf.withLock { $0.isFilled = true }
    }

    /// The best `limit` questions of `rooms`, best first.
    func search(_ text: String, in rooms: Set<RoomID>, limit: Int) -> [Place] {
        shelf.withLock { shelf in
            // What changed while the index was being filled is newer than what it was filled with.
            if shelf.isFilled {
                let changes = waiting.withLock { waiting in
                    defer { waiting = [:] }
                    return waiting
                }
                for (place, text) in changes {
                    if let text { shelf.index.add(place, text) } else { shelf.index.remove(place) }
                }
            }
            return shelf.index.search(text, limit: limit) { rooms.contains($0.room) }.map(\.id)
        }
    }
}

extension ServerState {
    static let similarFields = "room seq qa text state votes answer{by text spoken mentor}; best first"
    private static let mostSimilar = 8

    /// Questions like `text` in rooms that a member may see; for a pool's thread.
    ///
    /// - Parameter only: Looks no further than this room.
    func questions(like text: String, for member: MemberID, only: RoomID? = nil) throws -> [SimilarQuestion] {
        let rooms = committed.withLock { community in
            Set((only.map { [$0] } ?? Array(community.rooms.keys)).filter { Gate.canSee($0, member, of: community) })
        }
        let found = similarQuestions.search(text, in: rooms, limit: Self.mostSimilar)
        guard !found.isEmpty else { return [] }
        return try store.read { reader in
            try found.compactMap { place in
                // The index may be a commit behind.
                guard let question = try reader.question(place.seq, in: place.room), question.isWorthShowing else {
                    return nil
                }
                let answers = try reader.answers(to: question.seq, in: question.room).filter { !$0.isRemoved }
                return SimilarQuestion(
                    question: question, answer: answers.first { $0.seq == question.accepted } ?? answers.first)
            }
        }
    }
}

/// A question that was asked before, with the answer that counts.
struct SimilarQuestion: Sendable {
    let question: Question
    let answer: QuestionAnswer?

    static func write(_ found: [SimilarQuestion], to json: inout JSONWriter) {
        json.field("similar", array: found) { json, similar in
            json.object { json in
                json.field("room", similar.question.room.rawValue)
                json.field("seq", similar.question.seq)
                json.field("qa", similar.question.qa)
                json.field("text", similar.question.text)
                json.field("state", similar.question.state.rawValue)
                json.field("votes", similar.question.counts.net)
                guard let answer = similar.answer else { return }
                json.field(
                    "answer",
                    object: {
                        QuestionText.write(answer, isAccepted: answer.seq == similar.question.accepted, to: &$0)
                    })
            }
        }
    }
}
