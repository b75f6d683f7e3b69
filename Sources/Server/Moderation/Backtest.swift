import Community
import LyceumProtocol
import Moderation

/// What rules would have done to stored history, without touching anything live: its own rule state, its own scratch,
/// and reads in slices, each a snapshot of its own, so that neither the writer nor the log of the store waits for it.
public struct Backtest {
    static let answer: [Field] = [
        .required("version", .string(1...100)), .required("messages", .position), .required("decided", .position),
        .required("actions", .object("how many messages would have been allowed, redacted, held, blocked")),
        .required(
            "rules",
            .array(
                .object("id enforced hits new confirmed overturned precision samples[{room seq text}]"),
                atMost: 100_000)),
    ]
    private static let slice = (events: 500, bytes: 1 << 20)
    private static let mostSamples = 5

    private struct Tally {
        var hits = 0
        /// Hits that nobody has ever decided about.
        var new = 0
        var confirmed = 0
        var overturned = 0
        var samples: [(room: RoomID?, seq: SequenceNumber?, text: String)] = []
    }

    private let rules: RulesInForce
    private let community: Community
    private let since: UnixMilliseconds
    private var state = RuleState()
    private var text = NormalisedText()
    private var tallies: [String: Tally] = [:]
    private var actions: [VerdictAction: Int] = [:]
    private(set) var messages = 0
    private var decided = 0
    private var progress = Progress()

    /// How much of the stored events has been gone through.
    private struct Progress {
        var done = 0
        var total = 0
        var told = -1
        var tell: (_ done: Int, _ total: Int) -> Void = { _, _ in }

        /// Tells each whole percent once, so that a long history costs its listener no more than a short one.
        mutating func advance(by events: Int) {
            done += events
            let percent = total > 0 ? 100 * min(done, total) / total : 100
            guard percent > told else { return }
            told = percent
            tell(min(done, total), total)
        }
    }

    /// - Parameter progress: Told at most 101 times how many events of how many have been looked at.
    init(
        rules: RulesInForce, community: Community, since: UnixMilliseconds,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.rules = rules
        self.community = community
        self.since = since
        self.progress.tell = progress
    }

    /// - Parameter read: Runs its argument on a fresh snapshot of the store.
    mutating func run(
        over rooms: [RoomID], _ read: ((any CommunityReader) throws -> Void) throws -> Void
    ) throws {
        progress.total = rooms.reduce(0) { $0 + Int(community.rooms[$1]?.seq ?? 0) }
        progress.advance(by: 0)
        for room in rooms {
            var (next, isDone) = (SequenceNumber(0), false)
            while !isDone {
                try read { reader in
                    let events = try reader.events(
                        in: room, after: next, limit: Self.slice.events, maximumBytes: Self.slice.bytes)
                    for event in events where event.kind == .messagePosted && event.at >= since {
                        try judge(event, reader)
                    }
                    progress.advance(by: Int((events.last?.seq ?? next) - next))
                    next = events.last?.seq ?? next
                    isDone = events.isEmpty
                }
            }
        }
        try judgeWithheld(in: rooms, read)
    }

    private mutating func judge(_ event: RoomEvent, _ reader: any CommunityReader) throws {
        let body = try MessageBody(event)
        // What was removed stands in the decision's item, and is judged with those.
        guard !body.isDeleted else { return }
        let item = try reader.reviewItem(about: event.seq, in: event.room)
        messages += 1
        try judge(
            item?.text ?? body.text, by: event.author, in: event.room, seq: event.seq, at: event.at,
            decision: item?.state == .decided ? item?.decision : nil)
    }

    /// Held and removed texts that were decided are no messages, and are what says most.
    private mutating func judgeWithheld(
        in rooms: [RoomID], _ read: ((any CommunityReader) throws -> Void) throws -> Void
    ) throws {
        var after: ReviewItemID?
        var isDone = false
        while !isDone {
            try read { reader in
                var query = ReviewQuery(state: .decided)
                query.rooms = rooms
                query.withoutRoom = false
                query.after = after
                query.limit = 200
                let items = try reader.reviewItems(query)
                for item in items where item.createdAt >= since && Self.isWithheld(item) {
                    try judge(
                        item.text, by: item.member, in: item.room, seq: nil, at: item.createdAt, decision: item.decision
                    )
                }
                after = items.last?.id
                isDone = items.isEmpty
            }
        }
    }

    private static func isWithheld(_ item: ReviewItem) -> Bool {
        switch (item.kind, item.decision?.action) {
        case (.held, .reject), (.held, .remove), (.report, .reject), (.report, .remove), (.flag, .reject),
            (.flag, .remove), (.check, .remove), (.sample, .remove), (.check, .reject), (.sample, .reject):
            item.parent == nil
        default: false
        }
    }

    private mutating func judge(
        _ text: String, by author: MemberID, in room: RoomID?, seq: SequenceNumber?, at: UnixMilliseconds,
        decision: ReviewItem.Decision?
    ) throws {
        var context = RuleContext(
            member: author, room: room ?? RoomID(0), roomName: room.flatMap { community.rooms[$0]?.name } ?? "", now: at
        )
        if let member = community.members[author] {
            context.roles = [member.role.rawValue]
            context.accountAge = .milliseconds(max(0, at - member.createdAt))
            context.trust = community.standing(of: author).trust(member, at: at)
            context.posts = Int(community.standing(of: author).posts)
        }
        rules.normaliser.normalise(text, into: &self.text, dense: rules.set.denseViews)
        let outcome = rules.set.evaluate(self.text, context, &state)
        let judgement = decision.flatMap { $0.by.rawValue == 0 ? nil : $0.action != .approve }
        if judgement != nil { decided += 1 }
        actions[outcome.action, default: 0] += 1
        for match in outcome.matches {
            var tally = tallies.removeValue(forKey: match.rule) ?? Tally()
            tally.hits += 1
            switch judgement {
            case true?: tally.confirmed += 1
            case false?: tally.overturned += 1
            case nil:
                tally.new += 1
                if tally.samples.count < Self.mostSamples {
                    tally.samples.append((room, seq, String(text.prefix(200))))
                }
            }
            tallies[match.rule] = tally
        }
    }

    func write(to json: inout JSONWriter) {
        json.field("version", rules.set.version)
        json.field("messages", messages)
        json.field("decided", decided)
        json.field(
            "actions",
            object: { json in
                for action in VerdictAction.allCases {
                    json.name(dynamic: action.rawValue)
                    json.value(actions[action] ?? 0)
                }
            })
        json.field("rules", array: rules.set.rules) { json, rule in
            json.object { json in
                json.field("id", rule.id)
                json.field("enforced", rule.isEnforced)
                Self.write(tallies[rule.id] ?? Tally(), to: &json)
            }
        }
    }

    private static func write(_ tally: Tally, to json: inout JSONWriter) {
        json.field("hits", tally.hits)
        json.field("new", tally.new)
        json.field("confirmed", tally.confirmed)
        json.field("overturned", tally.overturned)
        if tally.confirmed + tally.overturned > 0 {
            json.field("precision", Double(tally.confirmed) / Double(tally.confirmed + tally.overturned))
        }
        json.field("samples", array: tally.samples) { json, sample in
            json.object { json in
                json.field("room", sample.room?.rawValue)
                json.field("seq", sample.seq)
                json.field("text", sample.text)
            }
        }
    }
}
