import Community
import LyceumProtocol

/// `review.decide`: what becomes of an item, or of all open items that read nearly the same. Of several moderators who
/// decide at once the first wins.
struct DecideReview: Command, WriteCommand {
    static let fields: [Field] = [
        .required("item", .number), .required("action", .word(ReviewItem.Action.allCases.map(\.rawValue))),
        .required("reason", .string(0...500)), .optional("note", .string(0...2000)),
        .optional("labels", .array(.string(1...50), atMost: 32)), .optional("version", .number),
        .optional("cluster", .boolean),
        .optional("spans", .array(.array(.position, atMost: 2), atMost: 100)),
        .optional("sanction", .object("kind: warn, mute, kick or ban; seconds?; everywhere?: not only in the room")),
    ]
    static let answer: [Field] = [
        .required("item", .number), .required("version", .number), .optional("seq", .number),
        .required("items", .array(.number, atMost: 200)),
    ]
    /// Items of one cluster that one decision reaches.
    private static let clusterLimit = 200

    /// What the field `sanction` says.
    struct SanctionField: Sendable {
        let kind: Sanction.Kind
        let seconds: Int64?
        let isEverywhere: Bool

        init(_ value: JSONValue) throws(JSONError) {
            let json = try JSONObject(value)
            guard let kind = json["kind"]?.string.flatMap(Sanction.Kind.init(rawValue:)) else {
                throw .field("sanction.kind", "warn, mute, kick or ban")
            }
            let seconds = json["seconds"]?.integer
            if let seconds, !SanctionMember.seconds.contains(seconds) {
                throw .field("sanction.seconds", "an integer in \(SanctionMember.seconds)")
            }
            self.kind = kind
            self.seconds = seconds
            isEverywhere = json["everywhere"]?.bool ?? false
        }
    }

    var room: RoomID? { nil }
    private let item: ReviewItemID
    private let version: Int64?
    private let isBulk: Bool
    private let order: WriteContext.DecisionOrder
    private let sanction: SanctionField?
    var texts: [SubmittedText] { order.reason.isEmpty ? [] : [SubmittedText(kind: .reason, text: order.reason)] }

    init(_ fields: CommandFields) throws(JSONError) {
        item = try fields.integer("item")
        version = fields.optionalInteger("version")
        isBulk = fields.optionalBool("cluster") ?? false
        guard let action = ReviewItem.Action(rawValue: try fields.string("action")) else {
            throw .field("action", "approve, reject, remove or redact")
        }
        order = WriteContext.DecisionOrder(
            action: action, reason: try fields.string("reason"), note: fields.optionalString("note") ?? "",
            labels: fields.json["labels"]?.elements?.compactMap(\.string) ?? [],
            spans: try Self.spans(fields.json["spans"]))
        sanction = try fields.json["sanction"].map { value throws(JSONError) in try SanctionField(value) }
    }

    private static func spans(_ value: JSONValue?) throws(JSONError) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        for element in value?.elements ?? [] {
            let ends = element.elements?.compactMap(\.integer) ?? []
            guard ends.count == 2, ends[0] < ends[1] else { throw .field("spans", "pairs of rising offsets") }
            spans.append(Int(ends[0])..<Int(ends[1]))
        }
        return spans
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var item = try context.reviewItem(item)
        try context.checkDecidable(item)
        guard item.kind != .appeal else { throw Refusal(.malformed, "An appeal is decided by appeal.decide.") }
        if let version, version != item.version {
            throw Refusal(.conflict, "The item has changed since you looked at it.")
        }
        var order = order
        order.reason = try context.admitReason(ofDecision: order.reason)
        let sanction = try sanctionOrder(item, order.reason, in: context)
        let others = isBulk ? try cluster(of: item, in: context) : []
        try context.decide(&item, order, sanction: sanction)
        for var other in others { try context.decide(&other, order, sanction: nil) }
        return object { json in
            json.field("item", item.id)
            json.field("version", item.version)
            if item.kind == .held { json.field("seq", item.seq) }
            json.field("items", array: [item.id] + others.map(\.id)) { $0.value($1) }
        }
    }

    private func sanctionOrder(
        _ item: ReviewItem, _ reason: String, in context: WriteContext
    ) throws -> WriteContext.SanctionOrder? {
        guard let sanction else { return nil }
        let room = sanction.isEverywhere ? nil : item.room
        _ = try context.checkMaySanction(item.member, in: room)
        return .init(kind: sanction.kind, room: room, seconds: sanction.seconds, reason: reason)
    }

    /// The other open items that read nearly the same, as far as the moderator may decide them.
    private func cluster(of item: ReviewItem, in context: WriteContext) throws -> [ReviewItem] {
        var query = ReviewQuery(state: .open)
        query.cluster = item.cluster
        query.limit = Self.clusterLimit
        guard let moderator = context.actor.member else { return [] }
        return try context.transaction.reviewItems(query).filter { other in
            other.id != item.id && other.kind != .appeal
                && Gate.mayReview(other.room, moderator, of: context.community)
                && context.isDecidable(other)
        }
    }
}

/// `review.undo`: takes a decision back; message, sanction and classifier are as they were.
struct UndoReview: Command, WriteCommand {
    static let fields: [Field] = [.required("item", .number), .optional("version", .number)]
    static let answer: [Field] = [.required("item", .number), .required("version", .number)]

    var room: RoomID? { nil }
    private let item: ReviewItemID
    private let version: Int64?

    init(_ fields: CommandFields) throws(JSONError) {
        item = try fields.integer("item")
        version = fields.optionalInteger("version")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        var item = try context.reviewItem(item)
        guard item.state == .decided, item.kind != .appeal else {
            throw Refusal(.conflict, "There is no decision to take back.")
        }
        if let version, version != item.version {
            throw Refusal(.conflict, "The item has changed since you looked at it.")
        }
        try context.checkMayTakeBack(item)
        try context.undo(&item)
        return object { json in
            json.field("item", item.id)
            json.field("version", item.version)
        }
    }
}
