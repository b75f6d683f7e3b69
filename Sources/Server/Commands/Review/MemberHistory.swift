import Community
import LyceumProtocol

/// `member.history`: a member's newest messages, sanctions, items and notes, as far as the asking moderator may see them.
///
/// Standing, notes and the record of reports are the community's, and for its moderators. Who moderates single rooms,
/// as everybody does who has made one, learns what the member did there, and of nobody who was never there.
struct MemberHistory: Command, ReadCommand {
    static let fields: [Field] = [.required("member", .number), .optional("limit", .integer(1...100))]
    static let answer: [Field] = [
        .required("member", .object("id name role, and for the community's moderators trust strikes posts since")),
        .required("messages", .array(.object("room and a folded message"), atMost: 100)),
        .required("sanctions", .array(.object(SanctionText.fields), atMost: 1000)),
        .required("items", .array(.object(ReviewItemText.fields), atMost: 100)),
        .required("notes", .array(.object("by, at, text"), atMost: 200)),
        .optional(
            "reports",
            .object("decided, confirmed, accuracy: of the reports that the member made; for the community's moderators")
        ),
    ]

    var room: RoomID? { nil }
    private let member: MemberID
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        member = MemberID(try fields.integer("member"))
        limit = Int(fields.optionalInteger("limit") ?? 20)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let found = context.community { community in
            community.members[member].map { ($0, community.standing(of: member)) }
        }
        guard let (subject, standing) = found else { throw Refusal.notFound }
        let isStaff = context.community { Gate.mayReview(nil, context.member, of: $0) }
        let rooms = context.community { community in
            community.roomIDs(of: member).filter {
                Gate.mayReview($0, context.member, of: community) && Gate.canSee($0, context.member, of: community)
            }.sorted()
        }
        var query = ReviewQuery()
        query.member = member
        query.order = .newest
        query.limit = limit
        let items = try context.reviewItems(query)
        let messages = try context.reader.messages(by: member, in: rooms, limit: limit).map(MessageBody.init)
        let sanctions = try sanctions(in: context)
        guard isStaff || !(rooms.isEmpty && items.isEmpty && sanctions.isEmpty) else { throw Refusal.notFound }
        let notes = isStaff ? try context.reader.notes(about: member) : []
        let record = isStaff ? try context.reader.reports(by: member) : nil
        return object { json in
            json.field("member", object: { Self.write(subject, isStaff ? standing : nil, at: context.now, to: &$0) })
            json.field("messages", array: messages) { json, message in
                json.object { json in
                    json.field("room", message.event.room.rawValue)
                    message.writeFolded(to: &json)
                }
            }
            json.field("sanctions", array: sanctions) { json, sanction in
                json.object { SanctionText.write(sanction, to: &$0) }
            }
            context.write(items, to: &json)
            json.field("notes", array: notes) { json, note in
                json.object { json in
                    json.field("by", note.by.rawValue)
                    json.field("at", note.at)
                    json.field("text", note.text)
                }
            }
            if let record { json.field("reports", object: { Self.write(record, to: &$0) }) }
        }
    }

    /// Those of rooms that the moderator reviews, and the community's if they review that.
    private func sanctions(in context: ReadContext) throws -> [Sanction] {
        let all = try context.reader.shownSanctions(of: member)
        return context.community { community in
            all.filter { Gate.mayReview($0.room, context.member, of: community) }
        }
    }

    private static func write(
        _ member: Member, _ standing: Standing?, at now: UnixMilliseconds, to json: inout JSONWriter
    ) {
        json.field("id", member.id.rawValue)
        json.field("name", member.name)
        json.field("role", member.role.rawValue)
        guard let standing else { return }
        json.field("trust", standing.trust(member, at: now))
        json.field("strikes", standing.strikeWeight(at: now))
        json.field("posts", standing.posts)
        json.field("since", member.createdAt)
    }

    private static func write(_ record: ReportRecord, to json: inout JSONWriter) {
        json.field("decided", record.decided)
        json.field("confirmed", record.confirmed)
        json.field("accuracy", record.accuracy)
    }
}

/// `member.note`: a remark for other moderators.
struct AddMemberNote: Command, WriteCommand {
    static let fields: [Field] = [.required("member", .number), .required("text", .string(1...2000))]
    static let answer: [Field] = []

    var room: RoomID? { nil }
    private let member: MemberID
    private let text: String

    init(_ fields: CommandFields) throws(JSONError) {
        member = MemberID(try fields.integer("member"))
        text = try fields.string("text")
    }

    func perform(in context: WriteContext) throws -> [UInt8] {
        let moderator = try context.requireActor()
        guard context.community.members[member] != nil else { throw Refusal.notFound }
        try context.transaction.add(MemberNote(member: member, by: moderator.id, at: context.now, text: text))
        try context.audit("member.note", member: member)
        return emptyObject
    }
}
