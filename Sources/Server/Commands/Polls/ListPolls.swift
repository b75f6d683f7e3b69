import Community
import LyceumProtocol

/// `poll.list`: all open polls of a room and the newest closed ones, or with `before` closed ones further back.
struct ListPolls: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .optional("before", .number), .optional("limit", .integer(1...50)),
    ]
    static let answer: [Field] = [
        .required("polls", .array(.object(PollText.fields), atMost: 100)), .optional("next", .number),
    ]

    let room: RoomID?
    private let before: SequenceNumber?
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        before = fields.optionalInteger("before")
        limit = Int(fields.optionalInteger("limit") ?? 20)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room else { throw Refusal.notFound }
        let reader = context.reader
        let open =
            before == nil ? try reader.polls(in: room, isOpen: true, before: .max, limit: Poll.openLimit) : []
        // One more than asked tells whether there is a next page.
        let closed = try reader.polls(in: room, isOpen: false, before: before ?? .max, limit: limit + 1)
        let shown = try (open + closed.prefix(limit)).map { poll in
            (poll, try PollResults(of: poll, reader), try reader.ballot(of: context.member, on: poll))
        }
        return object { json in
            json.field("polls", array: shown) { json, entry in PollText.write(entry.0, entry.1, entry.2, to: &json) }
            if closed.count > limit { json.field("next", closed[limit - 1].seq) }
        }
    }
}

/// `poll.get`: one poll as it stands.
struct GetPoll: Command, ReadCommand {
    static let fields: [Field] = [.required("room", .number), .required("poll", .number)]
    static let answer: [Field] = [.required("poll", .object(PollText.fields))]

    let room: RoomID?
    private let poll: SequenceNumber

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        poll = try fields.integer("poll")
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room, let poll = try context.reader.poll(poll, in: room) else { throw Refusal.notFound }
        let results = try PollResults(of: poll, context.reader)
        let own = try context.reader.ballot(of: context.member, on: poll)
        return object { json in
            json.name("poll")
            PollText.write(poll, results, own, to: &json)
        }
    }
}

/// `poll.voters`: who voted what, where the poll is not anonymous and its results may be seen.
struct ListVoters: Command, ReadCommand {
    static let fields: [Field] = [
        .required("room", .number), .required("poll", .number), .optional("after", .position),
        .optional("limit", .integer(1...200)),
    ]
    static let answer: [Field] = [
        .required("voters", .array(.object("member, mine, text"), atMost: 200)), .optional("next", .number),
    ]

    let room: RoomID?
    private let poll: SequenceNumber
    private let after: MemberID
    private let limit: Int

    init(_ fields: CommandFields) throws(JSONError) {
        room = try fields.room()
        poll = try fields.integer("poll")
        after = MemberID(fields.optionalInteger("after") ?? 0)
        limit = Int(fields.optionalInteger("limit") ?? 100)
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        guard let room, let poll = try context.reader.poll(poll, in: room) else { throw Refusal.notFound }
        guard !poll.isAnonymous else { throw Refusal(.forbidden, "This poll is anonymous.") }
        guard poll.showsResults else { throw Refusal(.forbidden, "The results are hidden until the poll closes.") }
        let ballots = try context.reader.ballots(on: poll, after: after, limit: limit + 1)
        return object { json in
            json.field("voters", array: ballots.prefix(limit)) { json, ballot in
                json.object { json in
                    json.field("member", ballot.member.rawValue)
                    PollText.writeOwn(ballot, to: &json)
                }
            }
            if ballots.count > limit { json.field("next", ballots[limit - 1].member.rawValue) }
        }
    }
}
