import Community
import LyceumProtocol

/// `history.get`: a page of a room's events, or with `fold` of its messages as they stand now.
struct GetHistory: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("before", .number), .optional("after", .position),
        .optional("thread", .number), .optional("limit", .integer(1...200)), .optional("fold", .boolean),
    ]
    static let answer: [Field] = [
        .optional("events", .array(.object("an event of the room"), atMost: 200)),
        .optional("messages", .array(.object("a folded message"), atMost: 200)), .optional("next", .position),
    ]
    /// Bodies of one page; a page of the longest messages is cut here and goes on at `next`.
    private static let pageBytes = 512 * 1024

    let room: RoomID?
    private let before: SequenceNumber?
    private let after: SequenceNumber?
    private let thread: SequenceNumber?
    private let limit: Int
    private let fold: Bool

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        before = fields.optionalInteger("before")
        after = fields.optionalInteger("after")
        thread = fields.optionalInteger("thread")
        limit = Int(fields.optionalInteger("limit") ?? 50)
        fold = fields.optionalBool("fold") ?? false
        guard before == nil || after == nil else { throw .field("before", "absent where \"after\" stands") }
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        if let thread, try context.reader.event(thread, in: room)?.kind != .messagePosted { throw Refusal.notFound }
        let page = cut(try events(in: room, context.reader))
        return try object { json in
            if fold {
                try FoldedMessages(page.events, in: room, context).write(to: &json)
            } else {
                json.field("events", array: page.events) { $0.raw($1.body) }
            }
            json.field("next", page.next)
        }
    }

    private func events(in room: RoomID, _ reader: any CommunityReader) throws -> [RoomEvent] {
        // One more than asked tells whether there is a next page.
        let limit = limit + 1
        switch (thread, after) {
        case (let thread?, let after?):
            return try reader.messages(inThread: thread, of: room, after: after, limit: limit)
        case (let thread?, nil):
            return try reader.messages(inThread: thread, of: room, before: before ?? .max, limit: limit)
        case (nil, let after?):
            return fold
                ? try reader.messages(in: room, after: after, limit: limit)
                : try reader.events(in: room, after: after, limit: limit, maximumBytes: Self.pageBytes)
        case (nil, nil):
            return try reader.events(in: room, before: before ?? .max, limit: limit, messagesOnly: fold)
        }
    }

    /// At most `limit` events and ``pageBytes`` of them, and where the following page begins, if there is one.
    private func cut(_ found: [RoomEvent]) -> (events: [RoomEvent], next: SequenceNumber?) {
        let forward = after != nil
        var kept: [RoomEvent] = []
        var bytes = 0
        for event in forward ? found : found.reversed() {
            bytes += event.body.count
            guard kept.count < limit, kept.isEmpty || bytes <= Self.pageBytes else {
                let next = kept.last?.seq
                return (forward ? kept : kept.reversed(), next)
            }
            kept.append(event)
        }
        return (forward ? kept : kept.reversed(), nil)
    }
}
