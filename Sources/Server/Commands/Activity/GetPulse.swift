import Community
import LyceumProtocol

/// `community.pulse`: messages and who wrote them by the hour of the last day and the day of the last month, the busiest
/// rooms, the review queue's length and age, and how long commits and verdicts take. For moderators; of messages, from
/// the rooms they may see, direct ones left out.
struct GetPulse: Command, ReadCommand {
    static let fields: [Field] = [.optional("utc_offset_min", .integer(-1440...1440))]
    private static let span = "at, messages, members"
    static let answer: [Field] = [
        .required("hours", .array(.object(span), atMost: hours)),
        .required("days", .array(.object(span), atMost: days)),
        .required("rooms", .array(.object("room, messages of the last 24 hours, members who wrote them"), atMost: 20)),
        .required("queue", .object("open, oldest_at")),
        .required("latency", .object("commit_p50_ms, commit_p99_ms, verdict_p50_ms, verdict_p99_ms, since the start")),
    ]
    /// In milliseconds.
    private static let hour: UnixMilliseconds = 3_600_000
    private static let hours = 24
    private static let days = 30
    private static let mostRooms = 20
    /// Events of a room that are counted: what a room wrote before these in a month is left out.
    private static let mostEvents = 100_000

    var room: RoomID? { nil }
    /// Of the clock whose hours and days are meant, in milliseconds.
    private let offset: Int64

    init(_ fields: CommandFields) throws(JSONError) {
        offset = (fields.optionalInteger("utc_offset_min") ?? 0) * 60_000
    }

    func answer(in context: ReadContext) throws -> [UInt8] {
        let rooms = context.community { community in
            community.rooms.values.filter { $0.kind != .direct && Gate.canSee($0.id, context.member, of: community) }
                .map(\.id)
        }
        let lastHour = (context.now + offset) / Self.hour
        let start = (lastHour / 24 - Int64(Self.days) + 1) * 24 * Self.hour - offset
        var traffic = Traffic(lastHour: lastHour)
        for room in rooms {
            let counts = try context.reader.postCounts(
                in: room, since: start, offset: offset, atMost: Self.mostEvents)
            traffic.add(counts, of: room)
        }
        let queue = try context.openReviewItems()
        return object { json in
            write(traffic.hours, count: Self.hours, upTo: lastHour, Self.hour, "hours", to: &json)
            write(traffic.days, count: Self.days, upTo: lastHour / 24, 24 * Self.hour, "days", to: &json)
            json.field("rooms", array: traffic.busiest(Self.mostRooms)) { json, entry in
                json.object { json in
                    json.field("room", entry.room.rawValue)
                    json.field("messages", entry.sum.messages)
                    json.field("members", entry.sum.authors.count)
                }
            }
            json.field(
                "queue",
                object: { json in
                    json.field("open", queue.count)
                    json.field("oldest_at", queue.oldest)
                })
            json.field("latency", object: { writeLatency(of: context.server, to: &$0) })
        }
    }

    private func write(
        _ sums: [Int64: Traffic.Sum], count: Int, upTo last: Int64, _ length: Int64, _ name: StaticString,
        to json: inout JSONWriter
    ) {
        json.field(name, array: (last - Int64(count) + 1)...last) { json, index in
            json.object { json in
                json.field("at", index * length - offset)
                json.field("messages", sums[index]?.messages ?? 0)
                json.field("members", sums[index]?.authors.count ?? 0)
            }
        }
    }

    private func writeLatency(of server: ServerState, to json: inout JSONWriter) {
        let (commit, verdict) = (server.metrics.commitTime, server.stage.time)
        json.field("commit_p50_ms", commit.quantile(0.5).map { $0 * 1000 })
        json.field("commit_p99_ms", commit.quantile(0.99).map { $0 * 1000 })
        json.field("verdict_p50_ms", verdict.quantile(0.5).map { $0 * 1000 })
        json.field("verdict_p99_ms", verdict.quantile(0.99).map { $0 * 1000 })
    }
}

/// Counts of single rooms, added up.
private struct Traffic {
    struct Sum {
        var messages = 0
        var authors: Set<MemberID> = []

        mutating func add(_ count: PostCount) {
            messages += count.count
            authors.insert(count.author)
        }
    }

    /// Since 1 January 1970, in the asker's clock.
    let lastHour: Int64
    private(set) var hours: [Int64: Sum] = [:]
    private(set) var days: [Int64: Sum] = [:]
    private var rooms: [RoomID: Sum] = [:]

    init(lastHour: Int64) { self.lastHour = lastHour }

    mutating func add(_ counts: [PostCount], of room: RoomID) {
        for count in counts {
            days[count.hour / 24, default: Sum()].add(count)
            guard count.hour > lastHour - 24 else { continue }
            hours[count.hour, default: Sum()].add(count)
            rooms[room, default: Sum()].add(count)
        }
    }

    func busiest(_ most: Int) -> [(room: RoomID, sum: Sum)] {
        rooms.map { (room: $0.key, sum: $0.value) }
            .sorted { ($1.sum.messages, $0.room) < ($0.sum.messages, $1.room) }.prefix(most).map { $0 }
    }
}
