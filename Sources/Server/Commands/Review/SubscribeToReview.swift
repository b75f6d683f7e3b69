import Community
import LyceumProtocol

/// `review.subscribe`: the open queue, then the review stream on this connection.
struct SubscribeToReview: Command, LiveCommand {
    static let fields: [Field] = [.optional("after", .position), .optional("epoch", .string(1...100))]
    static let answer: [Field] = [
        .required("epoch", .string(1...100)), .required("seq", .position),
        .required("items", .array(.object(ReviewItemText.fields), atMost: 200)), .optional("next", .number),
        .optional("replay", .position), .optional("reset", .boolean),
    ]
    /// Open items in the answer; the rest is listed by `review.list`.
    private static let pageSize = 200
    /// Events that are replayed at most; behind by more, the open queue is the answer.
    private static let replayLimit = 2000

    var room: RoomID? { nil }
    private let after: SequenceNumber?
    private let epoch: String?

    init(_ fields: CommandFields) throws(JSONError) {
        after = fields.optionalInteger("after")
        epoch = fields.optionalString("epoch")
    }

    func run(in call: LiveCall) throws(Refusal) -> [UInt8]? {
        guard let client = call.client, let member = call.actor.member else {
            throw Refusal(.malformed, "A subscription needs a socket.")
        }
        let (server, address) = (call.server, call.address)
        try call.hub.followReview(client)
        try server.readPool.submit { [self] in
            let opening = prepare(for: member, server)
            server.onHub(address.loop) { $0.complete(opening, address) }
        }
        return nil
    }

    private func prepare(for member: MemberID, _ server: ServerState) -> Result<ReviewOpening, Refusal> {
        do {
            return .success(
                try server.store.read { reader in
                    let context = ReadContext(server: server, member: member, reader: reader, now: server.now())
                    let (epoch, head) = context.community { ($0.epoch, $0.reviewSeq) }
                    let items = try context.reviewItems(openQueue)
                    let replay = try after.flatMap { try events(after: $0, head, epoch, reader) }
                    return ReviewOpening(
                        reply: answer(items, replay, epoch, head, context), replay: replay ?? [], head: head)
                })
        } catch let error as StoreError {
            return .failure(server.refusal(for: error))
        } catch {
            return .failure(Refusal(error))
        }
    }

    private var openQueue: ReviewQuery {
        var query = ReviewQuery(state: .open)
        query.order = .urgency
        query.limit = Self.pageSize + 1
        return query
    }

    /// All events between, or `nil` for a reset: never a part.
    private func events(
        after seq: SequenceNumber, _ head: SequenceNumber, _ epoch: String, _ reader: any CommunityReader
    ) throws -> [ReviewEvent]? {
        guard self.epoch.map({ $0 == epoch }) ?? true, seq <= head, head - seq <= Self.replayLimit else { return nil }
        return try reader.reviewEvents(after: seq, limit: Int(head - seq))
    }

    private func answer(
        _ items: [ReviewItem], _ replay: [ReviewEvent]?, _ epoch: String, _ head: SequenceNumber, _ context: ReadContext
    ) -> [UInt8] {
        object { json in
            json.field("epoch", epoch)
            json.field("seq", head)
            context.write(items.prefix(Self.pageSize), to: &json)
            if items.count > Self.pageSize { json.field("next", items[Self.pageSize - 1].id) }
            if let replay { json.field("replay", replay.count) } else if after != nil { json.field("reset", true) }
        }
    }
}

extension ReadContext {
    /// The items of a query among those that the asking moderator may review.
    func reviewItems(_ query: ReviewQuery) throws -> [ReviewItem] {
        try reader.reviewItems(narrowed(query))
    }

    /// How many open items the asking moderator may review, and since when the oldest of them waits.
    func openReviewItems() throws -> (count: Int, oldest: UnixMilliseconds?) {
        var query = narrowed(ReviewQuery())
        query.state = .open
        query.limit = 1
        let count = try reader.countOpenReviewItems(in: query.rooms, withoutRoom: query.withoutRoom)
        return (count, try reader.reviewItems(query).first?.createdAt)
    }

    private func narrowed(_ query: ReviewQuery) -> ReviewQuery {
        var query = query
        community { community in
            // Admins review everything; for everybody else the rooms are named.
            guard let asker = community.members[member], asker.role.rank < Role.admin.rank else { return }
            let mine = community.rooms.keys.filter { Gate.mayReview($0, member, of: community) }.sorted()
            query.rooms = query.rooms.map { wanted in wanted.filter(mine.contains) } ?? mine
            query.withoutRoom = query.withoutRoom && Gate.mayReview(nil, member, of: community)
        }
        return query
    }

    /// Writes the field `items`.
    func write(_ items: some Sequence<ReviewItem>, to json: inout JSONWriter) {
        community { community in
            json.field("items", array: Array(items)) { json, item in
                json.object { ReviewItemText.write(item, for: member, of: community, at: now, to: &$0) }
            }
        }
    }
}
