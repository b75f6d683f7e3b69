import Community
import LyceumProtocol

/// `review.list`: items of the queue, open ones if nothing else is asked for.
///
/// The default order is `urgency`: texts that people wait for come before checks and samples, which may be many and wait
/// for nobody.
struct ListReview: Command, ReadCommand {
    static let fields: [Field] = [
        .optional("state", .word(ReviewItem.State.allCases.map(\.rawValue) + ["any"])), .optional("room", .number),
        .optional("member", .number), .optional("kind", .word(ReviewItem.Kind.allCases.map(\.rawValue))),
        .optional("cluster", .number), .optional("sort", .word(ReviewQuery.Order.allCases.map(\.rawValue))),
        .optional("after", .number), .optional("limit", .integer(1...200)),
    ]
    static let answer: [Field] = [
        .required("items", .array(.object(ReviewItemText.fields), atMost: 200)), .optional("next", .number),
    ]

    var room: RoomID? { nil }
    private let query: ReviewQuery

    init(_ fields: CommandFields) throws(JSONError) {
        var query = ReviewQuery()
        let state = fields.optionalString("state") ?? ReviewItem.State.open.rawValue
        query.state = ReviewItem.State(rawValue: state)
        if let room = fields.optionalInteger("room") {
            query.rooms = [RoomID(room)]
            query.withoutRoom = false
        }
        query.member = fields.optionalInteger("member").map(MemberID.init)
        query.kind = fields.optionalString("kind").flatMap(ReviewItem.Kind.init(rawValue:))
        query.cluster = fields.optionalInteger("cluster")
        query.order = fields.optionalString("sort").flatMap(ReviewQuery.Order.init(rawValue:)) ?? .urgency
        query.after = fields.optionalInteger("after")
        query.limit = Int(fields.optionalInteger("limit") ?? 50) + 1
        self.query = query
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let items = try context.reviewItems(query)
        return object { json in
            context.write(items.prefix(query.limit - 1), to: &json)
            // By weight there is no place to go on from: what weighs most is looked at first, and then again.
            if items.count == query.limit, query.order != .weight { json.field("next", items[query.limit - 2].id) }
        }
    }
}

/// `review.get`: one item with what stands around it, who reported it, and the member's record.
struct GetReviewItem: Command, ReadCommand {
    static let fields: [Field] = [.required("item", .number)]
    static let answer: [Field] = [
        .required("item", .object(ReviewItemText.fields)),
        .required("context", .array(.object("a folded message"), atMost: 20)),
        .required("reports", .array(.object("by, at, reason, accuracy"), atMost: 200)),
        .required("sanctions", .array(.object(SanctionText.fields), atMost: 1000)),
        .optional("attachments", .array(.object("id, name, type, bytes, width, height"), atMost: Attachment.limit)),
    ]

    var room: RoomID? { nil }
    private let item: ReviewItemID

    init(_ fields: CommandFields) throws(JSONError) { item = try fields.integer("item") }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let item = try context.reader.reviewItem(item),
            context.community({ Gate.mayReview(item.room, context.member, of: $0) })
        else { throw Refusal.notFound }
        return try context.community { community in
            let surroundings = try ReviewSurroundings(of: item, for: context.member, community, context.reader)
            return object { json in
                json.field(
                    "item",
                    object: {
                        ReviewItemText.write(item, for: context.member, of: community, at: context.now, to: &$0)
                    })
                surroundings.write(to: &json)
            }
        }
    }
}

extension CommunityReader {
    /// A member's sanctions as moderators get them: without those that would tell who asked an anonymous question.
    func shownSanctions(of member: MemberID) throws -> [Sanction] {
        try sanctions(of: member).filter { try reviewItem($0.item)?.isSealed != true }
    }
}

/// What a moderator needs to see beside an item.
struct ReviewSurroundings {
    /// Messages before the item and after it.
    private static let reach = 5
    private let messages: [MessageBody]
    /// How right the one who reported usually is, for the community's moderators.
    private let reports: [(report: Report, accuracy: Double?)]
    private let sanctions: [Sanction]
    /// Files that wait with a held message; those of others stand in the messages.
    private let files: [FileRecord]

    /// What the moderator `viewer` may see of it: an admin who is not in a private room decides by the item alone, and
    /// who moderates single rooms learns of sanctions there.
    init(
        of item: ReviewItem, for viewer: MemberID, _ community: borrowing Community, _ reader: some CommunityReader
    ) throws {
        let canSeeRoom = if let room = item.room { Gate.canSee(room, viewer, of: community) } else { false }
        messages = canSeeRoom ? try Self.messages(around: item, reader).map(MessageBody.init) : []
        let isStaff = Gate.mayReview(nil, viewer, of: community)
        reports = try reader.reports(onItem: item.id).map { report in
            (report, isStaff ? try reader.reports(by: report.by).accuracy : nil)
        }
        files = try reader.files(waitingWith: item.id)
        var sanctions: [Sanction] = []
        for sanction in item.isSealed ? [] : try reader.shownSanctions(of: item.member)
        where Gate.mayReview(sanction.room, viewer, of: community) { sanctions.append(sanction) }
        self.sanctions = sanctions
    }

    private static func messages(around item: ReviewItem, _ reader: some CommunityReader) throws -> [RoomEvent] {
        guard let room = item.room else { return [] }
        let place = item.seq ?? .max
        if let thread = item.thread {
            let before = try reader.messages(inThread: thread, of: room, before: place, limit: reach)
            guard item.seq != nil else { return before }
            return try before + reader.messages(inThread: thread, of: room, after: place - 1, limit: reach + 1)
        }
        let before = try reader.events(in: room, before: place, limit: reach, messagesOnly: true)
        return try item.seq == nil ? before : before + reader.messages(in: room, after: place - 1, limit: reach + 1)
    }

    func write(to json: inout JSONWriter) {
        json.field("context", array: messages) { json, message in json.object { message.writeFolded(to: &$0) } }
        json.field("reports", array: reports) { json, entry in
            json.object { json in
                json.field("by", entry.report.by.rawValue)
                json.field("at", entry.report.at)
                json.field("reason", entry.report.reason)
                json.field("accuracy", entry.accuracy)
            }
        }
        Attachment.write(files.map(Attachment.init), to: &json)
        json.field("sanctions", array: sanctions) { json, sanction in
            json.object { SanctionText.write(sanction, to: &$0) }
        }
    }
}
