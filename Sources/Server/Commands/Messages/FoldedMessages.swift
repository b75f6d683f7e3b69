import Community
import LyceumProtocol

/// Messages as they stand now: text after edits, reactions, pins and what their threads hold.
struct FoldedMessages {
    private let messages: [MessageBody]
    private let reactions: [SequenceNumber: [ReactionCount]]
    private let pinned: Set<SequenceNumber>
    private let threads: [SequenceNumber: ThreadRecord]

    init(_ events: [RoomEvent], in room: RoomID, _ context: ReadContext) throws {
        messages = try events.map(MessageBody.init)
        let seqs = events.map(\.seq)
        reactions = try context.reader.reactions(to: seqs, in: room, viewer: context.member)
        pinned = try context.reader.pinned(among: seqs, in: room)
        threads = try context.reader.threads(roots: seqs, in: room)
    }

    /// Writes the field `messages`.
    func write(to json: inout JSONWriter) {
        json.field("messages", array: messages) { json, message in
            json.object { json in
                message.writeFolded(to: &json)
                writeReactions(reactions[message.event.seq] ?? [], to: &json)
                if pinned.contains(message.event.seq) { json.field("pinned", true) }
                if let thread = threads[message.event.seq] { writeReplies(thread, to: &json) }
            }
        }
    }

    private func writeReactions(_ counts: [ReactionCount], to json: inout JSONWriter) {
        guard !counts.isEmpty else { return }
        json.field("reactions", array: counts) { json, reaction in
            json.object { json in
                json.field("emoji", reaction.emoji)
                json.field("count", reaction.count)
                if reaction.mine { json.field("mine", true) }
            }
        }
    }

    private func writeReplies(_ thread: ThreadRecord, to json: inout JSONWriter) {
        json.field(
            "replies",
            object: { json in
                json.field("count", thread.replies)
                json.field("last_seq", thread.lastSeq)
                if !thread.title.isEmpty { json.field("title", thread.title) }
                if thread.isClosed { json.field("closed", true) }
            })
    }
}
