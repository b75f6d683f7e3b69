import Community
import LyceumProtocol

/// `member.sanction`: warns, mutes, removes or bans a member, in a room or everywhere.
struct SanctionMember: Command, WriteCommand {
    static let seconds: ClosedRange<Int64> = 1...(10 * 365 * 86_400)
    static let fields: [Field] = [
        .required("member", .number), .required("kind", .word(Sanction.Kind.allCases.map(\.rawValue))),
        .optional("room", .number), .optional("seconds", .integer(seconds)), .required("reason", .string(1...500)),
    ]
    static let answer: [Field] = [
        .required("sanction", .number), .required("review", .number), .optional("until", .number),
    ]

    var room: RoomID? { nil }
    private let member: MemberID
    private let order: WriteContext.SanctionOrder
    var texts: [SubmittedText] { [SubmittedText(kind: .reason, text: order.reason)] }

    init(_ fields: CommandFields) throws(JSONError) {
        member = MemberID(try fields.integer("member"))
        guard let kind = Sanction.Kind(rawValue: try fields.string("kind")) else {
            throw .field("kind", "warn, mute, kick or ban")
        }
        order = WriteContext.SanctionOrder(
            kind: kind, room: fields.optionalInteger("room").map { RoomID($0) },
            seconds: kind == .mute || kind == .ban ? fields.optionalInteger("seconds") : nil,
            reason: try fields.string("reason"))
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        _ = try context.checkMaySanction(member, in: order.room)
        try checkHasBeenThere(in: context)
        var order = order
        order.reason = try context.admitReason(ofDecision: order.reason)
        let sanction = try context.imposeAlone(order, on: member)
        return object { json in
            json.field("sanction", sanction.id)
            json.field("review", sanction.item)
            json.field("until", sanction.until)
        }
    }

    /// Everybody moderates the room that they have made. So that this is no way to send a stranger words and strikes, a
    /// room's moderators sanction whom they have to do with there; the community's may keep anybody out beforehand.
    private func checkHasBeenThere(in context: WriteContext) throws {
        guard let room = order.room, let moderator = context.actor.member,
            !Gate.mayReview(nil, moderator, of: context.community),
            context.community.membership(of: member, in: room) == nil
        else { return }
        let sanctions = try context.transaction.sanctions(of: member)
        if sanctions.contains(where: { $0.room == room }) { return }
        if try context.transaction.messages(by: member, in: [room], limit: 1).isEmpty { throw Refusal.notFound }
    }
}

/// `member.pardon`: lifts one sanction, or all that stand, with their strikes.
struct PardonMember: Command, WriteCommand {
    static let fields: [Field] = [
        .required("member", .number), .optional("sanction", .number), .optional("room", .number),
    ]
    static let answer: [Field] = [.required("lifted", .array(.number, atMost: 1000))]

    var room: RoomID? { nil }
    private let member: MemberID
    private let sanction: Int64?
    private let place: RoomID?

    init(_ fields: CommandFields) throws(JSONError) {
        member = MemberID(try fields.integer("member"))
        sanction = fields.optionalInteger("sanction")
        place = fields.optionalInteger("room").map { RoomID($0) }
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let standing = try context.transaction.sanctions(of: member).filter { $0.liftedAt == nil }
        let wanted = standing.filter { sanction == nil ? $0.room == place : $0.id == sanction }
        guard !wanted.isEmpty else { throw Refusal.notFound }
        for room in Set(wanted.map(\.room)) { _ = try context.checkMaySanction(member, in: room) }
        for sanction in wanted { try context.lift(sanction) }
        return object { json in json.field("lifted", array: wanted) { $0.value($1.id) } }
    }
}

/// A sanction as moderators, and the member itself, get it.
enum SanctionText {
    static let fields = "id member room kind by at until reason review lifted_at lifted_by"

    static func write(_ sanction: Sanction, to json: inout JSONWriter) {
        json.field("id", sanction.id)
        json.field("member", sanction.member.rawValue)
        json.field("room", sanction.room?.rawValue)
        json.field("kind", sanction.kind.rawValue)
        json.field("by", sanction.by.rawValue)
        json.field("at", sanction.at)
        json.field("until", sanction.until)
        json.field("reason", sanction.reason)
        json.field("review", sanction.item)
        json.field("lifted_at", sanction.liftedAt)
        json.field("lifted_by", sanction.liftedBy?.rawValue)
    }
}
