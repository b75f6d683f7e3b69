import Community
import LyceumProtocol

/// What a stored `message.posted` event says, for rewriting it after an edit or a deletion.
struct MessageBody {
    let event: RoomEvent
    var text: String
    let thread: SequenceNumber?
    let replyTo: SequenceNumber?
    var mentions: Mentions.Wire
    var editedAt: UnixMilliseconds?
    var isDeleted: Bool
    var attachments: [Attachment]
    /// What a bot's message carries besides, as a JSON object; `nil` for a person's.
    var bot: [UInt8]?

    /// - Throws: ``Refusal/notFound`` if the event is not a message.
    init(_ event: RoomEvent) throws {
        guard event.kind == .messagePosted else { throw Refusal.notFound }
        self.event = event
        (text, thread, replyTo, mentions, editedAt, isDeleted, attachments, bot) = try event.body.withUnsafeBytes {
            bytes in
            let json = try JSONObject(parsing: bytes)
            return (
                json["text"]?.string ?? "", json["thread"]?.integer, json["reply_to"]?.integer,
                Mentions.Wire(
                    members: json["mentions"]?.elements?.compactMap(\.integer) ?? [],
                    wholeRoom: json["mentions_room"]?.bool ?? false),
                json["edited_at"]?.integer, json["deleted"]?.bool ?? false,
                json["attachments"]?.elements?.compactMap { Attachment($0) } ?? [],
                json["bot"].map { Array($0.rawBytes) }
            )
        }
    }

    /// The message as the event it came with would tell it now.
    var encoded: [UInt8] {
        object { json in
            json.field("event", "\(event.kind.name)")
            json.field("room", event.room.rawValue)
            json.field("seq", event.seq)
            json.field("at", event.at)
            json.field("by", event.author.rawValue)
            writeContent(to: &json)
        }
    }

    /// The fields of a message in a folded history: no event around them.
    func writeFolded(to json: inout JSONWriter) {
        json.field("seq", event.seq)
        json.field("at", event.at)
        json.field("by", event.author.rawValue)
        writeContent(to: &json)
    }

    /// The fields of a `message.restored` event, which names the message and gives it all of its content back.
    func writeRestored(to json: inout JSONWriter) {
        json.field("message", event.seq)
        json.field("author", event.author.rawValue)
        json.field("posted_at", event.at)
        writeContent(to: &json)
    }

    private func writeContent(to json: inout JSONWriter) {
        Self.write(
            text: text, thread: thread, replyTo: replyTo, mentions: mentions, attachments: attachments,
            bot: isDeleted ? nil : bot, to: &json)
        json.field("edited_at", editedAt)
        if isDeleted { json.field("deleted", true) }
    }

    static func write(
        text: String, thread: SequenceNumber?, replyTo: SequenceNumber?, mentions: Mentions.Wire,
        attachments: [Attachment], bot: [UInt8]?, to json: inout JSONWriter
    ) {
        json.field("text", text)
        Markdown.writeTree(of: text, to: &json)
        json.field("thread", thread)
        json.field("reply_to", replyTo)
        mentions.write(to: &json)
        Attachment.write(attachments, to: &json)
        if let bot { json.field("bot", raw: bot) }
    }
}

extension Mentions {
    /// Mentions as a message carries them.
    struct Wire {
        var members: [Int64]
        var wholeRoom: Bool

        func write(to json: inout JSONWriter) {
            if !members.isEmpty { json.field("mentions", array: members) { $0.value($1) } }
            if wholeRoom { json.field("mentions_room", true) }
        }
    }

    var wire: Wire { Wire(members: members.map(\.rawValue), wholeRoom: wholeRoom) }
}
