import Community
import LyceumProtocol

/// `review.claim`: takes an item in hand for 120 s; claiming it again is activity and starts them anew.
struct ClaimReview: Command, WriteCommand {
    static let leaseMilliseconds: UnixMilliseconds = 120_000
    static let fields: [Field] = [.required("item", .number)]
    static let answer: [Field] =
        [.required("until", .number), .required("version", .number)] + GetReviewItem.answer

    var room: RoomID? { nil }
    private let item: ReviewItemID

    init(_ fields: CommandFields) throws(JSONError) { item = try fields.integer("item") }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var item = try context.reviewItem(item)
        let moderator = try context.checkDecidable(item)
        let isNew = item.claim?.by != moderator.id || item.claim.map { $0.until <= context.now } ?? true
        let until = context.now + Self.leaseMilliseconds
        item.claim = .init(by: moderator.id, until: until)
        let surroundings = try ReviewSurroundings(of: item, for: moderator.id, context.community, context.transaction)
        if isNew { try context.update(&item, telling: .claimed) } else { try context.transaction.put(item) }
        return object { json in
            json.field("until", until)
            json.field("version", item.version)
            json.field(
                "item",
                object: {
                    ReviewItemText.write(item, for: moderator.id, of: context.community, at: context.now, to: &$0)
                })
            surroundings.write(to: &json)
        }
    }
}

/// `review.release`: gives an item back.
struct ReleaseReview: Command, WriteCommand {
    static let fields: [Field] = [.required("item", .number)]
    static let answer: [Field] = [.required("version", .number)]

    var room: RoomID? { nil }
    private let item: ReviewItemID

    init(_ fields: CommandFields) throws(JSONError) { item = try fields.integer("item") }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var item = try context.reviewItem(item)
        let moderator = try context.requireActor()
        guard item.claim?.by == moderator.id else { throw Refusal(.conflict, "You do not have this in hand.") }
        item.claim = nil
        try context.update(&item, telling: .released)
        return object { $0.field("version", item.version) }
    }
}
